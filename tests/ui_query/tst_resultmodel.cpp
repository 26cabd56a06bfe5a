#include <QAbstractItemModelTester>
#include <QtTest>

#include "ui/query/blocking.h"
#include "ui/query/rehearsal.h"
#include "ui/query/resultgrid.h"
#include "ui/query/resultmodel.h"
#include "ui/query/sqloutcome.h"

using namespace tocsin;
using namespace tocsin::ui;

namespace {

void append(ResultSet& set, const QVector<QByteArray>& cells) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const QByteArray& cell : cells) {
        values.push_back(cell.constData());
        lengths.push_back(cell.isNull() ? -1 : static_cast<int>(cell.size()));
    }
    set.appendRow(values.data(), lengths.data());
}

std::shared_ptr<ResultSet> people() {
    auto set = std::make_shared<ResultSet>(
        QVector<Column>{{"id", "integer", true}, {"name", "text", false}});
    append(*set, {"1", "Ada"});
    append(*set, {"2", QByteArray()});
    append(*set, {"3", ""});
    return set;
}

}  // namespace

class TestResultModel : public QObject {
    Q_OBJECT
private slots:
    void growsByTheNewRowsOnly();
    void anotherSetResets();
    void tellsNullFromEmpty();
    void showsOneLineKeepsAll();
    void copiesWhatIsChosen();
    void picksCellsButNotNull();
    void findsTheRootOfTheWaiting();
    void readsSignals_data();
    void readsSignals();
    void evidenceIsBounded();
};

void TestResultModel::growsByTheNewRowsOnly() {
    ResultModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto set = people();
    model.show(set);
    QCOMPARE(model.rowCount(), 3);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    append(*set, {"4", "Bob"});
    QCOMPARE(model.rowCount(), 3);  // not before it was announced
    model.show(set);
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(inserted[0][1].toInt(), 3);
    QCOMPARE(inserted[0][2].toInt(), 3);
    model.show(set);
    QCOMPARE(inserted.size(), 1);
    QVERIFY(reset.isEmpty());
}

void TestResultModel::anotherSetResets() {
    ResultModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show(people());
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.show(people());
    QCOMPARE(reset.size(), 1);
    model.show(nullptr);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
}

void TestResultModel::tellsNullFromEmpty() {
    ResultModel model;
    model.show(people());
    QCOMPARE(model.index(1, 1).data(ResultModel::NullRole), QVariant(true));
    QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("NULL"));
    QCOMPARE(model.index(2, 1).data(ResultModel::NullRole), QVariant(false));
    QCOMPARE(model.index(2, 1).data().toString(), QString());
    QVERIFY(model.index(0, 0).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    QVERIFY(model.index(0, 1).data(Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
}

void TestResultModel::showsOneLineKeepsAll() {
    auto set = std::make_shared<ResultSet>(QVector<Column>{{"x", "text", false}});
    const QByteArray big = "one\ntwo" + QByteArray(100000, 'z');
    append(*set, {big});
    ResultModel model;
    model.show(set);
    const QString shown = model.index(0, 0).data().toString();
    QVERIFY(shown.size() < 500);
    QVERIFY(!shown.contains(u'\n'));
    QCOMPARE(model.index(0, 0).data(ResultModel::TextRole).toString().toUtf8(), big);
}

void TestResultModel::copiesWhatIsChosen() {
    theme::Theme theme(theme::Mode::Dark);
    ResultGrid grid(theme);
    grid.show(people());
    QCOMPARE(grid.textOf(inspection::Format::Tsv),
             QStringLiteral("id\tname\n1\tAda\n2\t\\N\n3\t\n"));
    grid.selectRow(0);
    QCOMPARE(grid.textOf(inspection::Format::Csv), QStringLiteral("id,name\n1,Ada\n"));
    QCOMPARE(grid.textOf(inspection::Format::Markdown),
             QStringLiteral("| id | name |\n|---:|---|\n| 1 | Ada |\n"));
}

void TestResultModel::picksCellsButNotNull() {
    theme::Theme theme(theme::Mode::Dark);
    ResultGrid grid(theme);
    grid.show(people());
    QSignalSpy picked(&grid, &ResultGrid::cellPicked);
    emit grid.clicked(grid.model()->index(0, 1));
    emit grid.clicked(grid.model()->index(1, 1));
    QCOMPARE(picked.size(), 1);
    QCOMPARE(picked[0][0].toString(), QStringLiteral("name"));
    QCOMPARE(picked[0][1].toString(), QStringLiteral("Ada"));
}

void TestResultModel::findsTheRootOfTheWaiting() {
    ResultSet set(
        {{"pid", "integer", true}, {"age", "interval", false}, {"blocked_by", "integer[]", false}});
    append(set, {"10", "00:13:07.5", "{}"});
    append(set, {"11", "00:01:00", "{10}"});
    append(set, {"12", "00:00:50", "{11}"});
    append(set, {"13", QByteArray(), "{}"});
    const Blocking blocking = blockingIn(set);
    QCOMPARE(blocking.rows, QSet<int>{0});
    QCOMPARE(blocking.sentence,
             QStringLiteral("10 blocks 2 sessions, in its transaction for 00:13:07"));
    QVERIFY(blockingIn(*people()).sentence.isEmpty());
}

void TestResultModel::readsSignals_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<qint64>("pid");
    QTest::newRow("plain") << "SELECT pg_terminate_backend(24817);" << qint64(24817);
    QTest::newRow("cancel") << "select pg_catalog.PG_CANCEL_BACKEND( 7 )" << qint64(7);
    QTest::newRow("query") << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity" << qint64(0);
    QTest::newRow("one of the query")
        << "-- End one session\nSELECT pg_terminate_backend(pid)\nFROM pg_stat_activity\nWHERE pid "
           "= 24817\n  AND datname = current_database()\n  AND pid <> pg_backend_pid();"
        << qint64(24817);
    QTest::newRow("one or another")
        << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 1 OR pid = 2"
        << qint64(0);
    QTest::newRow("by state")
        << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle'"
        << qint64(0);
    QTest::newRow("another column") << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                       "WHERE leader_pid = 3"
                                    << qint64(0);
    QTest::newRow("two") << "SELECT pg_terminate_backend(1), pg_terminate_backend(2)" << qint64(0);
    QTest::newRow("write") << "DELETE FROM t" << qint64(0);
}

void TestResultModel::readsSignals() {
    QFETCH(QString, sql);
    QFETCH(qint64, pid);
    const auto target = signalTarget(sql);
    QCOMPARE(target ? target->pid : 0, pid);
}

void TestResultModel::evidenceIsBounded() {
    auto set = std::make_shared<ResultSet>(QVector<Column>{{"x", "text", false}});
    for (int i = 0; i < 1000; ++i)
        append(*set, {QByteArray(1000, 'y')});
    QueryResult result;
    result.rows = set;
    const Outcome outcome = outcomeOf(result);
    const auto rows = outcome.evidence.value("rows").toArray();
    QCOMPARE(rows.size(), 16);
    QCOMPARE(rows[0].toArray()[0].toString().size(), 1000);
}

QTEST_MAIN(TestResultModel)
#include "tst_resultmodel.moc"
