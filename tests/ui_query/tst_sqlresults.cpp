#include <QComboBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>

#include "tests/ui_query/sqlpanefixture.h"
#include "ui/query/chartview.h"
#include "ui/query/receiptview.h"
#include "ui/query/resultview.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What is done with rows: shown, sorted, pinned, compared, written to files.
class TestSqlResults : public SqlPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void handlesResults();
    void rowsSayWhoseTheyAre();
    void columnsGrowWithTheirRows();
    void sortingHidesNothing();
    void whatIsNotShownIsNotWritten();
    void aFileHasAllThatIsShown();
    void oldRowsAreNoAnswer();
    void rowsBeforeACancelAreNotTheWhole();
    void writesAllPastTheLimit();
    void receiptIsThere();
    void picksCells();
    void drawsPlans();
    void measuresOnlyUnlocked();
};

void TestSqlResults::handlesResults() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    const QString sql = QStringLiteral(
        "SELECT id, status, timestamptz '2026-01-01 00:00+00' + id * interval '1 min' AS at, "
        "round((50 + 40 * sin(id / 9.0))::numeric, 2) AS value, "
        "jsonb_build_object('id', id, 'tags', ARRAY['a', 'b']) AS doc FROM content");
    m_pane->run(QStringLiteral("primary"), sql);
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY2(outcome(ran).ok, "");
    auto* grid = static_cast<ResultGrid*>(part<QTableView>("sqlGrid"));
    QTest::keyClicks(part<QLineEdit>("sqlFilter"), QStringLiteral("\"id\": 9"));
    QTRY_COMPARE(grid->model()->rowCount(), 11);
    part<QLineEdit>("sqlFilter")->clear();
    QTRY_COMPARE(grid->model()->rowCount(), 100);
    grid->arrange({0, true, {}});
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("100"));
    emit grid->cellOpened(grid->model()->index(0, 4));
    QTRY_COMPARE(part<QTabBar>("cellWays")->currentIndex(), 1);
    part<QPushButton>("cellClose")->click();
    part<QPushButton>("sqlChartToggle")->click();
    auto* chart = m_pane->findChild<ChartView*>();
    QTRY_COMPARE(chart->series().y.size(), 100);
    QVERIFY(chart->series().overTime);
    part<QComboBox>("sqlChartColumn")->setCurrentText(QStringLiteral("value"));
    QTRY_COMPARE(chart->series().name, QStringLiteral("value"));
    part<QPushButton>("sqlChartToggle")->click();
    QTemporaryDir folder;
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy said(view, &ResultView::said);
    view->exportTo(folder.filePath(QStringLiteral("out.csv")));
    QTRY_VERIFY(!said.isEmpty());
    QFile file(folder.filePath(QStringLiteral("out.csv")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readLine().startsWith("id,status,at"));
    QVERIFY(file.readLine().startsWith("100,"));  // in the order that is shown
    view->exportTo(QStringLiteral("/nowhere/out.csv"));
    QTRY_VERIFY(said.last()[0].toString().contains(QStringLiteral("cannot be written")));
    part<QPushButton>("sqlPin")->click();
    m_server.sql(QStringLiteral("UPDATE content SET status = 'SLOW' WHERE id = 7"));
    m_pane->run(QStringLiteral("primary"), sql + QStringLiteral(" WHERE id > 1"));
    QTRY_COMPARE(ran.size(), 1);
    part<QPushButton>("sqlCompare")->click();
    auto* caption = part<QLabel>("sqlResultCaption");
    QTRY_VERIFY2(caption->text().startsWith(QStringLiteral("1 changed, 0 added, 1 gone, 98 the")),
                 qPrintable(caption->text()));
    auto* key = part<QComboBox>("sqlCompareKey");
    QVERIFY(key->isVisible());
    key->setCurrentIndex(1);
    emit key->activated(1);
    QTRY_VERIFY2(caption->text().endsWith(QStringLiteral("by status")),
                 qPrintable(caption->text()));
    auto* pins = part<QTabBar>("sqlPins");
    QCOMPARE(pins->count(), 1);
    part<QPushButton>("sqlPin")->click();
    QCOMPARE(pins->count(), 2);
    QTRY_VERIFY2(caption->text().startsWith(QStringLiteral("0 changed")),
                 qPrintable(caption->text()));
    emit pins->tabCloseRequested(1);
    emit pins->tabCloseRequested(0);
    QCOMPARE(pins->count(), 0);
    QVERIFY(!part<QTableView>("sqlPinned")->isVisible());
    m_server.sql(QStringLiteral("UPDATE content SET status = 'READY'"));
}

