#include <QtTest>

#include "inspection/target.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// Which server a runbook's block means.
class TestTarget : public QObject {
    Q_OBJECT
private slots:
    void finds_data();
    void finds();
    void names_data();
    void names();
};

void TestTarget::finds_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* kind, const char* target,
                        const char* expected) {
        QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(target)
                            << QString::fromLatin1(expected);
    };
    row("nothing named", "postgres", "", "primary");
    row("the usual variable", "postgres", "$DATABASE_URL", "primary");
    row("in braces", "postgres", "${DATABASE_URL:-x}", "primary");
    row("the other kind's", "redis", "$REDIS_URL", "cache");
    row("a variable that names one", "postgres", "$REPORTS_DATABASE_URL", "reports");
    row("a variable that names none", "postgres", "$STAGING_DATABASE_URL", "");
    row("a variable that names one of the other kind", "redis", "$PRIMARY_URL", "");
    row("by name", "postgres", "reports", "reports");
    row("another spelling", "redis", "$QUEUE_EU_URL", "queue-eu");
    row("an unknown name", "postgres", "staging", "");
    row("by address", "postgres", "postgresql://oncall:pw@reports.db:5433/app", "reports");
    row("by host, port left out", "postgres", "db", "primary");
    row("another host", "postgres", "postgresql://staging.db/app", "");
    row("another port", "postgres", "db:5433", "");
    row("another database", "postgres", "db/other", "");
    row("a database alone", "postgres", "app", "primary");
    row("whose login differs", "postgres", "postgres@db/app", "primary");
    row("only a login", "postgres", "postgres@", "primary");
    row("keywords", "postgres", "host=reports.db port=5433 dbname=app", "reports");
    row("other keywords", "postgres", "host=db dbname=app", "primary");
    row("a longer port", "redis", "redis://cache.local:63790", "");
    row("redis by address", "redis", "redis://queue.local:6379/0", "queue-eu");
    row("redis, another database", "redis", "redis://queue.local/3", "");
    row("places out of variables", "postgres", "$PGUSER@$PGHOST:5432/$PGDATABASE", "primary");
}

void TestTarget::finds() {
    QFETCH(QString, kind);
    QFETCH(QString, target);
    QFETCH(QString, expected);
    const auto made = [](const char* name, const char* of, const char* place) {
        ConnectionInfo info;
        info.name = QString::fromLatin1(name);
        info.kind = QString::fromLatin1(of);
        info.place = QString::fromLatin1(place);
        return info;
    };
    const QVector<ConnectionInfo> all{
        made("primary", "postgres", "oncall@db:5432/app"),
        made("reports", "postgres", "oncall@reports.db:5433/app through bastion"),
        made("cache", "redis", "cache.local:6379"),
        made("queue-eu", "redis", "queue.local:6379/0"),
    };
    const qsizetype at = indexOfTarget(all, kind, target);
    QCOMPARE(at < 0 ? QString() : all[at].name, expected);
}

void TestTarget::names_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("expected");
    QTest::newRow("variable") << "$STAGING_REDIS_URL"
                              << "staging";
    QTest::newRow("usual") << "$REDIS_URL"
                           << "";
    QTest::newRow("word") << "staging"
                          << "staging";
    QTest::newRow("address") << "redis://:hunter2@staging:6379/0"
                             << "redis://staging:6379/0";
}

void TestTarget::names() {
    QFETCH(QString, target);
    QTEST(targetName(target), "expected");
}

QTEST_GUILESS_MAIN(TestTarget)
#include "tst_target.moc"
