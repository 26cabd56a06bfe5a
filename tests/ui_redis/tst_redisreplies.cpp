#include <QAbstractItemModel>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

#include "tests/ui_redis/picture.h"
#include "tests/ui_redis/redispanefixture.h"
#include "ui/query/rediscommandedit.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What is done with a reply: shown as tree, text, JSON and table, picked from, read on, written to
/// a file.
class RedisRepliesTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void runsAndShowsATree();
    void saysWhenEachReplyOfAScriptCame();
    void showsLinesAsText();
    void writesTheRawView();
    void writesJsonAndCopies();
    void showsATable();
    void readsOnWhereAPageEnds();
    void noticesAMissingKey();
    void picksAValue();
    void writesTheReplyToAFile();
    void tellsWhatKeysAre_data();
    void tellsWhatKeysAre();
};

void RedisRepliesTest::runsAndShowsATree() {
    const Outcome result = outcome(QStringLiteral("HGETALL bull:mail:101"));
    QVERIFY2(result.ok, qPrintable(result.line));
    QVERIFY2(result.line.startsWith(QStringLiteral("4 elements · ")), qPrintable(result.line));
    QCOMPARE(result.kind, QStringLiteral("redis"));
    QCOMPARE(result.subject, QStringLiteral("HGETALL bull:mail:101 on cache"));
    QVERIFY(result.evidence[u"receipt"].toObject()[u"sha256"].toString().size() == 64);
    const QAbstractItemModel* model = child<QTreeView>("redisTree")->model();
    QCOMPARE(model->rowCount(), 4);
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("name"));
    QCOMPARE(model->index(0, 2).data().toString(), QStringLiteral("welcome"));
    QVERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("ms")));
}

void RedisRepliesTest::saysWhenEachReplyOfAScriptCame() {
    auto* tree = child<QTreeView>("redisTree");
    QVERIFY(outcome(QStringLiteral("LLEN bull:mail:wait\nHGETALL bull:mail:101")).ok);
    const QAbstractItemModel* model = tree->model();
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("LLEN bull:mail:wait"));
    QVERIFY(!tree->isColumnHidden(3));
    QCOMPARE(model->headerData(3, Qt::Horizontal).toString(), QStringLiteral("after"));
    for (int row = 0; row < 2; ++row) {
        const QString after = model->index(row, 3).data().toString();
        QVERIFY2(after.endsWith(QStringLiteral(" ms")), qPrintable(after));
    }
    QVERIFY(model->index(0, 3, model->index(1, 0)).data().toString().isEmpty());
    QVERIFY(outcome(QStringLiteral("LLEN bull:mail:wait")).ok);
    QVERIFY(tree->isColumnHidden(3));
}

void RedisRepliesTest::showsLinesAsText() {
    QVERIFY(outcome(QStringLiteral("INFO memory")).ok);
    QVERIFY(child<QPlainTextEdit>("redisRaw")->isVisible());
    QVERIFY(child<QPlainTextEdit>("redisRaw")
                ->toPlainText()
                .contains(QStringLiteral("maxmemory_policy")));
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QVERIFY(child<QTreeView>("redisTree")->isVisible());
}

void RedisRepliesTest::writesTheRawView() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(),
                 QStringLiteral("1) \"101\"\n2) \"102\"\n3) \"103\""));
    QVERIFY(outcome(QStringLiteral("COMMAND")).ok);  // large: written on another thread
    QTRY_VERIFY(child<QPlainTextEdit>("redisRaw")->toPlainText().size() > 100'000);
}

void RedisRepliesTest::writesJsonAndCopies() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 1")).ok);
    child<QToolButton>("redisShowJson")->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(),
                 QStringLiteral("[\n    \"101\",\n    \"102\"\n]\n"));
    child<QToolButton>("redisCopy")->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("102")));
    QVERIFY(outcome(QStringLiteral("LLEN bull:mail:wait")).ok);  // stays JSON
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(), QStringLiteral("3"));
    QVERIFY(outcome(QStringLiteral("GET nothing")).ok);
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(), QStringLiteral("null"));
    child<QToolButton>("redisShowTree")->click();
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 1")).ok);
    auto* tree = child<QTreeView>("redisTree");
    tree->setCurrentIndex(tree->model()->index(1, 0));
    child<QToolButton>("redisCopy")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("102"));
}

