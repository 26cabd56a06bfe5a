#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

#include "ui/query/activitysql.h"
#include "ui/query/activityview.h"
#include "ui/query/sessionmodels.h"

using namespace tocsin;
using namespace tocsin::ui;

namespace {

QVector<Column> sessionColumns() {
    QVector<Column> columns;
    for (const char* name :
         {"pid", "state", "age", "blocked_by", "role", "application", "client", "waits_for",
          "in_state", "age_s", "in_state_s", "wait_s", "connected_at", "query"})
        columns << Column{QString::fromLatin1(name), {}, false};
    return columns;
}

void addSession(ResultSet& set, int pid, const QByteArray& blockers, double age,
                const QByteArray& state = "active", const QByteArray& wait = {}) {
    const QByteArray cells[] = {QByteArray::number(pid),
                                state,
                                "00:00:01",
                                blockers,
                                "app",
                                "worker",
                                "10.0.0.1",
                                "Lock transactionid",
                                "00:00:01",
                                age < 0 ? QByteArray() : QByteArray::number(age),
                                QByteArray::number(age),
                                wait,
                                "2026-01-01 00:00:00.000000",
                                "UPDATE t"};
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const QByteArray& cell : cells) {
        values.push_back(cell.constData());
        lengths.push_back(cell.isEmpty() ? -1 : static_cast<int>(cell.size()));
    }
    set.appendRow(values.data(), lengths.data());
}

}  // namespace

class TestActivity : public QObject {
    Q_OBJECT
private slots:
    void growsTheTree();
    void everyBlockerCounts();
    void aPreparedTransactionIsNamed();
    void cutsCycles();
    void workersOfOneQueryCountOnce();
    void rowsStayWhereTheyAre();
    void treeKeepsItsShape();
    void theChosenOneStaysChosen();
    void nobodyIsChosenInItsPlace();
    void whatIsHiddenIsNotNothing();
    void manySessions();
    void statementsUseTheInstalledNames();
    void spansAreReadable_data();
    void spansAreReadable();
};

void TestActivity::growsTheTree() {
    ResultSet set(sessionColumns());
    addSession(set, 10, {}, 787, "idle in transaction");
    addSession(set, 11, "{10}", 60);
    addSession(set, 12, "{11}", 50);
    addSession(set, 13, {}, -1, "idle");
    addSession(set, 14, "{99}", 5);
    const ServerActivity activity = activityIn(set);
    QCOMPARE(activity.sessions.size(), 5);
    QCOMPARE(activity.idleInTransaction, 1);
    QCOMPARE(activity.blocking.roots.size(), 2);
    const auto& first = activity.blocking.nodes[activity.blocking.roots[0]];
    QCOMPARE(first.pid, 10);
    QCOMPARE(first.holds, 2);
    QCOMPARE(first.longestWait, 60.0);
    const auto& unseen = activity.blocking.nodes[activity.blocking.roots[1]];
    QCOMPARE(unseen.pid, 99);
    QCOMPARE(unseen.session, -1);
    QCOMPARE(activity.blocking.waiting, 3);
    QCOMPARE(activity.sessions[activity.longest].pid, 10);
}

/// Who waits for two is held up by both, and counts once in all.
void TestActivity::everyBlockerCounts() {
    ResultSet set(sessionColumns());
    addSession(set, 10, {}, 787, "idle in transaction");
    addSession(set, 20, {}, 500, "active");
    addSession(set, 11, "{10,20}", 600, "active", "3.5");
    addSession(set, 12, "{11}", 600, "active", "-0.002");
    const ServerActivity activity = activityIn(set);
    const BlockingTree& tree = activity.blocking;
    QCOMPARE(tree.roots.size(), 2);
    for (const int root : tree.roots) {
        QCOMPARE(tree.nodes[root].holds, 2);
        QCOMPARE(tree.nodes[root].longestWait, 3.5);  // not the age of the statement
        QCOMPARE(tree.nodes[root].children.size(), 1);
        QCOMPARE(tree.nodes[tree.nodes[root].children[0]].pid, 11);
    }
    QCOMPARE(tree.waiting, 2);
    QCOMPARE(activity.sessions[3].waited(), 0.0);  // it began after the look did
    BlockingModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show(activity);
    QCOMPARE(model.rowCount(), 2);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.show(activity);
    QVERIFY(changed.size() >= 3);  // the waiters' times go on as well
}

