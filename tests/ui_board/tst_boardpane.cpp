#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include "boardscene.h"
#include "ui/board/boardlist.h"
#include "ui/board/boardmodel.h"
#include "ui/board/boardpane.h"
#include "ui/theme/theme.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class BoardPaneTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void showsTheBoard_data();
    void showsTheBoard();
    void selectingOpensTheAlert();
    void theSelectionGoesWhereItsAlertGoes();
    void filterNarrows();
    void rowsStayUnderThePointer();
    void incidentStandsOnTheRow();
    void enterOpensAGroup();
    void declaresWhatIsSelected();
    void emptyBoardSaysWhenItLooked();
    void deadSourceIsNeverCalm();
    void floodIsSaid();

private:
    BoardList* list() const { return m_pane->findChild<BoardList*>(u"boardList"_s); }
    QLabel* label(const char* name) const {
        return m_pane->findChild<QLabel*>(QLatin1String(name));
    }
    QStringList titles() const;
    int rowOf(const QString& title) const { return static_cast<int>(titles().indexOf(title)); }

    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<alerts::Board> m_board;
    std::unique_ptr<BoardPane> m_pane;
};

void BoardPaneTest::init() {
    m_pane.reset();
    m_board.reset();
    m_clock = std::make_unique<TestClock>();
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_board = std::make_unique<alerts::Board>(*m_clock);
    m_board->addSource(u"prod"_s, 60s);
    m_pane = std::make_unique<BoardPane>(*m_theme, *m_board, *m_clock);
    m_pane->resize(350, 620);
    m_pane->show();
}

QStringList BoardPaneTest::titles() const {
    QStringList found;
    for (int i = 0; i < list()->model()->rowCount(); ++i)
        found << list()->model()->index(i, 0).data().toString();
    return found;
}

void BoardPaneTest::showsTheBoard_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void BoardPaneTest::showsTheBoard() {
    QFETCH(bool, dark);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    QAbstractItemModelTester tester(list()->model());
    m_board->accept(test::badMorning(*m_clock));
    m_board->addSource(u"PagerDuty"_s, 60s);
    m_board->sourceFailed(u"PagerDuty"_s, {ErrorCode::RateLimited, u"PagerDuty answers 429."_s, {}},
                          m_clock->now().addSecs(38));
    QTRY_COMPARE(list()->model()->rowCount(), 10);
    list()->setCurrentIndex(list()->model()->index(1, 0));
    const QImage picture = m_pane->grab().toImage();
    QVERIFY(!picture.isNull());
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(picture.save(folder + (dark ? u"/board_dark.png"_s : u"/board_light.png"_s)));
    // The clock of the rows moves without the board changing.
    m_clock->advance(1min);
    QTRY_VERIFY(m_pane->grab().toImage() != picture);
}

void BoardPaneTest::selectingOpensTheAlert() {
    QVector<Alert> selected;
    connect(m_pane.get(), &BoardPane::alertSelected, this,
            [&](const Alert& alert) { selected.append(alert); });
    m_board->accept(test::badMorning(*m_clock));
    QTRY_VERIFY(rowOf(u"error_rate"_s) > 0);
    const QModelIndex index = list()->model()->index(rowOf(u"error_rate"_s), 0);
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected[0].key, u"error_rate"_s);
    QTest::keyClick(list(), Qt::Key_Down);
    QCOMPARE(selected.last().key, u"disk_usage"_s);
    m_pane->selectAlert(u"prod/database_connections"_s);
    QCOMPARE(selected.last().key, u"database_connections"_s);
    QVERIFY(m_pane->findChild<QWidget*>(u"boardDetail"_s)->isVisible());
}

void BoardPaneTest::theSelectionGoesWhereItsAlertGoes() {
    AlertSnapshot morning = test::badMorning(*m_clock);
    Alert& connections = morning.alerts[0];
    connections.state = AlertState::Pending;
    m_board->accept(morning);
    QTRY_VERIFY(rowOf(u"database_connections"_s) > 0);
    m_pane->selectAlert(u"prod/database_connections"_s);
    const int pendingRow = list()->currentIndex().row();
    QSignalSpy selected(m_pane.get(), &BoardPane::alertSelected);

    connections.state = AlertState::Firing;
    m_board->accept(morning);
    QTRY_VERIFY(rowOf(u"database_connections"_s) < pendingRow);
    QCOMPARE(list()->currentIndex().row(), rowOf(u"database_connections"_s));

    morning.alerts.removeFirst();
    m_board->accept(morning);
    QTRY_COMPARE(rowOf(u"database_connections"_s), -1);
    QCOMPARE(list()->currentIndex().row(), -1);
    QVERIFY(selected.isEmpty());  // the runbook in front of the person stays
}

void BoardPaneTest::filterNarrows() {
    m_board->accept(test::badMorning(*m_clock));
    m_pane->findChild<QLineEdit*>(u"boardFilter"_s)->setText(u"severity=critical"_s);
    QTRY_COMPARE(titles(),
                 (QStringList{u"FIRING · 2"_s, u"database_connections"_s, u"error_rate"_s}));
    m_pane->findChild<QLineEdit*>(u"boardFilter"_s)->setText(u"no such thing"_s);
    QTRY_COMPARE(label("boardEmptyTitle")->text(), u"Nothing matches the filter"_s);
}

