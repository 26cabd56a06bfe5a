// Working a case in the whole window: several incidents, the assessment, team and tasks, an overdue
// update, a verified resolution. The sources are fed by hand.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTextBrowser>

#include "tests/ui_shell/desk.h"
#include "ui/board/boardpane.h"
#include "ui/desktop/desktop.h"
#include "ui/theme/chip.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char kStudio[] =
    "workspace: {name: Studio}\n"
    "runbooks: []\n"
    "sources:\n"
    "  - {name: prod, kind: alertmanager, url: http://127.0.0.1:1, every: 10s}\n"
    "channels:\n"
    "  - {name: incidents, kind: discord, webhook: \"env:TOCSIN_TEST_NO_SUCH_SECRET\"}\n"
    "escalation:\n"
    "  channel: incidents\n"
    "  levels:\n"
    "    - {name: Primary on-call, after: 0m}\n"
    "    - {name: Secondary on-call, after: 15m}\n"
    "    - {name: Engineering lead, after: 30m}\n"
    "  start: {P1: 2}\n"
    "incidents:\n"
    "  silence: 0\n"
    "  severity:\n"
    "    - {key: \"disk_*\", propose: P4}\n";

}  // namespace

class TestCasework : public Desk {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { close(); }
    void severityComesFromTheRules();
    void severalIncidentsOneInFront();
    void alertsJoinAnOpenIncident();
    void laterAlertsAttachThemselves();
    void theAssessmentDraftsThePost();
    void rolesAreGivenAndTaken();
    void aTaskIsAskedAboutAndAnswered();
    void whatFallsDueIsSounded();
    void anOverdueUpdateLeadsToTheComposer();
    void theChecklistIsTicked();
    void aResolutionIsVerified();
    void whatFiresAgainIsReopened();
    void oneIncidentGoesIntoAnother();
    void aPopUpAcknowledgesEveryIncidentItCovers();
    void resolvingAndVerifyingIsOneThing();
    void anotherChannelIsChosen();
    void theNextUpdateIsPromisedInTheRhythmOfTheSeverity();
    void alertsAreAttachedAndDetachedByHand();
    void thePostMortemIsShownAsItGrows();

private:
    void giveTask(const QString& text, const QString& owner);
    void showTeam();
    const incidents::Incident& incident(const QString& id) {
        const auto* found = m_console->journal().find(id);
        if (!found) qFatal("no incident %s", qPrintable(id));
        return *found;
    }
};

void TestCasework::init() {
    open(kStudio);
    feed();
}

void TestCasework::giveTask(const QString& text, const QString& owner) {
    const auto before = m_console->journal().open().first().tasks.size();
    press("taskButton");
    type("taskText", text);
    type("taskOwner", owner);
    press("taskConfirm");
    QTRY_COMPARE(m_console->journal().open().first().tasks.size(), before + 1);
    QTRY_VERIFY(!find<QWidget>("taskForm")->isVisible());
}

void TestCasework::showTeam() {
    auto* tabs = find<QTabWidget>("bottomTabs");
    tabs->setCurrentWidget(find<QWidget>("teamPane"));
}

void TestCasework::severityComesFromTheRules() {
    declareFrom({u"disk_usage"_s});
    QCOMPARE(incident(u"INC-1"_s).priority, incidents::Priority::P4);
    QVERIFY(!find<QWidget>("incidentSwitcher")->isVisible());
}

void TestCasework::severalIncidentsOneInFront() {
    declareFrom({u"disk_usage"_s});
    declareFrom({u"database_connections"_s, u"error_rate"_s});
    QVERIFY(find<QWidget>("incidentSwitcher")->isVisible());
    QTRY_COMPARE(find<QLabel>("incidentTitle")->text(), incident(u"INC-2"_s).title);
    press("switchTo_INC-1");
    QCOMPARE(find<QLabel>("incidentPriority")->text(), u"P4"_s);
    QTest::keyClick(m_window.get(), Qt::Key_J, Qt::ControlModifier);
    QCOMPARE(find<QLabel>("incidentPriority")->text(), u"P1"_s);
    QVERIFY(find<QPushButton>("switchTo_INC-2")->isChecked());
    QVERIFY(!find<QPushButton>("switchTo_INC-1")->isChecked());
}

void TestCasework::alertsJoinAnOpenIncident() {
    declareFrom({u"database_connections"_s});
    for (const Alert& each : m_console->board().alerts())
        if (each.key == u"error_rate"_s) m_window->declare({each});
    QCOMPARE(find<QPushButton>("declareJoin")->text(), u"Attach to INC-1"_s);
    press("declareJoin");
    QTRY_COMPARE(incident(u"INC-1"_s).keys,
                 (QStringList{u"database_connections"_s, u"error_rate"_s}));
    QVERIFY(!find<QWidget>("declarePanel")->isVisible());
    QCOMPARE(m_console->journal().open().size(), 1);
}