void TestActivity::aPreparedTransactionIsNamed() {
    ResultSet set(sessionColumns());
    addSession(set, 0, {}, 9000, "prepared transaction");
    addSession(set, 11, "{0}", 60);
    const ServerActivity activity = activityIn(set);
    QCOMPARE(activity.blocking.roots.size(), 1);
    QCOMPARE(activity.sessions[activity.longest].pid, 11);
    BlockingModel model;
    model.show(activity);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("app · worker"));
    QVERIFY(model.index(0, BlockingModel::State)
                .data()
                .toString()
                .startsWith(QStringLiteral("prepared transaction")));
}

void TestActivity::cutsCycles() {
    ResultSet set(sessionColumns());
    addSession(set, 1, "{2}", 1);
    addSession(set, 2, "{1}", 2);
    const ServerActivity activity = activityIn(set);
    QCOMPARE(activity.blocking.roots.size(), 1);
    QCOMPARE(activity.blocking.nodes.size(), 2);
}

void TestActivity::workersOfOneQueryCountOnce() {
    ResultSet set(sessionColumns());
    addSession(set, 1, {}, 9);
    addSession(set, 2, "{1,1,1}", 2);
    QCOMPARE(activityIn(set).blocking.waiting, 1);
}

void TestActivity::rowsStayWhereTheyAre() {
    SessionModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    ResultSet first(sessionColumns());
    for (const int pid : {1, 2, 3})
        addSession(first, pid, {}, pid);
    model.show(activityIn(first).sessions);
    QPersistentModelIndex third = model.index(2, 0);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    ResultSet second(sessionColumns());
    addSession(second, 4, {}, 1);
    addSession(second, 3, {}, 30);
    addSession(second, 1, {}, 1);
    model.show(activityIn(second).sessions);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("1"));
    QCOMPARE(third.data().toString(), QStringLiteral("3"));
    QCOMPARE(model.index(2, 0).data().toString(), QStringLiteral("4"));
}

void TestActivity::treeKeepsItsShape() {
    BlockingModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    ResultSet set(sessionColumns());
    addSession(set, 1, {}, 9);
    addSession(set, 2, "{1}", 2);
    addSession(set, 3, "{2}", 2);
    model.show(activityIn(set));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.show(activityIn(set));
    QCOMPARE(reset.size(), 0);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(root.siblingAtColumn(BlockingModel::Holds).data().toString(), QStringLiteral("2"));
    QCOMPARE(model.index(0, 0, model.index(0, 0, root)).data(SessionModel::PidRole).toInt(), 3);
    model.show({});
    QCOMPARE(model.rowCount(), 0);
}

/// While somebody reads, the queue grows: who was chosen to be ended stays it, what is open open.
void TestActivity::theChosenOneStaysChosen() {
    theme::Theme theme(theme::Mode::Dark);
    TestClock clock;
    ActivityView view(theme, clock);
    view.showTopic(ActivityTopic::Blocking);
    view.resize(520, 600);
    view.show();
    const auto activity = [](int waiters, bool another) {
        ResultSet set(sessionColumns());
        addSession(set, 10, {}, 787, "idle in transaction");
        for (int i = 1; i <= waiters; ++i)
            addSession(set, 10 + i, "{" + QByteArray::number(9 + i) + '}', 60 - i);
        if (another) {
            addSession(set, 100, {}, 900, "idle in transaction");
            for (int i = 1; i <= 5; ++i)
                addSession(set, 100 + i, "{100}", 60 - i);
        }
        return activityIn(set);
    };
    auto* tree = view.findChild<QTreeView*>(QStringLiteral("activityBlocking"));
    auto* query = view.findChild<QLabel*>(QStringLiteral("activityQuery"));
    view.showActivity(activity(2, false));
    const QModelIndex child = tree->model()->index(0, 0, tree->model()->index(0, 0));
    tree->expand(child);
    tree->setCurrentIndex(child);
    QCOMPARE(query->text(), QStringLiteral("UPDATE t"));
    view.showActivity(activity(3, true));
    QCOMPARE(tree->model()->rowCount(), 2);
    QCOMPARE(tree->currentIndex().data(SessionModel::PidRole).toLongLong(), 11);
    QVERIFY(tree->isExpanded(tree->currentIndex()));
    QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));  // the new root too
    QSignalSpy wanted(&view, &ActivityView::signalWanted);
    view.findChild<QPushButton*>(QStringLiteral("activityTerminate"))->click();
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toString(), QStringLiteral("SELECT pg_terminate_backend(11)"));
    // It went: nobody else is chosen in its place.
    view.showActivity(activity(0, true));
    QVERIFY(!tree->currentIndex().isValid());
}

