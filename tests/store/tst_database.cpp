#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QSqlError>
#include <QTemporaryDir>
#include <QTest>

#include "sdk/clock.h"
#include "store/changewatch.h"
#include "store/database.h"
#include "store/schema.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::store;
using namespace Qt::StringLiterals;
using tocsin::test::await;

namespace {

Result<void> addEvent(Transaction& tx, const QString& text) {
    auto done = tx.run(
        u"INSERT INTO incident_events(incident, at, actor, kind, text, detail) "
        "VALUES ('INC-1', 1, 'me', 'note', ?, '{}')"_s,
        {text});
    if (!done) return tl::unexpected<Error>(done.error());
    return {};
}

Result<int> countEvents(Transaction& tx) {
    auto query = tx.run(u"SELECT count(*) FROM incident_events"_s);
    if (!query) return tl::unexpected<Error>(query.error());
    query->next();
    return query->value(0).toInt();
}

Result<QString> pragma(Transaction& tx, const QString& name) {
    auto query = tx.run(u"PRAGMA "_s + name);
    if (!query) return tl::unexpected<Error>(query.error());
    query->next();
    return query->value(0).toString();
}

void runSql(const QString& file, const QString& sql) {
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"aside"_s);
        db.setDatabaseName(file);
        QVERIFY(db.open());
        QSqlQuery query(db);
        QVERIFY2(query.exec(sql), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(u"aside"_s);
}

}  // namespace

class DatabaseTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void keepsWhatItConfirmed();
    void nobodyElseReadsIt();
    void rollsBackOnAnError();
    void isDurableAndChecksReferences();
    void finishesWhatWasQueued();
    void refusesANewerSchema();
    void setsACorruptFileAside_data();
    void setsACorruptFileAside();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysThatTheDiskIsFull();
    void waitsForALockThenSaysSo();
    void theTimelineIsAppendOnly_data();
    void theTimelineIsAppendOnly();
    void noticesChangesOfOthersOnly();

private:
    QString file() const { return m_folder->filePath(u"tocsin.db"_s); }
    std::unique_ptr<Database> opened() {
        auto db = Database::open(file());
        if (!db) qWarning("%s", qPrintable(db.error().message));
        return db ? std::move(*db) : nullptr;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void DatabaseTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

void DatabaseTest::keepsWhatItConfirmed() {
    {
        const auto db = opened();
        QVERIFY(db->openNote().isEmpty());
        QVERIFY(await(db->write<void>([](Transaction& tx) { return addEvent(tx, u"one"_s); })));
    }
    const auto db = opened();
    QCOMPARE(await(db->read<int>(countEvents)).value(), 1);
}

void DatabaseTest::nobodyElseReadsIt() {
    const QString folder = m_folder->filePath(u"new"_s);
    const QString path = folder + u"/tocsin.db"_s;
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                        QFileDevice::WriteOther;
    {
        auto db = Database::open(path);
        QVERIFY(db);
        for (const QString& each : {folder, path, path + u"-wal"_s, path + u"-shm"_s})
            QVERIFY2(!QFile::permissions(each).testAnyFlags(others), qPrintable(each));
        auto second = Database::open(path);
        QVERIFY(second);
    }
    QVERIFY(QFile::setPermissions(
        path, QFile::permissions(path) | QFileDevice::ReadGroup | QFileDevice::ReadOther));
    QVERIFY(Database::open(path));  // one from before is closed to others, not to a group
    QCOMPARE(QFile::permissions(path) & others, QFileDevice::ReadGroup);
}

void DatabaseTest::rollsBackOnAnError() {
    const auto db = opened();
    const auto result = await(db->write<int>([](Transaction& tx) -> Result<int> {
        (void)addEvent(tx, u"one"_s);
        return fail(ErrorCode::Refused, u"no"_s);
    }));
    QVERIFY(!result);
    QCOMPARE(result.error().message, u"no"_s);
    QCOMPARE(await(db->read<int>(countEvents)).value(), 0);
}

void DatabaseTest::isDurableAndChecksReferences() {
    const auto db = opened();
    const auto value = [&](const QString& name) {
        return await(db->read<QString>([name](Transaction& tx) { return pragma(tx, name); }))
            .value();
    };
    QCOMPARE(value(u"journal_mode"_s), u"wal"_s);
    QCOMPARE(value(u"synchronous"_s), u"2"_s);  // FULL
    QCOMPARE(value(u"foreign_keys"_s), u"1"_s);
    QCOMPARE(value(u"user_version"_s).toInt(), newestSchema());
}

void DatabaseTest::finishesWhatWasQueued() {
    {
        const auto db = opened();
        for (int i = 0; i < 50; ++i)
            (void)db->write<void>([](Transaction& tx) { return addEvent(tx, u"queued"_s); });
    }
    QCOMPARE(await(opened()->read<int>(countEvents)).value(), 50);
}

void DatabaseTest::refusesANewerSchema() {
    opened().reset();
    runSql(file(), u"PRAGMA user_version = 99"_s);
    const auto db = Database::open(file());
    QVERIFY(!db);
    QCOMPARE(db.error().code, ErrorCode::Config);
    QVERIFY2(db.error().message.contains(u"newer Tocsin (schema 99"_s),
             qPrintable(db.error().message));
    QCOMPARE(QDir(m_folder->path()).entryList({u"*corrupt*"_s}).size(), 0);
}

void DatabaseTest::setsACorruptFileAside_data() {
    QTest::addColumn<qint64>("from");
    QTest::newRow("header") << qint64{0};
    QTest::newRow("first page") << qint64{100};
    QTest::newRow("later pages") << qint64{8192};
}

void DatabaseTest::setsACorruptFileAside() {
    QFETCH(qint64, from);
    opened().reset();
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(from));
    damaged.write(QByteArray(4096, '\x5a'));
    damaged.close();
    QVERIFY(damaged.open(QIODevice::ReadOnly));
    const QByteArray before = damaged.readAll();
    damaged.close();

    const auto db = opened();
    QVERIFY(db);
    const QStringList aside = QDir(m_folder->path()).entryList({u"tocsin.db.corrupt-*"_s});
    QCOMPARE(aside.size(), 1);
    QVERIFY2(db->openNote().contains(aside.first()), qPrintable(db->openNote()));
    QFile kept(m_folder->filePath(aside.first()));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), before);
    QVERIFY(await(db->write<void>([](Transaction& tx) { return addEvent(tx, u"goes on"_s); })));
}

