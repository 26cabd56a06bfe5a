#include <QDir>
#include <QDirIterator>
#include <QSemaphore>
#include <cerrno>

#include "tests/delivery/deliverydesk.h"
#include "tests/delivery/killmatrix.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace tocsin::delivery;
using namespace Qt::StringLiterals;

/// What a store that fails does to messages: it says so, and nothing that was confirmed is lost.
class StoreFaultsTest : public QObject {
    Q_OBJECT
private slots:
    void aPowerCutAtEveryWrite();
    void aFailingDiskAtEveryWrite_data();
    void aFailingDiskAtEveryWrite();
    void aLockedStore();
    void aRemovedStore();

private:
    static QSet<QString> eventsIn(const QString& store, QString& note);
    static QStringList promisesIn(const QString& file);
};

QSet<QString> StoreFaultsTest::eventsIn(const QString& store, QString& note) {
    auto db = store::Database::open(store);
    if (!db) {
        note = db.error().message;
        return {};
    }
    note = (*db)->openNote();
    return await((*db)->read<QSet<QString>>([](store::Transaction& tx) {
               QSet<QString> events;
               auto rows = tx.run(u"SELECT event FROM ledger"_s);
               while (rows && rows->next())
                   events.insert(rows->value(0).toString());
               return Result<QSet<QString>>(events);
           }))
        .value();
}

QStringList StoreFaultsTest::promisesIn(const QString& file) {
    QFile promises(file);
    if (!promises.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(promises.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

void StoreFaultsTest::aPowerCutAtEveryWrite() {
    KillMatrix matrix(false);
    matrix.listen();
    const QString copies = matrix.path("copies");
    QVERIFY(QDir().mkpath(copies));
    matrix.set("LD_PRELOAD", QStringLiteral(DIEPOINT));
    matrix.set("DIEPOINT_FILE", u"tocsin.db"_s);
    matrix.set("DIEPOINT_COPY", copies);
    QVERIFY(!matrix.live());  // from the first byte of the store on
    int cuts = 0, promised = 0;
    for (QDirIterator it(copies, {u"0*"_s}, QDir::Dirs); it.hasNext();) {
        const QString cut = it.next();
        const QStringList promises = promisesIn(cut + u"/promises"_s);
        for (const char* kind : {"/now/", "/synced/"}) {
            QString note;
            const auto events = eventsIn(cut + QLatin1String(kind) + u"tocsin.db"_s, note);
            QVERIFY2(note.isEmpty(), qPrintable(cut + QLatin1String(kind) + u": "_s + note));
            for (const QString& event : promises)
                QVERIFY2(events.contains(event), qPrintable(cut + QLatin1String(kind) + event));
            ++cuts;
            promised += static_cast<int>(promises.size());
        }
    }
    QVERIFY2(cuts > 300, qPrintable(QString::number(cuts)));
    QVERIFY(promised > 0);
    qInfo("%d power cuts, each store sound, %d promises found kept", cuts, promised);
}

void StoreFaultsTest::aFailingDiskAtEveryWrite_data() {
    QTest::addColumn<int>("failure");
    QTest::addColumn<QString>("says");
    QTest::newRow("full") << ENOSPC << u"is full. Free some space; nothing was recorded."_s;
    QTest::newRow("read-only all of a sudden")
        << EROFS << u"failed. Check the disk; nothing was recorded."_s;
}

void StoreFaultsTest::aFailingDiskAtEveryWrite() {
    QFETCH(int, failure);
    QFETCH(QString, says);
    KillMatrix matrix(false);
    matrix.listen();
    QVERIFY(!matrix.live());
    matrix.set("LD_PRELOAD", QStringLiteral(DIEPOINT));
    matrix.set("DIEPOINT_FILE", u"tocsin.db-wal"_s);
    matrix.set("DIEPOINT_CALLS", u"25"_s);
    matrix.set("DIEPOINT_ERRNO", QString::number(failure));
    constexpr int kStep = 11;
    constexpr int kLives = 20;
    for (int life = 0; life < kLives; ++life) {
        // The first calls belong to opening, which is refused as a whole when the disk is full.
        matrix.set("DIEPOINT_FULL", QString::number(20 + life * kStep));
        QVERIFY(!matrix.live());
        if (QTest::currentTestFailed()) return;
    }
    const auto told = std::count_if(matrix.said.begin(), matrix.said.end(),
                                    [&](const QString& said) { return said.contains(says); });
    QVERIFY2(told > 0, qPrintable(matrix.said.join(u'\n')));
    matrix.account();
    qInfo("%d failing disks, said %d times", kLives, static_cast<int>(told));
}

void StoreFaultsTest::aLockedStore() {
    DeliveryDesk desk;
    StubNotifier* channel = desk.addChannel(u"incidents"_s);
    channel->script = {{StubNotifier::Kind::Stalls}};
    QStringList said;
    QObject::connect(desk.dispatcher.get(), &Dispatcher::storeFailed, this,
                     [&](const Error& error) { said << error.message; });
    QVERIFY(desk.start());
    desk.intend({messageOf(u"a"_s), messageOf(u"b"_s)}, u"incidents"_s);
    QTRY_VERIFY(channel->isStalled());
    const auto other = std::move(*store::Database::open(desk.db->file()));
    QSemaphore locked, release;
    auto holding = other->write<int>([&](store::Transaction&) -> Result<int> {
        locked.release();
        release.acquire();
        return 0;
    });
    locked.acquire();
    channel->letGo();  // it arrived; the outcome cannot be written down
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), 15000);
    release.release();
    QVERIFY(await(holding));
    QVERIFY2(said.first().contains(u"keeps"_s), qPrintable(said.first()));
    QCOMPARE(channel->posted.size(), 1);  // nothing else left meanwhile
    desk.settle();
    QCOMPARE(eventsOf(channel->arrived), QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(desk.entry(u"a"_s).tries, 1);
}

void StoreFaultsTest::aRemovedStore() {
    DeliveryDesk desk;
    StubNotifier* channel = desk.addChannel(u"incidents"_s);
    QVERIFY(desk.start());
    desk.intend({messageOf(u"a"_s)}, u"incidents"_s);
    desk.settle();
    const QString file = desk.db->file();
    for (const char* end : {"", "-wal", "-shm"})
        QFile::remove(file + QLatin1String(end));
    const auto refused = await(desk.db->write<Entry>([](store::Transaction& tx) {
        return Ledger::intend(tx, {}, u"incidents"_s, messageOf(u"b"_s), QDateTime());
    }));
    QVERIFY(!refused);  // what goes into a file without a name is not saved
    QCOMPARE(refused.error().code, ErrorCode::Disk);
    QVERIFY2(refused.error().message.contains(u"was removed"_s),
             qPrintable(refused.error().message));
    QCOMPARE(channel->posted.size(), 1);
    // All that was confirmed is in the copy that the sentence names.
    const QStringList copies =
        QFileInfo(file).dir().entryList({QFileInfo(file).fileName() + u".rescued-*"_s});
    QCOMPARE(copies.size(), 1);
    QVERIFY2(refused.error().message.contains(copies.first()), qPrintable(refused.error().message));
    QString note;
    const auto events = eventsIn(QFileInfo(file).dir().filePath(copies.first()), note);
    QVERIFY2(note.isEmpty(), qPrintable(note));
    QVERIFY(events.contains(u"a"_s));
}

QTEST_GUILESS_MAIN(StoreFaultsTest)
#include "tst_storefaults.moc"
