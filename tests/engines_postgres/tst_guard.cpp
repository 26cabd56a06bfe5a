#include "plugins/engines/postgres/wire.h"
#include "tests/engines_postgres/guardobjects.h"
#include "tests/engines_postgres/guardstatements.h"
#include "tests/engines_postgres/postgresfixture.h"

using namespace tocsin;
using namespace tocsin::postgres;

// Every attack would do something on a real server. None may: not as a plain role, and not
// as a superuser, whom a read-only transaction alone does not stop. What the server looked like
// before and after is compared, so a hole is found even where the answer looks like a refusal.
class TestGuard : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void refuses_data();
    void refuses();
    void refusesInSeparateProof();
    void allows_data();
    void allows();
    void refusesWhatItReadsOtherwise();
    void looksIntoEveryDomain();
    void measuresOnlyUnlocked();
    void readsStringsLikeTheGrammar();
    void unlockChangesOnce();
    void unlockEndsItsTime();
    void unlockKeepsOutWhatEndsTheTransaction();
    void unlockLeavesNothingBehind();

private:
    QString fingerprint() const;
    QueryEngine& engine(const QString& role);

    SystemClock m_clock;
    support::PostgresServer m_server{
        {.settings = {QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}}};
    std::unique_ptr<PostgresEngine> m_super;
    std::unique_ptr<PostgresEngine> m_plain;  ///< pg_monitor and pg_read_all_data
    std::unique_ptr<PostgresEngine> m_bare;   ///< no group at all
};

void TestGuard::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    for (const char* script : kGuardObjects)
        QCOMPARE(m_server.sql(QString::fromUtf8(script)), QString());
    m_super = engineFor(m_server.superuserUrl(), m_clock);
    m_plain =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    m_bare =
        engineFor(m_server.url(QStringLiteral("plain")), m_clock, QStringLiteral("plain-secret"));
    for (QueryEngine* each : {m_super.get(), m_plain.get(), m_bare.get()}) {
        const auto opened = awaited(each->open());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message + opened.error().detail));
    }
}