void DatabaseTest::saysWhatIsWrong_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("folder cannot be written") << u"/proc/tocsin.db"_s;
    QTest::newRow("folder cannot be made") << u"/proc/deep/tocsin.db"_s;
    QTest::newRow("it is a folder") << QString();
}

void DatabaseTest::saysWhatIsWrong() {
    QFETCH(QString, path);
    const auto db = Database::open(path.isEmpty() ? m_folder->path() : path);
    QVERIFY(!db);
    QCOMPARE(db.error().code, ErrorCode::Disk);
    QVERIFY2(db.error().message.contains(u"--data"_s), qPrintable(db.error().message));
}

void DatabaseTest::saysThatTheDiskIsFull() {
    const auto db = opened();
    // SQLite answers a file that may not grow as it answers a full disk: SQLITE_FULL.
    const auto result = await(db->write<void>([](Transaction& tx) -> Result<void> {
        (void)tx.run(u"PRAGMA max_page_count = 1"_s);
        return addEvent(tx, QString(1000000, u'x'));
    }));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Disk);
    QVERIFY2(result.error().message.contains(u"full"_s), qPrintable(result.error().message));
    QCOMPARE(await(db->read<int>(countEvents)).value(), 0);
}

void DatabaseTest::waitsForALockThenSaysSo() {
    const auto db = opened();
    (void)await(
        db->read<QString>([](Transaction& tx) { return pragma(tx, u"busy_timeout = 10"_s); }));
    {
        QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
        other.setDatabaseName(file());
        QVERIFY(other.open());
        QSqlQuery(other).exec(u"BEGIN IMMEDIATE"_s);
        const auto result =
            await(db->write<void>([](Transaction& tx) { return addEvent(tx, u"one"_s); }));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unavailable);
        QVERIFY(result.error().message.contains(u"locked"_s));
        QSqlQuery(other).exec(u"ROLLBACK"_s);
        QVERIFY(await(db->write<void>([](Transaction& tx) { return addEvent(tx, u"one"_s); })));
    }
    QSqlDatabase::removeDatabase(u"other"_s);
}

void DatabaseTest::theTimelineIsAppendOnly_data() {
    QTest::addColumn<QString>("sql");
    QTest::newRow("update") << u"UPDATE incident_events SET text = 'other'"_s;
    QTest::newRow("delete") << u"DELETE FROM incident_events"_s;
    QTest::newRow("replace")
        << u"INSERT OR REPLACE INTO incident_events VALUES (1, 'INC-1', 1, 'me', 'note', 'x', '{}')"_s;
}

void DatabaseTest::theTimelineIsAppendOnly() {
    QFETCH(QString, sql);
    const auto db = opened();
    QVERIFY(await(db->write<void>([](Transaction& tx) { return addEvent(tx, u"first"_s); })));
    const auto result = await(db->write<void>([sql](Transaction& tx) -> Result<void> {
        auto done = tx.run(sql);
        if (!done) return tl::unexpected<Error>(done.error());
        return {};
    }));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Refused);
    QVERIFY(result.error().message.contains(u"append-only"_s));
}

void DatabaseTest::noticesChangesOfOthersOnly() {
    const auto mine = opened();
    const auto other = opened();
    SystemClock clock;
    ChangeWatch watch(*mine, clock);
    QSignalSpy changed(&watch, &ChangeWatch::changedElsewhere);
    watch.start();
    const auto add = [](Transaction& tx) { return addEvent(tx, u"one"_s); };
    // Two reads later the watch knows the present version.
    QVERIFY(await(mine->write<void>(add)));
    QCOMPARE(changed.size(), 0);
    QVERIFY(await(other->write<void>(add)));
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(await(mine->write<void>(add)));
    QVERIFY(await(other->write<void>(add)));
    QTRY_COMPARE(changed.size(), 2);
}

QTEST_GUILESS_MAIN(DatabaseTest)
#include "tst_database.moc"
