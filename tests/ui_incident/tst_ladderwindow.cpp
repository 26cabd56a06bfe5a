// The ladder's controls and the page that says who would be told when, driven as a person would.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QVBoxLayout>

#include "tests/escalation/enginerig.h"
#include "ui/incident/ladderactions.h"
#include "ui/incident/ladderpanel.h"
#include "ui/incident/simulationmodel.h"
#include "ui/incident/simulationpane.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;

class LadderWindowTest : public EngineRig {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void aCardIsChosenAndPaged();
    void theKeyboardChoosesToo();
    void aHoldEndsAtATime();
    void acknowledgingForAsLongAsWorkGoesOn();
    void theSeveritySaysWhatItWillDo();
    void oneQuestionAtATime();
    void simulationModel();
    void simulationAnswers();
    void simulationUnderstandsTimes_data();
    void simulationUnderstandsTimes();

private:
    template <typename T>
    T* find(const char* name) {
        T* found = m_window->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    void press(const char* name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void show(const QString& id) {
        m_panel->setLadder(m_engine->ladder(id), m_journal->find(id)->declaredAt);
        m_panel->setNow(m_clock->now());
    }

    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<CurrentIncident> m_current;
    LadderActions* m_actions = nullptr;
    LadderPanel* m_panel = nullptr;
    SimulationPane* m_simulation = nullptr;
};

void LadderWindowTest::init() {
    begin();
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_theme->applyTo(*qApp);
    m_current = std::make_unique<CurrentIncident>(*m_journal);
    m_window = std::make_unique<QWidget>();
    auto* column = new QVBoxLayout(m_window.get());
    m_actions = new LadderActions(*m_current, *m_engine, *m_clock, u"ada"_s);
    m_panel = new LadderPanel(*m_theme, *m_actions);
    m_simulation = new SimulationPane(*m_theme, m_engine->policy(), *m_clock);
    column->addWidget(m_panel);
    column->addWidget(m_actions);
    column->addWidget(m_simulation, 1);
    m_window->resize(900, 600);
    m_window->show();
    (void)QTest::qWaitForWindowActive(m_window.get());
}

void LadderWindowTest::cleanup() {
    m_window.reset();
    m_current.reset();
    m_theme.reset();
    close();
}

void LadderWindowTest::aCardIsChosenAndPaged() {
    const QString id = declare(Priority::P2);
    show(id);
    auto* ladder = find<QWidget>("ladder");
    const int card = ladder->sizeHint().width() / 3;
    QTest::mouseClick(ladder, Qt::LeftButton, {},
                      QPoint(std::min(2 * card + 40, ladder->width() - 8), 12));
    auto* form = find<QWidget>("escalateForm");
    QVERIFY(form->isVisible());
    QVERIFY2(
        form->accessibleName().contains(u"Page level 3, Engineering lead (@on-call-team), now?"_s),
        qPrintable(form->accessibleName()));
    QVERIFY(form->accessibleName().contains(u"Level 2 is passed over"_s));
    QCOMPARE(arrived().size(), 1);
    press("escalateConfirm");
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
    QVERIFY(!form->isVisible());
    QCOMPARE(state(id, 2), RungState::Skipped);
}

void LadderWindowTest::theKeyboardChoosesToo() {
    const QString id = declare(Priority::P2);
    show(id);
    auto* ladder = find<QWidget>("ladder");
    find<QLineEdit>("simulationAt")->setFocus();
    ladder->setFocus(Qt::TabFocusReason);  // the next level has the keyboard
    QVERIFY(ladder->accessibleName().contains(u"2 Secondary on-call"_s));
    QTest::keyClick(ladder, Qt::Key_Left);
    QTest::keyClick(ladder, Qt::Key_Return);
    QVERIFY(find<QWidget>("escalateForm")->accessibleName().contains(u"again now?"_s));
    find<QComboBox>("escalateLevel")->setCurrentIndex(1);
    QVERIFY(find<QWidget>("escalateForm")->accessibleName().contains(u"Page level 2"_s));
    QTest::keyClick(find<QComboBox>("escalateLevel"), Qt::Key_Escape);
    QVERIFY(!find<QWidget>("escalateForm")->isVisible());
}

void LadderWindowTest::aHoldEndsAtATime() {
    const QString id = declare(Priority::P2);
    m_actions->hold();
    find<QLineEdit>("holdReason")->setText(u"both are on the call"_s);
    find<QLineEdit>("holdUntil")->setText(u"later"_s);
    press("holdConfirm");
    QVERIFY(find<QLabel>("holdFormError")->isVisible());
    QVERIFY(!find<QComboBox>("holdSpan")->isEnabled());
    find<QLineEdit>("holdUntil")->setText(u"11:30"_s);  // it is noon: tomorrow
    press("holdConfirm");
    settle();
    QVERIFY(m_engine->ladder(id).held);
    QCOMPARE(m_engine->ladder(id).heldUntil, QDateTime(QDate(2026, 1, 2), QTime(11, 30), Qt::UTC));
    QVERIFY(said(id, u"held"_s).contains(u"2026-01-02 11:30 UTC"_s));
    show(id);
    QCOMPARE(m_panel->state(), u"held: both are on the call"_s);
    m_actions->hold();
    settle();
    QVERIFY(!m_engine->ladder(id).held);
}

void LadderWindowTest::acknowledgingForAsLongAsWorkGoesOn() {
    const QString id = declare(Priority::P2);
    show(id);
    QCOMPARE(m_panel->state(), u"nobody has acknowledged"_s);
    press("ladderAcknowledge");
    auto* silence = find<QComboBox>("acknowledgeSilence");
    QCOMPARE(silence->itemText(0), u"only by hand"_s);
    silence->setCurrentIndex(2);
    press("acknowledgeConfirm");
    settle();
    show(id);
    QVERIFY2(m_panel->state().startsWith(u"acknowledged by ada, goes on in 29:59"_s) ||
                 m_panel->state().startsWith(u"acknowledged by ada, goes on in 30:00"_s),
             qPrintable(m_panel->state()));
    QVERIFY(!find<QPushButton>("ladderAcknowledge")->isVisible());
    advance(30min);
    show(id);
    QCOMPARE(m_panel->state(), u"silent since ada acknowledged"_s);
    QVERIFY(find<QPushButton>("ladderAcknowledge")->isVisible());
}

void LadderWindowTest::theSeveritySaysWhatItWillDo() {
    const QString id = declare(Priority::P3);
    show(id);
    press("ladderSeverity");
    auto* form = find<QWidget>("severityForm");
    QVERIFY(form->accessibleName().contains(u"It is P3"_s));
    find<QComboBox>("severityChoice")->setCurrentText(u"P1"_s);
    QVERIFY2(form->accessibleName().contains(u"pages Secondary on-call (@on-call-secondary) now"_s),
             qPrintable(form->accessibleName()));
    find<QComboBox>("severityChoice")->setCurrentText(u"P2"_s);
    QVERIFY(form->accessibleName().contains(u"nobody is paged now"_s));
    find<QComboBox>("severityChoice")->setCurrentText(u"P1"_s);
    press("severityConfirm");
    settle();
    QCOMPARE(m_journal->find(id)->priority, Priority::P1);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

void LadderWindowTest::oneQuestionAtATime() {
    declare(Priority::P2);
    m_actions->escalate();
    m_actions->hold();
    QVERIFY(find<QWidget>("holdForm")->isVisible());
    QVERIFY(!find<QWidget>("escalateForm")->isVisible());
    m_actions->close();
    QVERIFY(!find<QWidget>("holdForm")->isVisible());
}

void LadderWindowTest::simulationModel() {
    SimulationModel model;
    const QAbstractItemModelTester tester(&model);
    model.setLines(simulate(threeLevels(), {Priority::P1, m_clock->now(), {}, 1h}));
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(0, SimulationModel::Whom).data().toString(), u"@on-call-secondary"_s);
    QCOMPARE(model.index(1, SimulationModel::After).data().toString(), u"00:30:00"_s);
    QCOMPARE(model.index(1, SimulationModel::Level).data().toString(), u"3 Engineering lead"_s);
    QCOMPARE(model.index(1, 0).data(SimulationModel::KindRole).toString(), u"page"_s);
    model.setLines({});
    QCOMPARE(model.rowCount(), 0);
}

void LadderWindowTest::simulationAnswers() {
    QSignalSpy asked(m_panel, &LadderPanel::simulationRequested);
    press("ladderSimulate");
    QCOMPARE(asked.size(), 1);
    m_simulation->ask(Priority::P2);
    auto* table = find<QTableView>("simulationTable");
    auto* summary = find<QLabel>("simulationSummary");
    QVERIFY2(summary->text().startsWith(u"P2: 17 pages within 4 h, the first at once"_s),
             qPrintable(summary->text()));
    find<QComboBox>("simulationAcknowledged")->setCurrentIndex(3);  // 20 min
    QCOMPARE(table->model()->rowCount(), 3);                        // two pages, and that
    QVERIFY(arrived().isEmpty());                                   // nothing left
}

void LadderWindowTest::simulationUnderstandsTimes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("first");
    QTest::newRow("now") << QString() << u"12:00"_s;
    QTest::newRow("time") << u"22:30"_s << u"22:30"_s;
    QTest::newRow("date") << u"2026-07-31 9:05"_s << u"09:05"_s;
    QTest::newRow("nonsense") << u"soon"_s << QString();
}

void LadderWindowTest::simulationUnderstandsTimes() {
    QFETCH(QString, text);
    QFETCH(QString, first);
    find<QLineEdit>("simulationAt")->setText(text);
    const auto* model = find<QTableView>("simulationTable")->model();
    QCOMPARE(model->rowCount() > 0, !first.isEmpty());
    if (first.isEmpty())
        QVERIFY(find<QLabel>("simulationSummary")->text().contains(u"not a time"_s));
    else
        QVERIFY(model->index(0, SimulationModel::At).data().toString().endsWith(first));
}

QTEST_MAIN(LadderWindowTest)
#include "tst_ladderwindow.moc"