void TestCasework::laterAlertsAttachThemselves() {
    declareFrom({u"error_rate"_s});
    Alert later = firing(u"error_rate"_s, Severity::Critical, u"also on app-2"_s, m_clock->now());
    later.fingerprint = u"second"_s;
    m_console->board().accept({u"prod"_s, m_clock->now(), {later}});
    QTRY_COMPARE(incident(u"INC-1"_s).alerts.size(), 2);
}

void TestCasework::theAssessmentDraftsThePost() {
    declareFrom({u"database_connections"_s});
    press("phaseNext");
    QTRY_COMPARE(incident(u"INC-1"_s).phase, incidents::Phase::Assess);
    press("assessButton");
    press("assessConfirm");
    QTRY_VERIFY(find<QLabel>("assessFormError")->isVisible());
    type("assessImpact", u"uploads fail"_s);
    type("assessRate", u"7.4 %"_s);
    press("assessConfirm");
    QTRY_COMPARE(incident(u"INC-1"_s).assessment.impact, u"uploads fail"_s);
    auto* composer = find<QPlainTextEdit>("composerText");
    QTRY_VERIFY(composer->toPlainText().contains(u"Impact: uploads fail"_s));
    QVERIFY(composer->toPlainText().contains(u"Error rate: 7.4 %"_s));
    QVERIFY(!incident(u"INC-1"_s).lastUpdateAt.isValid());  // nothing was sent
    QTRY_VERIFY(find<QCheckBox>("check_impact")->isChecked());
}

void TestCasework::rolesAreGivenAndTaken() {
    declareFrom({u"database_connections"_s});
    showTeam();
    find<QComboBox>("roleChoice")->setCurrentText(u"scribe"_s);
    type("rolePerson", u"ben"_s);
    QTest::keyClick(find<QLineEdit>("rolePerson"), Qt::Key_Return);
    QTRY_COMPARE(incident(u"INC-1"_s).roles.size(), 1);
    QTRY_VERIFY(m_window->findChild<QPushButton*>(u"role_scribe_ben"_s));
    type("rolePerson", u"ben"_s);
    press("roleGive");
    QTRY_VERIFY(find<QLabel>("teamError")->isVisible());
    press("role_scribe_ben");
    QTRY_COMPARE(incident(u"INC-1"_s).roles.size(), 0);
}

void TestCasework::aTaskIsAskedAboutAndAnswered() {
    declareFrom({u"database_connections"_s});
    giveTask(u"check worker deploys"_s, u"ben"_s);
    showTeam();
    auto* tabs = find<QTabWidget>("bottomTabs");
    QTRY_COMPARE(tabs->tabText(tabs->currentIndex()), u"Team 1"_s);
    m_clock->advance(11min);
    QTRY_COMPARE(tabs->tabText(tabs->currentIndex()), u"Team 1 · 1 due"_s);
    const auto chips = m_window->findChildren<theme::Chip*>();
    const auto due = std::find_if(chips.begin(), chips.end(), [](const theme::Chip* chip) {
        return chip->isVisible() && chip->text().startsWith(u"check back"_s);
    });
    QVERIFY(due != chips.end());
    QCOMPARE((*due)->tone(), theme::Tone::Critical);
    (*due)->click();
    QVERIFY(find<QWidget>("answerForm")->isVisible());
    type("answerText", u"none today"_s);
    find<QComboBox>("answerNext")->setCurrentText(u"it is done"_s);
    press("answerConfirm");
    QTRY_VERIFY(!incident(u"INC-1"_s).tasks.first().isOpen());
    QTRY_COMPARE(tabs->tabText(tabs->currentIndex()), u"Team"_s);
}

void TestCasework::whatFallsDueIsSounded() {
    QSignalSpy rang(&m_window->findChild<Desktop*>()->bell(), &Bell::rang);
    declareFrom({u"database_connections"_s});
    // Else the page of the next level rings too: its channel has no secret.
    m_console->engine().acknowledge(u"INC-1"_s, u"ben"_s);
    QTRY_VERIFY(m_console->engine().ladder(u"INC-1"_s).acknowledgedAt.isValid());
    m_console->reminders().start();
    rang.clear();            // for the alerts themselves
    m_clock->advance(6min);  // the first update is owed after five
    QTRY_COMPARE(rang.size(), 1);
    giveTask(u"check worker deploys since noon"_s, u"ben"_s);
    const auto& task = m_console->journal().open().first().tasks.first();
    m_clock->advance(std::chrono::milliseconds(m_clock->now().msecsTo(task.checkBackAt)));
    QTRY_COMPARE(rang.size(), 2);
}