/// Under another connection's name they would be taken for what that one says.
void TestSqlResults::rowsSayWhoseTheyAre() {
    const auto other = connectionNamed(QStringLiteral("other"));
    m_pane->setConnections({m_connection.get(), other.get()});
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    auto* choice = part<QComboBox>("sqlConnection");
    auto* footer = part<QLabel>("sqlFooter");
    const QString footing = footer->text();
    choice->setCurrentText(QStringLiteral("other"));
    QVERIFY2(footer->text().startsWith(QStringLiteral("These rows are of primary")),
             qPrintable(footer->text()));
    choice->setCurrentText(QStringLiteral("primary"));
    QCOMPARE(footer->text(), footing);
    m_pane->setConnections({m_connection.get()});
}

/// Numbers become longer towards the end, and a new result begins at its beginning.
void TestSqlResults::columnsGrowWithTheirRows() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, repeat('x', 200) AS a, repeat('x', 200) AS b FROM "
                               "generate_series(1, 2000000, 997) g"));
    QTRY_COMPARE(ran.size(), 1);
    auto* grid = static_cast<ResultGrid*>(part<QTableView>("sqlGrid"));
    const QModelIndex last = grid->model()->index(grid->model()->rowCount() - 1, 0);
    const int text = QFontMetrics(m_theme.monoFont(-1)).horizontalAdvance(last.data().toString());
    QVERIFY2(grid->columnWidth(0) >= text + 18, qPrintable(QString::number(grid->columnWidth(0))));
    grid->scrollToBottom();
    grid->horizontalScrollBar()->setValue(grid->horizontalScrollBar()->maximum());
    QVERIFY(grid->horizontalScrollBar()->value() > 0);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, repeat('y', 200) AS a, repeat('y', 200) AS b FROM "
                               "generate_series(1, 500) g"));
    QTRY_COMPARE(ran.size(), 2);
    QCOMPARE(grid->horizontalScrollBar()->value(), 0);
    QCOMPARE(grid->verticalScrollBar()->value(), 0);
}

void TestSqlResults::sortingHidesNothing() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, pg_sleep(0.005) FROM generate_series(1, 150) g"));
    auto* grid = static_cast<ResultGrid*>(part<QTableView>("sqlGrid"));
    QTRY_VERIFY(grid->model()->rowCount() > 0);
    grid->arrange({0, true, {}});
    QTRY_COMPARE(ran.size(), 1);
    QTRY_COMPARE(grid->model()->rowCount(), 150);
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("150"));
    // The arrow goes on to say what is so when the same question is answered again.
    auto again = std::make_shared<ResultSet>(grid->set()->columns());
    for (const char* number : {"7", "9", "8"}) {
        const char* values[] = {number, ""};
        const int lengths[] = {1, 0};
        again->appendRow(values, lengths);
    }
    grid->showAgain(again);
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("9"));
}

void TestSqlResults::whatIsNotShownIsNotWritten() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id FROM content"));
    QTRY_COMPARE(ran.size(), 1);
    auto* grid = part<QTableView>("sqlGrid");
    part<QLineEdit>("sqlFilter")->setText(QStringLiteral("nowhere"));
    QTRY_COMPARE(grid->model()->rowCount(), 0);
    QTemporaryDir folder;
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy said(view, &ResultView::said);
    view->exportTo(folder.filePath(QStringLiteral("none.csv")));
    QTRY_VERIFY(!said.isEmpty());
    QVERIFY2(said.last()[0].toString().contains(QStringLiteral("nothing was written")),
             qPrintable(said.last()[0].toString()));
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("none.csv"))));
    part<QLineEdit>("sqlFilter")->clear();
}

