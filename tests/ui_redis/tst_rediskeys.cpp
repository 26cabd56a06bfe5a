#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>

#include "sdk/figures.h"
#include "tests/ui_redis/picture.h"
#include "tests/ui_redis/redispanefixture.h"

using namespace tocsin;
using namespace tocsin::ui;

/// The key browser: walked, filtered, measured, and each type of value read.
class RedisKeysTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void walksTheKeys();
    void filtersByExpiryAndSize();
    void saysWhyAFilterCannotAsk();
    void showsEveryType_data();
    void showsEveryType();
    void readsAValueInParts();
    void countsTheBitsOfABitmap();
    void countsAHyperLogLogWithoutWriting();
    void measuresTheBiggest();
    void saysWhyItCannotMeasure();
};

void RedisKeysTest::walksTheKeys() {
    openKeys();
    auto* tree = child<QTreeView>("redisKeys");
    const QModelIndex bull =
        tree->model()
            ->match(tree->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("bull:"))
            .value(0);
    QVERIFY(bull.isValid());
    tree->expand(bull);
    tree->expand(tree->model()->index(0, 0, bull));
    QVERIFY(child<QLabel>("redisKeysStatus")->text().contains(QStringLiteral("found among")));
    // A pattern and a type leave others out.
    child<QLineEdit>("redisKeyPattern")->setText(QStringLiteral("bull:*"));
    child<QComboBox>("redisKeyType")->setCurrentIndex(2);
    child<QPushButton>("redisKeyWalk")->click();
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    QTRY_COMPARE(tree->model()->index(0, 1).data().toString(), QStringLiteral("1"));
}