void TestCasework::anOverdueUpdateLeadsToTheComposer() {
    declareFrom({u"database_connections"_s});
    auto* chip = find<theme::Chip>("dueChip_0");
    QVERIFY(!chip->isVisible());
    m_clock->advance(6min);
    QTRY_VERIFY(chip->isVisible());
    QCOMPARE(chip->tone(), theme::Tone::Critical);
    chip->click();
    QTRY_VERIFY(find<QPlainTextEdit>("composerText")->hasFocus());
}

void TestCasework::theChecklistIsTicked() {
    declareFrom({u"database_connections"_s});
    QVERIFY(find<QCheckBox>("check_commander")->isChecked());
    QVERIFY(!find<QCheckBox>("check_acknowledged")->isChecked());
    find<QCheckBox>("check_duplicate")->click();
    QTRY_COMPARE(incident(u"INC-1"_s).checked, QStringList{u"acknowledge/duplicate"_s});
    press("phaseNext");
    QTRY_VERIFY(m_window->findChild<QCheckBox*>(u"check_severity"_s));
}

void TestCasework::aResolutionIsVerified() {
    declareFrom({u"database_connections"_s});
    press("resolveButton");
    QVERIFY(find<QWidget>("resolveForm")->accessibleName().contains(u"still fires"_s));
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(incident(u"INC-1"_s).verification.isRunning());
    QTRY_VERIFY(find<QLabel>("updateDue")->text().contains(u"still fires"_s));
    feed(true);
    m_clock->advance(1s);
    QTRY_VERIFY(find<QLabel>("updateDue")->text().startsWith(u"clear, verified in"_s));
    m_clock->advance(16min);
    QTRY_VERIFY(incident(u"INC-1"_s).verification.verifiedAt.isValid());
    QTRY_COMPARE(find<QLabel>("updateDue")->text(), u"✓ stayed clear"_s);
}

void TestCasework::whatFiresAgainIsReopened() {
    declareFrom({u"database_connections"_s});
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(incident(u"INC-1"_s).verification.isRunning());
    feed(true);
    m_clock->advance(2min);
    feed();
    QTRY_VERIFY(incident(u"INC-1"_s).isOpen());
    QCOMPARE(incident(u"INC-1"_s).reopenings, 1);
    QTRY_VERIFY(find<QLabel>("incidentMeta")->text().contains(u"reopened"_s));
    QTRY_VERIFY(find<QPushButton>("phaseNext")->isVisible());
    QCOMPARE(find<QPushButton>("phaseNext")->text(), u"Acknowledge"_s);
    QVERIFY(!m_console->engine().ladder(u"INC-1"_s).closed);
}

void TestCasework::oneIncidentGoesIntoAnother() {
    declareFrom({u"disk_usage"_s});
    declareFrom({u"database_connections"_s});
    press("switchTo_INC-1");
    m_window->findChild<IncidentActions*>()->merge();
    QVERIFY(find<QWidget>("mergeForm")->isVisible());
    press("mergeConfirm");
    QTRY_COMPARE(incident(u"INC-1"_s).mergedInto, u"INC-2"_s);
    QTRY_COMPARE(find<QLabel>("incidentPriority")->text(), u"P1"_s);
    QVERIFY(m_console->engine().ladder(u"INC-1"_s).closed);
    QVERIFY(!find<QWidget>("incidentSwitcher")->isVisible());
}

void TestCasework::aPopUpAcknowledgesEveryIncidentItCovers() {
    declareFrom({u"disk_usage"_s});
    declareFrom({u"database_connections"_s});
    const auto alerts = m_console->board().alerts();
    QVector<Alert> both;
    for (const Alert& each : alerts)
        if (each.key != u"error_rate") both << each;
    emit m_window->findChild<Desktop*>()->acknowledgeRequested(both);
    for (const QString& id : {u"INC-1"_s, u"INC-2"_s})
        QTRY_VERIFY(m_console->engine().ladder(id).acknowledgedAt.isValid());
    QVERIFY(!find<QWidget>("declarePanel")->isVisible());
}

void TestCasework::resolvingAndVerifyingIsOneThing() {
    declareFrom({u"database_connections"_s});
    // As if the program ended between the two: what cannot begin to be verified is not resolved.
    const auto refusing = m_console->database().write<void>([](store::Transaction& tx) {
        auto made = tx.run(
            u"CREATE TRIGGER never BEFORE INSERT ON incident_events WHEN NEW.kind = 'verifying' "
            "BEGIN SELECT RAISE(ABORT, 'not now'); END"_s);
        return made ? Result<void>() : Result<void>(tl::unexpected<Error>(made.error()));
    });
    QTRY_VERIFY(refusing.isFinished());
    QVERIFY(refusing.result().has_value());
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(find<QLabel>("resolveFormError")->isVisible());
    QVERIFY(incident(u"INC-1"_s).isOpen());
    QVERIFY(!m_console->engine().ladder(u"INC-1"_s).closed);
}

