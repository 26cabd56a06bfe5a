// Working a case in the whole window: several incidents, the assessment, team and tasks, an overdue
// update, a verified resolution. The sources are fed by hand. TOCSIN_PICTURES names a folder for
// the pictures.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabWidget>

#include "tests/ui_shell/desk.h"
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
    void pictures_data();
    void pictures();

private:
    void feed(bool clear = false);
    void declareFrom(const QStringList& keys);
    void giveTask(const QString& text, const QString& owner);
    void showTeam();
    const incidents::Incident& incident(const QString& id) {
        const auto* found = m_console->journal().find(id);
        if (!found) qFatal("no incident %s", qPrintable(id));
        return *found;
    }
    void arrange(const QString& state);
};

void TestCasework::init() {
    open(kStudio);
    feed();
}

void TestCasework::feed(bool clear) {
    const QDateTime now = m_clock->now();
    QVector<Alert> alerts;
    if (!clear)
        alerts = {firing(u"database_connections"_s, Severity::Critical, u"Pool at 97 % of 100"_s,
                         now.addSecs(-761)),
                  firing(u"error_rate"_s, Severity::Critical, u"7.4 % of requests, limit 5 %"_s,
                         now.addSecs(-662)),
                  firing(u"disk_usage"_s, Severity::Warning, u"Worker-2 disk at 83 %"_s,
                         now.addSecs(-4929))};
    m_console->board().addSource(u"prod"_s, 24h);
    m_console->board().accept({u"prod"_s, now, alerts});
    QTRY_COMPARE(m_console->board().alerts().size(), alerts.size());
}

void TestCasework::declareFrom(const QStringList& keys) {
    QVector<Alert> alerts;
    for (const Alert& each : m_console->board().alerts())
        if (keys.contains(each.key)) alerts << each;
    const auto before = m_console->journal().open().size();
    m_window->declare(alerts);
    QTest::keyClick(find<QLineEdit>("declareTitle"), Qt::Key_Return);
    QTRY_COMPARE(m_console->journal().open().size(), before + 1);
    QTRY_VERIFY(find<QWidget>("incidentBar")->isVisible());
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

void TestCasework::pictures_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    for (const char* state : {"declare", "two", "assess", "team", "overdue", "verify"})
        for (const bool dark : {true, false})
            for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)})
                QTest::addRow("%s-%s-%dx%d", state, dark ? "dark" : "light", size.width(),
                              size.height())
                    << QString::fromLatin1(state) << dark << size;
}

void TestCasework::arrange(const QString& state) {
    if (state == u"declare") {
        m_window->declare({m_console->board().alerts().values()});
        return;
    }
    if (state == u"two") declareFrom({u"disk_usage"_s});
    declareFrom({u"database_connections"_s, u"error_rate"_s});
    if (state == u"two") return;
    press("phaseNext");
    QTRY_COMPARE(m_console->journal().open().first().phase, incidents::Phase::Assess);
    if (state == u"assess") {
        press("assessButton");
        type("assessImpact", u"Uploads fail for everybody"_s);
        type("assessUsers", u"about 1 200"_s);
        return;
    }
    giveTask(u"check worker deploys since noon"_s, u"ben"_s);
    giveTask(u"ask the vendor about the pool limit"_s, u"kim"_s);
    if (state == u"overdue") return m_clock->advance(12min);
    if (state == u"team") {
        for (const QString& role : {u"scribe"_s, u"deputy"_s}) {
            find<QComboBox>("roleChoice")->setCurrentText(role);
            find<QLineEdit>("rolePerson")->setText(role == u"scribe"_s ? u"ben"_s : u"eva"_s);
            press("roleGive");
            QTRY_VERIFY(find<QLineEdit>("rolePerson")->text().isEmpty());
        }
        m_console->journal().record(u"INC-1"_s, u"ben"_s,
                                    incidents::finishTask(2, u"limit is 100, ours alone"_s));
        showTeam();
        m_clock->advance(8min);
        return;
    }
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(!m_console->journal().recent().isEmpty());
    feed(true);
    m_clock->advance(3min);
}

void TestCasework::pictures() {
    QFETCH(QString, state);
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    m_window->resize(size);
    arrange(state);
    for (int turn = 0; turn < 40; ++turn)
        QCoreApplication::processEvents();
    QCOMPARE(m_window->size(), size);  // nothing asks for more room than there is
    const QImage picture = m_window->grab().toImage();
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(picture.save(folder +
                             u"/case-%1.png"_s.arg(QString::fromLatin1(QTest::currentDataTag()))));
}

QTEST_MAIN(TestCasework)
#include "tst_casework.moc"