/// Everything an attack could leave behind.
QString TestGuard::fingerprint() const {
    return m_server.sql(QStringLiteral(R"(SELECT concat_ws('|',
        (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
        (SELECT string_agg(t::text, ',' ORDER BY id) FROM t), (SELECT count(*) FROM log),
        (SELECT last_value || is_called::text FROM s),
        (SELECT count(*) FROM pg_largeobject_metadata),
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
        (SELECT count(*) FROM pg_roles), (SELECT count(*) FROM pg_replication_slots),
        (SELECT count(*) FROM pg_settings WHERE sourcefile LIKE '%auto.conf'),
        (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tocsin'),
        (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tocsin' AND state <> 'idle'),
        pg_conf_load_time(), (SELECT stats_reset FROM pg_stat_database WHERE datname = 'app'),
        (SELECT count(*) FROM pg_prepared_statements), pg_walfile_name(pg_current_wal_insert_lsn())
        ))"));
}

QueryEngine& TestGuard::engine(const QString& role) {
    if (role == u"superuser") return *m_super;
    return role == u"oncall" ? *m_plain : *m_bare;
}

void TestGuard::refuses_data() {
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("sql");
    for (const char* role : {"superuser", "oncall", "plain"})
        for (const char* attack : kAttacks)
            QTest::addRow("%s: %s", role, attack)
                << QString::fromLatin1(role) << QString::fromUtf8(attack);
}

void TestGuard::refuses() {
    QFETCH(QString, role);
    QFETCH(QString, sql);
    const QString before = fingerprint();
    const auto result = ran(engine(role), sql);
    QVERIFY2(!result, "it was run");
    QVERIFY(!result.error().message.isEmpty());
    QCOMPARE(fingerprint(), before);
    const Verdict verdict = awaited(engine(role).judge(sql));
    QVERIFY(verdict.effect != Effect::ReadOnly);
    const auto after = ran(engine(role), QStringLiteral("SELECT 1"));
    QVERIFY2(after, after ? "" : qPrintable(after.error().message + after.error().detail));
}

/// Each layer alone stops the ones it exists for: here the server's, with the text's own verdict
/// taken away.
void TestGuard::refusesInSeparateProof() {
    Interrupt interrupt;
    Wire wire(interrupt);
    const auto target = targetFrom(settingsFor(m_server.superuserUrl()));
    QVERIFY(target);
    wire.begin(1, Moment::max());
    QVERIFY(wire.connect({*target}, Moment::max()));
    const char* const attacks[] = {"WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                                   "SELECT 1; DELETE FROM t", "DELETE FROM t", "COMMIT",
                                   "SELECT * INTO x FROM t"};
    for (const char* attack : attacks) {
        QVERIFY(wire.tell("BEGIN READ ONLY"));
        const auto declared = wire.ask(QByteArray("DECLARE p CURSOR FOR ") + attack);
        QVERIFY(declared);
        QVERIFY2(PQresultStatus(declared->get()) == PGRES_FATAL_ERROR, attack);
        QVERIFY(wire.tell("ROLLBACK"));
    }
}

void TestGuard::allows_data() {
    QTest::addColumn<QString>("sql");
    for (const char* question : kQuestions)
        QTest::newRow(question) << QString::fromUtf8(question);
}

void TestGuard::allows() {
    QFETCH(QString, sql);
    const QString needsName = QStringLiteral("now()");
    // `now(int)` exists here in public: the unqualified name is not trusted any more.
    if (sql.contains(needsName) && !sql.contains(QStringLiteral("pg_catalog.now()")))
        sql.replace(needsName, QStringLiteral("pg_catalog.now()"));
    for (QueryEngine* each : {m_super.get(), m_plain.get()}) {
        const auto result = ran(*each, sql);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message + result.error().detail));
        QVERIFY(result->receipt.verdict.effect == Effect::ReadOnly);
        QVERIFY(!result->receipt.guards.isEmpty());
    }
}

/// The grammar cuts names after 63 bytes of UTF-8, a server in LATIN1 after 63 of its own: what is
/// looked up is not what would run.
void TestGuard::refusesWhatItReadsOtherwise() {
    const QString name(40, QChar(0x00f6));
    QCOMPARE(m_server.sql(QStringLiteral("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE "
                                         "template0 LC_COLLATE 'C' LC_CTYPE 'C'")),
             QString());
    QString url = m_server.superuserUrl();
    const auto latin =
        engineFor(url.replace(QStringLiteral("/app"), QStringLiteral("/latin")), m_clock);
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto made = ran(*latin,
                          QStringLiteral("CREATE FUNCTION %1() RETURNS int LANGUAGE plpgsql AS "
                                         "$$BEGIN PERFORM pg_advisory_lock(12); RETURN 1; END$$")
                              .arg(name),
                          unlock);
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    // Under the name that the grammar makes of it there is something harmless.
    const auto decoy = ran(*latin,
                           QStringLiteral("CREATE FUNCTION %1() RETURNS int LANGUAGE sql IMMUTABLE "
                                          "AS 'SELECT 1'")
                               .arg(name.first(31)),
                           unlock);
    QVERIFY2(decoy, decoy ? "" : qPrintable(decoy.error().message));
    for (const char* sql : {"SELECT 1 LIMIT %1()", "SELECT %1()", "VALUES (%1()), (2)"}) {
        const auto result = ran(*latin, QString::fromLatin1(sql).arg(name));
        QVERIFY2(!result, sql);
        QVERIFY2(result.error().code == ErrorCode::Refused, qPrintable(result.error().message));
    }
    // Nor what the grammar cuts down to a CTE's name, or leaves in capitals.
    for (const QString& sql :
         {QStringLiteral("WITH %1 AS (SELECT 2) SELECT * FROM %2").arg(name.first(31), name),
          QStringLiteral("SELECT 1 LIMIT AÖ()"), QStringLiteral("SELECT * FROM VÖ"),
          QStringLiteral("SELECT 1 AS %1").arg(name)}) {
        const auto result = ran(*latin, sql);
        QVERIFY2(!result, qPrintable(sql));
        QVERIFY2(result.error().message.contains(QStringLiteral("is not in UTF-8")),
                 qPrintable(result.error().message));
    }
    QVERIFY(ran(*latin, QStringLiteral("SELECT upper('a'), 'ÖÖ' AS ö WHERE 'Ö' <> 'ö'")));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = "
                                         "'advisory'")),
             QStringLiteral("0"));
}