void RedisRepliesTest::showsATable() {
    redis::test::Plain plain(m_server.port());
    plain.command({"HSET", "table:hash", "name", "mail", "depth", "3"});
    QVERIFY(outcome(QStringLiteral("HGETALL table:hash")).ok);
    child<QToolButton>("redisShowTable")->click();
    auto* grid = child<QTableView>("redisTableGrid");
    QTRY_COMPARE(grid->model()->rowCount(), 2);
    QVERIFY(grid->isVisible());
    QCOMPARE(grid->model()->headerData(0, Qt::Horizontal).toString().section(u'\n', 0, 0),
             QStringLiteral("field"));
    // The next reply that has rows is shown the same way.
    QVERIFY(outcome(QStringLiteral("CLIENT LIST\nPING")).ok);
    QTRY_COMPARE(grid->model()->columnCount(), 2);
    QVERIFY(grid->isVisible());
    plain.command({"DEL", "table:hash"});
    child<QToolButton>("redisShowTree")->click();
    QVERIFY(child<QTreeView>("redisTree")->isVisible());
}

void RedisRepliesTest::readsOnWhereAPageEnds() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList push{"RPUSH", "long"};
    for (int i = 0; i < 12'000; ++i)
        push << QByteArray::number(i);
    plain.command(push);
    QVERIFY(outcome(QStringLiteral("LRANGE long 0 -1")).ok);
    auto* next = child<QPushButton>("redisNextPage");
    QVERIFY(next->isVisible());
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    next->click();
    QTRY_COMPARE(ran.count(), 1);
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(),
             QStringLiteral("LRANGE long 10000 -1"));
    QVERIFY(!next->isVisible());
    plain.command({"DEL", "long"});
}

void RedisRepliesTest::noticesAMissingKey() {
    const Outcome result = outcome(QStringLiteral("LLEN bull:mail:waiting"));
    QVERIFY(result.ok);
    QVERIFY(result.line.contains(QStringLiteral("There is no key")));
    QVERIFY(child<QLabel>("redisNotice")->isVisible());
}

void RedisRepliesTest::picksAValue() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    QSignalSpy picked(m_pane.get(), &RedisPane::cellPicked);
    auto* tree = child<QTreeView>("redisTree");
    const QRect cell = tree->visualRect(tree->model()->index(1, 2));
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(picked.count(), 1);
    QCOMPARE(picked[0][0].toString(), QStringLiteral("102"));
    QCOMPARE(picked[0][1].toString(), QStringLiteral("cache · LRANGE bull:mail:wait 0 -1"));
}

void RedisRepliesTest::writesTheReplyToAFile() {
    QTemporaryDir folder;
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    child<QAbstractButton>("redisExport")->click();
    auto* path = child<QLineEdit>("redisExportPath");
    QVERIFY(path->isVisible());
    const auto written = [&](const QString& name) {
        child<QAbstractButton>("redisExport")->setChecked(true);
        path->setText(folder.filePath(name));
        child<QAbstractButton>("redisExportWrite")->click();
        const bool isThere = QTest::qWaitFor([path] { return !path->isVisible(); });
        QFile file(folder.filePath(name));
        return isThere && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const auto json = QJsonDocument::fromJson(written(QStringLiteral("reply.json"))).array();
    QCOMPARE(json.at(1).toString(), QStringLiteral("102"));
    QVERIFY(written(QStringLiteral("reply.txt")).startsWith("1) \""));
    QVERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("written")));
    child<QAbstractButton>("redisExport")->setChecked(true);
    test::picture(*m_pane, QStringLiteral("redis-export"));
    path->setText(QStringLiteral("/nowhere/reply.json"));
    child<QAbstractButton>("redisExportWrite")->click();
    QTRY_VERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("cannot be written")));
}

void RedisRepliesTest::tellsWhatKeysAre_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("isNested");
    QTest::newRow("SCAN") << "SCAN 0 MATCH life:* COUNT 10000" << true;
    QTest::newRow("--scan") << "redis-cli --scan --pattern life:*" << false;
}

void RedisRepliesTest::tellsWhatKeysAre() {
    QFETCH(const QString, command);
    QFETCH(const bool, isNested);
    redis::test::Plain plain(m_server.port());
    plain.command({"HSET", "life:hash", "f", "v"});
    plain.command({"EXPIRE", "life:hash", "600"});
    QVERIFY(outcome(command).ok);
    auto* model = child<QTreeView>("redisTree")->model();
    const QModelIndex parent = isNested ? model->index(1, 0) : QModelIndex();
    const auto type = [&] { return model->index(0, 1, parent).data().toString(); };
    QTRY_VERIFY2(type().startsWith(QStringLiteral("hash, expires in")), qPrintable(type()));
    test::picture(*m_pane, QStringLiteral("redis-lives"));
    plain.command({"DEL", "life:hash"});
}

QTEST_MAIN(RedisRepliesTest)
#include "tst_redisreplies.moc"