void BoardPaneTest::rowsStayUnderThePointer() {
    AlertSnapshot snapshot = test::badMorning(*m_clock);
    m_board->accept(snapshot);
    QTRY_VERIFY(rowOf(u"error_rate"_s) > 0);
    const QStringList before = titles();
    QTest::mouseMove(list()->viewport(), QPoint(40, 80));
    QTRY_VERIFY(list()->isHeld());
    snapshot.alerts.removeFirst();
    snapshot.alerts[0].summary = u"now 9 %"_s;
    m_board->accept(snapshot);
    QTRY_VERIFY(label("boardWaiting")->isVisible());
    QCOMPARE(titles().mid(1), before.mid(1));  // only the count in the heading may change
    const int row = rowOf(u"error_rate"_s);
    QCOMPARE(list()->model()->index(row, 0).data(BoardModel::DetailRole).toString(), u"now 9 %"_s);
    m_clock->advance(BoardList::kPointerHold);
    QTRY_VERIFY(rowOf(u"database_connections"_s) < 0);
    QVERIFY(!label("boardWaiting")->isVisible());
}

void BoardPaneTest::incidentStandsOnTheRow() {
    m_board->accept(test::badMorning(*m_clock));
    m_pane->setIncidentOf(u"prod/error_rate"_s, u"INC-42"_s);
    const auto shown = [&] {
        const int row = rowOf(u"error_rate"_s);
        return row < 0 ? QString()
                       : list()->model()->index(row, 0).data(BoardModel::IncidentRole).toString();
    };
    QTRY_COMPARE(shown(), u"INC-42"_s);
    m_pane->setIncidentOf(u"prod/error_rate"_s, {});
    QTRY_COMPARE(shown(), QString());
}

void BoardPaneTest::enterOpensAGroup() {
    m_board->accept(test::badMorning(*m_clock));
    QTRY_VERIFY(rowOf(u"disk_usage"_s) > 0);
    list()->setCurrentIndex(list()->model()->index(rowOf(u"disk_usage"_s), 0));
    QTest::keyClick(list(), Qt::Key_Return);
    QTRY_VERIFY(rowOf(u"worker-5"_s) > 0);
    QTest::keyClick(list(), Qt::Key_Return);
    QTRY_VERIFY(rowOf(u"worker-5"_s) < 0);
}

void BoardPaneTest::declaresWhatIsSelected() {
    QVector<Alert> declared;
    connect(m_pane.get(), &BoardPane::declareRequested, this,
            [&](const QVector<Alert>& alerts) { declared = alerts; });
    m_board->accept(test::badMorning(*m_clock));
    QTRY_VERIFY(rowOf(u"disk_usage"_s) > 0);
    m_pane->declareSelected();
    QVERIFY(declared.isEmpty());
    auto* selection = list()->selectionModel();
    selection->select(list()->model()->index(rowOf(u"disk_usage"_s), 0),
                      QItemSelectionModel::Select);
    selection->select(list()->model()->index(rowOf(u"error_rate"_s), 0),
                      QItemSelectionModel::Select);
    m_pane->declareSelected();
    QCOMPARE(declared.size(), 4);
    QCOMPARE(declared.first().key, u"error_rate"_s);
}

void BoardPaneTest::emptyBoardSaysWhenItLooked() {
    m_board->accept({u"prod"_s, m_clock->now(), {}});
    m_clock->advance(12s);
    QTRY_VERIFY(label("boardEmptyTitle")->isVisible());
    QTRY_COMPARE(label("boardEmptyTitle")->text(), u"Nothing is firing"_s);
    QVERIFY(label("boardEmptyText")->text().contains(u"prod · looked 0:12 ago"_s));
}

void BoardPaneTest::deadSourceIsNeverCalm() {
    m_board->sourceFailed(u"prod"_s, {ErrorCode::Unavailable, u"Cannot connect to prod."_s, {}},
                          {});
    QTRY_COMPARE(titles(), (QStringList{u"UNKNOWN · 1 SOURCE"_s, u"prod"_s}));
    QVERIFY(!label("boardEmptyTitle")->isVisible());
}

void BoardPaneTest::floodIsSaid() {
    AlertSnapshot snapshot = test::badMorning(*m_clock);
    for (int i = 0; i < 40; ++i) {
        Alert alert = snapshot.alerts[1];
        alert.startsAt = m_clock->now().addSecs(-30);
        alert.fingerprint = QString::number(i);
        snapshot.alerts.append(alert);
    }
    m_board->accept(snapshot);
    QTRY_VERIFY(label("boardFlood")->isVisible());
    QVERIFY(label("boardFlood")->text().contains(u"41 new alerts"_s));
    QCOMPARE(list()->model()->rowCount(), 8);  // still one row per key, and two headings
}

QTEST_MAIN(BoardPaneTest)
#include "tst_boardpane.moc"