void TestActivity::nobodyIsChosenInItsPlace() {
    theme::Theme theme{theme::Mode::Dark};
    TestClock clock;
    ActivityView view(theme, clock);
    const auto activity = [](const QVector<int>& pids) {
        ResultSet set(sessionColumns());
        for (const int pid : pids)
            addSession(set, pid, {}, 1000 - pid);
        return activityIn(set);
    };
    auto* rows = view.findChild<QTableView*>(QStringLiteral("activitySessions"));
    const auto chosen = [rows] {
        return rows->currentIndex().data(SessionModel::PidRole).toLongLong();
    };
    view.showActivity(activity({10, 11, 12}));
    rows->selectRow(1);
    view.showActivity(activity({10, 11, 12, 13}));
    QCOMPARE(chosen(), 11);
    // By hand they are put in order again, around the one that is chosen.
    view.findChild<QPushButton*>(QStringLiteral("activityRefresh"))->click();
    view.showActivity(activity({13, 10, 11, 12}));
    QCOMPARE(chosen(), 11);
    QCOMPARE(rows->model()->index(0, 0).data(SessionModel::PidRole).toLongLong(), 13);
    view.showActivity(activity({10, 12, 13}));
    QVERIFY(!rows->currentIndex().isValid());
    QVERIFY(!rows->selectionModel()->hasSelection());
}

/// A role outside pg_monitor is told only that others are there.
void TestActivity::whatIsHiddenIsNotNothing() {
    ResultSet set(sessionColumns());
    addSession(set, 10, {}, 5, "active");
    for (const int pid : {11, 12})
        addSession(set, pid, {}, -1, "hidden");
    const ServerActivity activity = activityIn(set);
    QCOMPARE(activity.hidden, 2);
    theme::Theme theme{theme::Mode::Dark};
    TestClock clock;
    ActivityView view(theme, clock);
    view.showActivity(activity);
    const QString facts = view.findChild<QLabel*>(QStringLiteral("activityFacts"))->text();
    QVERIFY2(facts.contains(QStringLiteral("what 2 of 3 sessions do is not known")),
             qPrintable(facts));
}

void TestActivity::manySessions() {
    ResultSet set(sessionColumns());
    for (int pid = 1; pid <= 5000; ++pid)
        addSession(
            set, pid,
            pid % 10 ? QByteArray("{") + QByteArray::number(pid - pid % 10) + '}' : QByteArray(),
            pid);
    const ServerActivity activity = activityIn(set);
    QCOMPARE(activity.sessions.size(), 5000);
    QCOMPARE(activity.blocking.waiting, 4500);
}

void TestActivity::statementsUseTheInstalledNames() {
    QVERIFY(statementsSql(QStringLiteral("public"), true, false)
                .contains(QStringLiteral("ORDER BY total_exec_time")));
    const QString old = statementsSql(QStringLiteral("we\"ird"), false, true);
    QVERIFY(old.contains(QStringLiteral("ORDER BY mean_time")));
    QVERIFY(!old.contains(QStringLiteral("exec_time")));
    QVERIFY(old.contains(QStringLiteral("\"we\"\"ird\".pg_stat_statements")));
}

void TestActivity::spansAreReadable_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << -1.0 << QString();
    QTest::newRow("short") << 0.412 << QStringLiteral("412 ms");
    QTest::newRow("minutes") << 787.9 << QStringLiteral("13:07");
    QTest::newRow("seconds") << 7.0 << QStringLiteral("0:07");
    QTest::newRow("hours") << 3731.0 << QStringLiteral("1:02:11");
}

void TestActivity::spansAreReadable() {
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(lastingText(seconds), text);
}

QTEST_MAIN(TestActivity)
#include "tst_activity.moc"