/// A key is asked for its size only when its name, type and expiry fit; nothing counts as a use.
void RedisKeysTest::filtersByExpiryAndSize() {
    redis::test::Plain plain(m_server.port());
    for (int i = 0; i < 300; ++i) {
        const QByteArray n = QByteArray::number(i);
        plain.command({"SET", "f:soon:" + n, QByteArray(i < 3 ? 20'000 : 10, 'x'), "EX", "58"});
        plain.command({"SET", "f:late:" + n, QByteArray(20'000, 'x'), "EX", "90000"});
        plain.command({"SET", "f:never:" + n, "x"});
    }
    plain.command({"HSET", "f:hash", "big", QByteArray(2'000'000, 'x')});
    const auto choose = [this](const char* name, const QString& text) {
        auto* box = child<QComboBox>(name);
        const int at = box->findText(text);
        QVERIFY2(at >= 0, qPrintable(text));
        box->setCurrentIndex(at);
    };
    const auto asked = [&plain](const QByteArray& name) {
        const QByteArray info = plain.command({"INFO", "commandstats"}).text();
        const qsizetype at = info.indexOf("cmdstat_" + name + ":calls=");
        return at < 0 ? 0 : info.mid(info.indexOf('=', at) + 1, 12).split(',').first().toInt();
    };
    const auto* tree = child<QTreeView>("redisKeys")->model();
    const auto found = [tree] { return tree->index(0, 1).data().toString(); };
    const QString status = QStringLiteral("found among");

    plain.command({"CONFIG", "RESETSTAT"});
    openKeys(QStringLiteral("f:*"));
    QCOMPARE(found(), QStringLiteral("901"));
    QCOMPARE(asked("pttl"), 0);
    choose("redisKeyExpiry", QStringLiteral("< 1 min left"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("300"));
    QCOMPARE(asked("pttl"), 901);
    QCOMPARE(asked("memory|usage"), 0);
    choose("redisKeyLeastSize", QStringLiteral("≥ 10 kB"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("3"));
    QCOMPARE(asked("pttl"), 1802);
    QCOMPARE(asked("memory|usage"), 300);
    QVERIFY2(child<QLabel>("redisKeysStatus")
                 ->text()
                 .contains(QStringLiteral("901 asked for their expiry, 300 for their size")),
             qPrintable(child<QLabel>("redisKeysStatus")->text()));
    choose("redisKeyExpiry", QStringLiteral("never expires"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("1"));
    choose("redisKeyExpiry", QStringLiteral("any expiry"));
    choose("redisKeyType", QStringLiteral("hash"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(tree->index(0, 1).data().toString(), QStringLiteral("1"));
    QCOMPARE(asked("memory|usage"), 300 + 301 + 1);
    QCOMPARE(asked("get"), 0);
    for (const char* name : {"redisKeyExpiry", "redisKeyLeastSize", "redisKeyType"})
        child<QComboBox>(name)->setCurrentIndex(0);
    for (const QByteArray& key :
         {QByteArray("f:soon:"), QByteArray("f:late:"), QByteArray("f:never:")})
        for (int i = 0; i < 300; ++i)
            plain.command({"DEL", key + QByteArray::number(i)});
    plain.command({"DEL", "f:hash"});
}

void RedisKeysTest::saysWhyAFilterCannotAsk() {
    redis::test::Plain plain(m_server.port());
    plain.command({"ACL", "SETUSER", "default", "-memory"});
    child<QTabWidget>("redisTabs")->setCurrentIndex(2);
    child<QComboBox>("redisKeyLeastSize")->setCurrentIndex(1);
    child<QPushButton>("redisKeyWalk")->click();
    QTRY_VERIFY2(child<QLabel>("redisKeysStatus")
                     ->text()
                     .contains(QStringLiteral("does not tell the size of its keys: NOPERM")),
                 qPrintable(child<QLabel>("redisKeysStatus")->text()));
    plain.command({"ACL", "SETUSER", "default", "+@all"});
}

void RedisKeysTest::showsEveryType_data() {
    QTest::addColumn<QByteArrayList>("write");
    QTest::addColumn<QString>("facts");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("text");
    using List = QByteArrayList;
    QTest::newRow("string") << List{"SET", "v:key", "{\"a\":1}"} << "string" << 0
                            << "{\n    \"a\": 1\n}\n";
    QTest::newRow("hash") << List{"HSET", "v:key", "f", "one", "g", "two"} << "2 fields" << 2
                          << "one";
    QTest::newRow("list") << List{"RPUSH", "v:key", "first", "second"} << "2 elements" << 2
                          << "first";
    QTest::newRow("set") << List{"SADD", "v:key", "only"} << "1 element" << 1 << "only";
    QTest::newRow("zset") << List{"ZADD", "v:key", "1.5", "member"} << "zset" << 1 << "member";
    QTest::newRow("stream") << List{"XADD", "v:key", "1-1", "k", "value"} << "1 entry" << 1
                            << "k=value";
    QTest::newRow("binary") << List{"SET", "v:key", QByteArray("\x81\xa1\x61\x01")} << "4 bytes"
                            << 0 << "{\n    \"a\": 1\n}\n";
}

void RedisKeysTest::showsEveryType() {
    QFETCH(const QByteArrayList, write);
    QFETCH(const QString, facts);
    QFETCH(const int, rows);
    QFETCH(const QString, text);
    redis::test::Plain plain(m_server.port());
    plain.command({"DEL", "v:key"});
    QVERIFY(!plain.command(write).isError());
    plain.command({"PEXPIRE", "v:key", "600000"});
    if (write.first() == "XADD") plain.command({"XGROUP", "CREATE", "v:key", "workers", "0"});
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    QTRY_VERIFY2(child<QLabel>("redisValueFacts")->text().contains(facts),
                 qPrintable(child<QLabel>("redisValueFacts")->text()));
    QVERIFY(child<QLabel>("redisValueFacts")->text().contains(QStringLiteral("expires in")));
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText(), text);
    QCOMPARE(child<QTableView>("redisValueRows")->model()->rowCount(), rows);
    QCOMPARE(child<QTableView>("redisValueGroups")->isVisible(), write.first() == "XADD");
    test::picture(*m_pane,
                  QStringLiteral("redis-value-") + QString::fromLatin1(QTest::currentDataTag()));
    plain.command({"DEL", "v:key"});
}

void RedisKeysTest::readsAValueInParts() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList push{"RPUSH", "v:key"};
    for (int i = 0; i < 450; ++i)
        push << QByteArray::number(i);
    plain.command(push);
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* rows = child<QTableView>("redisValueRows");
    auto* more = child<QPushButton>("redisValueMore");
    QTRY_COMPARE(rows->model()->rowCount(), 200);
    more->click();
    QTRY_COMPARE(rows->model()->rowCount(), 400);
    more->click();
    QTRY_COMPARE(rows->model()->rowCount(), 450);
    QVERIFY(!more->isVisible());
    QCOMPARE(rows->model()->index(449, 0).data().toString(), QStringLiteral("449"));
    QCOMPARE(rows->model()->index(449, 1).data().toString(), QStringLiteral("449"));
    plain.command({"DEL", "v:key"});
    plain.command({"SET", "v:key", QByteArray(100'000, 'x')});
    child<QPushButton>("redisValueAgain")->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText().size(),
                 qsizetype(64 * 1024));
    more->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText().size(), qsizetype(100'000));
    plain.command({"DEL", "v:key"});
}

void RedisKeysTest::countsTheBitsOfABitmap() {
    redis::test::Plain plain(m_server.port());
    plain.command({"SETBIT", "v:key", "7", "1"});
    plain.command({"SETBIT", "v:key", "40000000", "1"});  // past two parts
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* bits = child<QPushButton>("redisValueBits");
    QTRY_VERIFY(bits->isVisible());
    plain.command({"CONFIG", "RESETSTAT"});
    QVERIFY(!plain.command({"INFO", "commandstats"}).text().contains("bitcount"));
    bits->click();
    const QString all = QStringLiteral("2 of 40 000 008 bits set");
    QTRY_VERIFY2(child<QLabel>("redisValueFacts")->text().contains(all),
                 qPrintable(child<QLabel>("redisValueFacts")->text()));
    QVERIFY(plain.command({"INFO", "commandstats"}).text().contains("bitcount:calls=3,"));
    QCOMPARE(bits->text(), QStringLiteral("Count bits"));
    test::picture(*m_pane, QStringLiteral("redis-value-bitmap"));
    plain.command({"DEL", "v:key"});
}

/// PFCOUNT would: of a key that was added to it writes the count it keeps.
void RedisKeysTest::countsAHyperLogLogWithoutWriting() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList add{"PFADD", "v:key"};
    for (int i = 0; i < 20'000; ++i)
        add << QByteArray::number(i);
    plain.command(add);
    const QByteArray before = plain.command({"GET", "v:key"}).text();
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* text = child<QPlainTextEdit>("redisValueText");
    QTRY_VERIFY(text->toPlainText().contains(QStringLiteral("distinct elements")));
    QCOMPARE(plain.command({"GET", "v:key"}).text(), before);
    const auto counted = plain.command({"PFCOUNT", "v:key"}).text().toLongLong();
    QVERIFY(plain.command({"GET", "v:key"}).text() != before);
    QVERIFY2(text->toPlainText().contains(
                 QStringLiteral("about %1 distinct elements").arg(countText(counted))),
             qPrintable(text->toPlainText().left(90)));
    test::picture(*m_pane, QStringLiteral("redis-value-hyperloglog"));
    plain.command({"DEL", "v:key"});
}

void RedisKeysTest::measuresTheBiggest() {
    redis::test::Plain plain(m_server.port());
    for (int i = 0; i < 60; ++i)
        plain.command(
            {"SET", "session:" + QByteArray::number(i), QByteArray(2'000, 'x'), "EX", "900"});
    plain.command({"SET", "report:big", QByteArray(2'000'000, 'x')});
    openKeys();
    auto* measure = child<QPushButton>("redisKeySizes");
    QTRY_VERIFY(measure->isEnabled());
    measure->click();
    auto* biggest = child<QTableView>("redisBiggest");
    QTRY_VERIFY(biggest->model()->rowCount() > 60);
    QCOMPARE(biggest->model()->index(0, 0).data().toString(), QStringLiteral("report:big"));
    QCOMPARE(child<QTableView>("redisPrefixes")->model()->index(1, 0).data().toString(),
             QStringLiteral("session:*"));
    test::picture(*m_pane, QStringLiteral("redis-biggest-dark"));
    child<QComboBox>("redisSizesFilter")->setCurrentIndex(3);
    QCOMPARE(biggest->model()->rowCount(), 1);
    biggest->selectRow(0);
    QTRY_VERIFY(child<QLabel>("redisValueFacts")->text().contains(QStringLiteral("never expires")));
    plain.command({"DEL", "report:big"});
}

void RedisKeysTest::saysWhyItCannotMeasure() {
    redis::test::Plain plain(m_server.port());
    plain.command({"ACL", "SETUSER", "default", "-memory"});
    openKeys();
    auto* measure = child<QPushButton>("redisKeySizes");
    QTRY_VERIFY(measure->isEnabled());
    measure->click();
    QTRY_VERIFY2(child<QLabel>("redisSizesStatus")
                     ->text()
                     .contains(QStringLiteral("does not tell the size of its keys: NOPERM")),
                 qPrintable(child<QLabel>("redisSizesStatus")->text()));
    plain.command({"ACL", "SETUSER", "default", "+@all"});
}

QTEST_MAIN(RedisKeysTest)
#include "tst_rediskeys.moc"