/// A cell that was clicked is chosen for copying; a file is of all rows, and replaces none unasked.
void TestSqlResults::aFileHasAllThatIsShown() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id FROM content ORDER BY id"));
    QTRY_COMPARE(ran.size(), 1);
    part<QTableView>("sqlGrid")->selectRow(3);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("rows.csv"));
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy exported(view, &ResultView::exported);
    view->exportTo(path);
    QTRY_COMPARE(exported.size(), 1);
    QVERIFY(exported.takeFirst()[1].toBool());
    const QString said = part<QLabel>("sqlNoticeText")->text();
    QVERIFY2(said.contains(QStringLiteral("rows.csv written, 100 rows")), qPrintable(said));
    const auto lines = [&path] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : -1;
    };
    QCOMPARE(lines(), 101);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 2);
    view->exportTo(path);
    QVERIFY2(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("exists. Press again")),
             qPrintable(part<QLabel>("sqlNoticeText")->text()));
    QCOMPARE(lines(), 101);
    exported.clear();
    view->exportTo(path);
    QTRY_COMPARE(exported.size(), 1);
    QCOMPARE(lines(), 2);
}

/// Whoever reads rows under a refusal must not take them for its answer.
void TestSqlResults::oldRowsAreNoAnswer() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 'old' AS word"));
    QTRY_COMPARE(ran.size(), 1);
    auto* footer = part<QLabel>("sqlFooter");
    QVERIFY(footer->text().contains(QStringLiteral("sha256")));
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("WITH gone AS (DELETE FROM content RETURNING id) TABLE gone"));
    QTRY_COMPARE(ran.size(), 2);
    QCOMPARE(footer->text(), QStringLiteral("Rows of an earlier run: SELECT 'old' AS word"));
    QVERIFY2(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("(rule cte-write)")),
             qPrintable(part<QLabel>("sqlNoticeText")->text()));
    const auto* receipt = static_cast<ReceiptView*>(part<QWidget>("receipt"));
    QCOMPARE(receipt->json(), QString());
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT nowhere"));
    QTRY_COMPARE(ran.size(), 3);
    QVERIFY(footer->text().startsWith(QStringLiteral("Rows of an earlier run")));
    QVERIFY(!part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("(rule")));
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 4);
    QVERIFY(footer->text().contains(QStringLiteral("sha256")));
    QVERIFY(!receipt->json().isEmpty());
}

void TestSqlResults::rowsBeforeACancelAreNotTheWhole() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 'old' AS word"));
    QTRY_COMPARE(ran.size(), 1);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, repeat('x', 9000) AS pad, pg_sleep(0.002) FROM "
                               "generate_series(1, 100000) g"));
    auto* grid = part<QTableView>("sqlGrid");
    QTRY_VERIFY(grid->model()->columnCount() == 3 && grid->model()->rowCount() > 5);
    part<QPushButton>("sqlCancel")->click();
    QTRY_COMPARE(ran.size(), 2);
    auto* footer = part<QLabel>("sqlFooter");
    QCOMPARE(footer->text(),
             QStringLiteral("Not the whole result: the %1 rows that came before it ended")
                 .arg(grid->model()->rowCount()));
    // All of it can still be asked for, and it is this statement that is run again.
    part<QPushButton>("sqlExport")->click();
    QVERIFY(part<QPushButton>("sqlExportAll")->isVisible());
    QCOMPARE(static_cast<ReceiptView*>(part<QWidget>("receipt"))->json(), QString());
}

void TestSqlResults::writesAllPastTheLimit() {
    const auto small =
        connectionNamed(QStringLiteral("small"), {{QStringLiteral("result_limit"), 1}});
    m_pane->setConnections({small.get()});
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("small"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!part<QPushButton>("sqlExportAll")->isVisibleTo(m_pane.get()));
    m_pane->run(
        QStringLiteral("small"),
        QStringLiteral("SELECT g, repeat('x', 200) AS pad FROM generate_series(1, 50000) g"));
    QTRY_COMPARE(ran.size(), 2);
    part<QPushButton>("sqlExport")->click();
    auto* all = part<QPushButton>("sqlExportAll");
    QVERIFY(all->isVisible());
    ran.clear();
    QTemporaryDir folder;
    auto* path = part<QLineEdit>("sqlExportPath");
    path->setText(folder.filePath(QStringLiteral("all.txt")));
    all->click();
    QCOMPARE(ran.size(), 0);
    path->setText(folder.filePath(QStringLiteral("none/all.csv")));
    all->click();
    QTRY_COMPARE(ran.size(), 1);
    const Outcome failed = outcome(ran);
    QVERIFY2(!failed.ok && failed.line.contains(QStringLiteral("could not be written")),
             qPrintable(failed.line));
    for (const char* ending : {"csv", "json"}) {
        const QString file = folder.filePath(QStringLiteral("all.") + QLatin1String(ending));
        path->setText(file);
        all->click();
        QTRY_COMPARE_WITH_TIMEOUT(ran.size(), 1, 30000);
        const Outcome done = outcome(ran);
        QVERIFY2(done.ok, qPrintable(done.line));
        QVERIFY2(done.line.contains(QStringLiteral("50000 rows")), qPrintable(done.line));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray text = written.readAll();
        if (ending == QLatin1String("csv")) QCOMPARE(text.count('\n'), 50001);
        if (ending == QLatin1String("csv")) continue;
        const QJsonObject json = QJsonDocument::fromJson(text).object();
        QCOMPARE(json[u"rows"].toArray().size(), 50000);
        QCOMPARE(json[u"row_count"].toInt(), 50000);
    }
    m_pane->setConnections({});
}