/// Of a database in which nothing else acts openly, so that nothing else makes it look.
void TestGuard::looksIntoEveryDomain() {
    QCOMPARE(m_server.sql(QStringLiteral("CREATE DATABASE quiet")), QString());
    QString url = m_server.superuserUrl();
    const auto quiet =
        engineFor(url.replace(QStringLiteral("/app"), QStringLiteral("/quiet")), m_clock);
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    for (const char* made :
         {"CREATE VIEW sneaky AS SELECT pg_try_advisory_lock(31)",
          "CREATE DOMAIN of_xml AS int CHECK (table_to_xml('sneaky'::regclass, true, true, '') IS "
          "NOT NULL OR VALUE > 0)",
          "CREATE FUNCTION by_default(a int, b bool DEFAULT pg_try_advisory_lock(32)) RETURNS bool "
          "LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END'",
          "CREATE DOMAIN of_default AS int CHECK (by_default(VALUE))",
          "CREATE FUNCTION fine(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN "
          "true; END'",
          "CREATE FUNCTION acts(int, int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM "
          "pg_advisory_lock(33); RETURN true; END$$",
          "CREATE OPERATOR @! (LEFTARG = int, RIGHTARG = int, FUNCTION = acts)",
          "CREATE OPERATOR @!! (LEFTARG = int, RIGHTARG = int, FUNCTION = fine, NEGATOR = @!)",
          "CREATE DOMAIN negated AS int CHECK (NOT (VALUE @!! 2))",
          "CREATE DOMAIN harmless AS int CHECK (VALUE > 0)"}) {
        const auto done = ran(*quiet, QString::fromLatin1(made), unlock);
        QVERIFY2(done, done ? "" : qPrintable(QString::fromLatin1(made) + done.error().message));
    }
    for (const char* sql : {"SELECT 1::of_xml", "SELECT 1::of_default", "SELECT 1::negated",
                            "EXPLAIN SELECT 1::negated"})
        QVERIFY2(!ran(*quiet, QString::fromLatin1(sql)), sql);
    QVERIFY(ran(*quiet, QStringLiteral("SELECT 1::harmless")));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = "
                                         "'advisory'")),
             QStringLiteral("0"));
}

void TestGuard::measuresOnlyUnlocked() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    for (const char* text : {"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM t",
                             "EXPLAIN ANALYZE VERBOSE SELECT count(*) FROM t"}) {
        const QString sql = QString::fromLatin1(text);
        const auto refused = ran(*m_plain, sql);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(refused.error().detail, QStringLiteral("explain-measures"));
        QVERIFY2(refused.error().message.contains(QStringLiteral("Unlock the connection")),
                 qPrintable(refused.error().message));
        QVERIFY(awaited(m_plain->judge(sql)).effect == Effect::Unproven);
        const auto measured = ran(*m_plain, sql, unlock);
        QVERIFY2(measured, measured ? "" : qPrintable(measured.error().message));
        // The unlock lets it run; it is proved and runs read-only all the same.
        QVERIFY(measured->receipt.verdict.effect == Effect::ReadOnly);
        QVERIFY(measured->receipt.guards.contains(
            QStringLiteral("verified: transaction_read_only on")));
        QCOMPARE(measured->receipt.unlockReason, QStringLiteral("test"));
    }
}

/// With standard_conforming_strings off the server would end a text elsewhere than the grammar.
void TestGuard::readsStringsLikeTheGrammar() {
    const QString url =
        m_server.superuserUrl() + QStringLiteral("?options=-c%20standard_conforming_strings%3Doff");
    const auto odd = engineFor(url, m_clock);
    QVERIFY(odd);
    const QString sql = QStringLiteral(R"(SELECT 'a\', 'nextval(''s'')')");
    const auto result = ran(*odd, sql);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(cellText(*result->rows, 0, 0), QStringLiteral("a\\"));
}

void TestGuard::unlockChangesOnce() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto result =
        ran(*m_plain, QStringLiteral("UPDATE t SET name = 'uno' WHERE id = 1"), unlock);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QVERIFY2(result->notices.contains(QStringLiteral("UPDATE 1")),
             qPrintable(result->notices.join(u'/')));
    QCOMPARE(result->receipt.unlockReason, QStringLiteral("test"));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT name FROM t WHERE id = 1")),
             QStringLiteral("uno"));
    QVERIFY(!ran(*m_plain, QStringLiteral("UPDATE t SET name = 'due' WHERE id = 1")));
    m_server.sql(QStringLiteral("UPDATE t SET name = 'one' WHERE id = 1"));
}

void TestGuard::unlockEndsItsTime() {
    const Unlock over{QStringLiteral("test"), m_clock.now().addSecs(-1)};
    const auto result = ran(*m_plain, QStringLiteral("DELETE FROM t"), over);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Refused);
}

void TestGuard::unlockKeepsOutWhatEndsTheTransaction() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    for (const char* sql : {"COMMIT", "DELETE FROM log; DELETE FROM t", "SET ROLE postgres",
                            "BEGIN", "", "COPY t TO STDOUT", "COPY t FROM STDIN"}) {
        const QString before = fingerprint();
        QVERIFY2(!ran(*m_super, QString::fromLatin1(sql), unlock), sql);
        QVERIFY(ran(*m_super, QStringLiteral("SELECT 1")));
        QCOMPARE(fingerprint(), before);
    }
}

void TestGuard::unlockLeavesNothingBehind() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    QVERIFY(ran(*m_super,
                QStringLiteral("SELECT set_config('default_transaction_read_only', 'off', false), "
                               "pg_advisory_lock(99)"),
                unlock));
    const auto setting = ran(*m_super, QStringLiteral("SHOW default_transaction_read_only"));
    QVERIFY(setting);
    QCOMPARE(cellText(*setting->rows, 0, 0), QStringLiteral("on"));
    QCOMPARE(
        m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")),
        QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
