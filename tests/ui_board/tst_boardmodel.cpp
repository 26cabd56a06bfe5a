#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "ui/board/boardmodel.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;

namespace {

BoardRow rowNamed(const QString& id, const QString& detail = {}) {
    BoardRow row;
    row.id = id;
    row.title = id;
    row.detail = detail;
    row.members = {u"prod/"_s + id};
    return row;
}

BoardRows rowsNamed(const QString& ids) {
    BoardRows rows;
    for (const QChar id : ids)
        rows.append(rowNamed(QString(id)));
    return rows;
}

QString idsOf(const BoardModel& model) {
    QString ids;
    for (const BoardRow& row : model.rows())
        ids += row.id;
    return ids;
}

}  // namespace

class BoardModelTest : public QObject {
    Q_OBJECT
private slots:
    void takesAnyRowsPrecisely();
    void keepsPersistentIndexes();
    void announcesOnlyWhatChanged();
    void refreshLeavesOrderAlone();
    void countsStructuralChanges_data();
    void countsStructuralChanges();
    void speaks();

private:
    TestClock m_clock;
};

void BoardModelTest::takesAnyRowsPrecisely() {
    BoardModel model(m_clock);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QRandomGenerator random(7);
    for (int round = 0; round < 300; ++round) {
        QString pool = u"abcdefghijklmnopqrstuvwxyz"_s;
        BoardRows rows;
        while (!pool.isEmpty() && random.bounded(12) > 0) {
            const auto at = random.bounded(static_cast<int>(pool.size()));
            rows.append(rowNamed(pool.mid(at, 1), QString::number(random.bounded(2))));
            pool.remove(at, 1);
        }
        model.setRows(rows);
        QCOMPARE(model.rows(), rows);
    }
    QCOMPARE(resets.size(), 0);
}

void BoardModelTest::keepsPersistentIndexes() {
    BoardModel model(m_clock);
    model.setRows(rowsNamed(u"abcdef"_s));
    const QPersistentModelIndex c = model.index(2), b = model.index(1);
    model.setRows(rowsNamed(u"xcyfa"_s));
    QCOMPARE(c.row(), 1);
    QVERIFY(!b.isValid());
}

void BoardModelTest::announcesOnlyWhatChanged() {
    BoardModel model(m_clock);
    model.setRows(rowsNamed(u"abcd"_s));
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy layouts(&model, &QAbstractItemModel::layoutChanged);
    BoardRows rows = rowsNamed(u"abcd"_s);
    model.setRows(rows);
    QCOMPARE(changes.size(), 0);
    rows[2].detail = u"new"_s;
    model.setRows(rows);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex().row(), 2);
    QCOMPARE(changes[0][1].toModelIndex().row(), 2);
    QCOMPARE(layouts.size(), 0);
}

void BoardModelTest::refreshLeavesOrderAlone() {
    BoardModel model(m_clock);
    model.setRows(rowsNamed(u"abc"_s));
    BoardRows rows = rowsNamed(u"xcba"_s);
    rows[2].detail = u"new"_s;
    model.refreshRows(rows);
    QCOMPARE(idsOf(model), u"abc"_s);
    QCOMPARE(model.row(1).detail, u"new"_s);
}

void BoardModelTest::countsStructuralChanges_data() {
    QTest::addColumn<QString>("rows");
    QTest::addColumn<bool>("differs");
    QTest::newRow("same") << u"abc"_s << false;
    QTest::newRow("added") << u"abcd"_s << true;
    QTest::newRow("removed") << u"ab"_s << true;
    QTest::newRow("moved") << u"cab"_s << true;
}

void BoardModelTest::countsStructuralChanges() {
    QFETCH(QString, rows);
    BoardModel model(m_clock);
    model.setRows(rowsNamed(u"abc"_s));
    QTEST(model.structuralDifference(rowsNamed(rows)) > 0, "differs");
}

void BoardModelTest::speaks() {
    BoardModel model(m_clock);
    BoardRow row = rowNamed(u"error_rate"_s, u"7.4 % of requests"_s);
    row.alert.severity = Severity::Critical;
    row.alert.source = u"prod"_s;
    row.since = m_clock.now().addSecs(-125);
    row.incident = u"INC-42"_s;
    model.setRows({row});
    QCOMPARE(
        model.index(0).data(Qt::AccessibleTextRole).toString(),
        u"error_rate, critical, firing for 2 minutes: 7.4 % of requests, from prod, in INC-42"_s);
}

QTEST_GUILESS_MAIN(BoardModelTest)
#include "tst_boardmodel.moc"