void TestSqlResults::receiptIsThere() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    auto* tabs = part<QTabWidget>("sqlTabs");
    tabs->setCurrentWidget(part<QWidget>("receipt"));
    const auto* page = static_cast<ReceiptView*>(part<QWidget>("receipt"));
    QVERIFY(page->widget()->minimumSizeHint().width() < 500);  // the checksum is one word
    const QString json = page->json();
    for (const char* word : {"verified: transaction_read_only on", "idle after", "sha256"})
        QVERIFY2(json.contains(QLatin1String(word)), word);
}

void TestSqlResults::picksCells() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 24817 AS pid"));
    QTRY_COMPARE(ran.size(), 1);
    QSignalSpy picked(m_pane.get(), &SqlPane::cellPicked);
    auto* grid = part<QTableView>("sqlGrid");
    QTest::mouseClick(grid->viewport(), Qt::LeftButton, {},
                      grid->visualRect(grid->model()->index(0, 0)).center());
    QCOMPARE(picked.size(), 1);
    QCOMPARE(picked[0][0].toString(), QStringLiteral("24817"));
    QCOMPARE(picked[0][1].toString(), QStringLiteral("primary · pid"));
}

void TestSqlResults::drawsPlans() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->edit(QStringLiteral("primary"),
                 QStringLiteral("SELECT a.status, count(*) FROM content a JOIN content b ON a.id = "
                                "b.id + 1 WHERE b.status <> 'x' GROUP BY 1 ORDER BY 2"));
    part<QPushButton>("sqlExplain")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    auto* tree = part<QTreeView>("sqlPlan");
    QCOMPARE(tree->model()->rowCount(), 1);
    QVERIFY(tree->model()->rowCount(tree->model()->index(0, 0)) > 0);
    auto* analyze = part<QPushButton>("sqlAnalyze");
    QVERIFY(!analyze->isEnabled());
    QVERIFY(m_connection->unlock(QStringLiteral("measuring"), std::chrono::minutes(1)));
    QVERIFY(analyze->isEnabled());
    analyze->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    QVERIFY(part<QLabel>("sqlPlanSummary")->text().startsWith(QStringLiteral("Ran in")));
    QVERIFY(tree->columnWidth(0) > 220);  // the steps can be read, and the figures are beside them
    QVERIFY(tree->columnViewportPosition(4) < tree->viewport()->width());
    m_connection->lock();
    QVERIFY(!analyze->isEnabled());
}

/// Typed EXPLAIN ANALYZE: what would allow it is said, and then it runs without a question.
void TestSqlResults::measuresOnlyUnlocked() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->edit(QStringLiteral("primary"),
                 QStringLiteral("EXPLAIN ANALYZE SELECT count(*) FROM content"));
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QVERIFY2(
        part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("Unlock the connection")),
        qPrintable(part<QLabel>("sqlNoticeText")->text()));
    QVERIFY(part<QPushButton>("sqlRehearse")->isHidden());
    QVERIFY(m_connection->unlock(QStringLiteral("measuring"), std::chrono::minutes(1)));
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    QVERIFY(part<ResultGrid>("sqlGrid")->model()->rowCount() > 1);
    m_connection->lock();
}

QTEST_MAIN(TestSqlResults)
#include "tst_sqlresults.moc"