void TestCasework::anotherChannelIsChosen() {
    m_console->dispatcher().addChannel(u"war-room"_s, std::make_unique<Listener>());
    m_window.reset();
    m_window =
        std::make_unique<MainWindow>(*m_console, *m_theme);  // it lists the channels it finds
    m_window->show();
    QSignalSpy sent(&m_console->dispatcher(), &delivery::Dispatcher::entryChanged);
    m_window->declare(m_console->board().alerts().values());
    find<QComboBox>("declareChannel")->setCurrentText(u"#war-room"_s);
    QTest::keyClick(find<QLineEdit>("declareTitle"), Qt::Key_Return);
    QTRY_COMPARE(m_console->journal().open().size(), 1);
    QCOMPARE(incident(u"INC-1"_s).channel, u"war-room"_s);
    QTRY_VERIFY(std::any_of(sent.begin(), sent.end(), [](const QVariantList& told) {
        const auto entry = told.first().value<delivery::Entry>();
        return entry.channel == u"war-room" && entry.state == delivery::EntryState::Confirmed;
    }));
}

void TestCasework::theNextUpdateIsPromisedInTheRhythmOfTheSeverity() {
    open(QByteArray(kStudio) + "  updates: {P1: {every: 10m}}\n");
    feed();
    declareFrom({u"database_connections"_s});
    auto* menu = find<QMenu>("composerDraftMenu");
    emit menu->aboutToShow();
    for (QAction* action : menu->actions())
        if (action->text() == u"Identified") action->trigger();
    const QString next = u"<t:%1:"_s.arg(m_clock->now().addSecs(600).toSecsSinceEpoch());
    QVERIFY2(find<QPlainTextEdit>("composerText")->toPlainText().contains(next),
             qPrintable(find<QPlainTextEdit>("composerText")->toPlainText()));
}

void TestCasework::alertsAreAttachedAndDetachedByHand() {
    auto* list = find<QListView>("boardList");
    auto* button = find<QPushButton>("boardAttach");
    const auto choose = [&](const QString& key) {
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            list->setCurrentIndex(list->model()->index(row, 0));
            const auto chosen = find<BoardPane>("boardPane")->selectedAlerts();
            if (chosen.size() == 1 && chosen.first().key == key) return true;
        }
        return false;
    };
    QTRY_VERIFY(choose(u"disk_usage"_s));
    QVERIFY(!button->isVisible());  // there is nothing to attach to
    declareFrom({u"database_connections"_s});
    QTRY_VERIFY(button->isVisible());
    QCOMPARE(button->text(), u"Attach to INC-1"_s);
    press("boardAttach");
    QTRY_COMPARE(incident(u"INC-1"_s).alerts.size(), 2);
    QTRY_COMPARE(button->text(), u"Detach"_s);
    QCOMPARE(find<QLabel>("boardBelongingText")->text(), u"1 alert of INC-1"_s);
    press("boardAttach");
    QTRY_COMPARE(incident(u"INC-1"_s).alerts.size(), 1);
    QTRY_COMPARE(button->text(), u"Attach to INC-1"_s);
}

void TestCasework::thePostMortemIsShownAsItGrows() {
    auto* pane = find<QWidget>("postMortemPane");
    auto* text = find<QTextBrowser>("postMortemText");
    find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>("papersPane"));
    find<QTabWidget>("papersPane")->setCurrentWidget(pane);
    QVERIFY(find<QLabel>("postMortemCaption")->text().startsWith(u"No incident"_s));
    declareFrom({u"database_connections"_s});
    QTRY_VERIFY(text->toPlainText().contains(incident(u"INC-1"_s).title));
    m_console->journal().append(u"INC-1"_s, u"ada"_s, u"note"_s, u"session 24817 holds the lock"_s);
    QTRY_VERIFY(text->toPlainText().contains(u"session 24817 holds the lock"_s));
    QVERIFY(!text->document()
                 ->resource(QTextDocument::ImageResource, QUrl(u"drawing.svg"_s))
                 .value<QImage>()
                 .isNull());
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(text->toPlainText().contains(u"ended session 24817"_s));
    QTRY_VERIFY(find<QLabel>("postMortemCaption")->text().contains(u"as it will be exported"_s));
    press("postMortemExport");
    QVERIFY(find<QWidget>("exportForm")->isVisible());
}

QTEST_MAIN(TestCasework)
#include "tst_casework.moc"
