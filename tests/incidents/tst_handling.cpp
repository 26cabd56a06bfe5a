// Deeds, roles, tasks, checklists, reminders: what people do to an incident, as events.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/checklist.h"
#include "incidents/commanderclock.h"
#include "incidents/projection.h"
#include "incidents/proposal.h"
#include "incidents/reminders.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

namespace {

Alert alertOf(const QString& key, Severity severity, const QMap<QString, QString>& labels = {}) {
    Alert alert;
    alert.source = u"prod"_s;
    alert.fingerprint = key;
    alert.key = key;
    alert.severity = severity;
    alert.labels = labels;
    return alert;
}

}  // namespace

class HandlingTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void everythingSurvivesARebuild();
    void refusesWhatMakesNoSense_data();
    void refusesWhatMakesNoSense();
    void oneScribeManySpecialists();
    void tasksHaveNumbersAndTimes();
    void detachedStaysDetached();
    void theChecklistTicksItself();
    void aCheckBackIsSaidOnce();
    void theRhythmOfASeverity();
    void rulesProposeTheSeverity_data();
    void rulesProposeTheSeverity();

private:
    const Incident& incident() { return *m_journal->find(u"INC-1"_s); }
    Result<Event> doing(const Deed& deed) {
        return await(m_journal->record(u"INC-1"_s, u"ada"_s, deed));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<Journal> m_journal;
};

void HandlingTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<Journal>(*m_db, *m_clock);
    QVERIFY(await(m_journal->load()));
    QVERIFY(await(m_journal->append(
        u"INC-1"_s, u"ada"_s, u"declared"_s, u"declared P1"_s,
        {{u"title"_s, u"Pool full"_s}, {u"severity"_s, u"P1"_s}, {u"commander"_s, u"ada"_s}})));
}

void HandlingTest::cleanup() {
    m_journal.reset();
    m_db.reset();
}

void HandlingTest::everythingSurvivesARebuild() {
    QVERIFY(doing(assess({u"uploads fail"_s, u"all"_s, u"app"_s, u"7 %"_s})));
    QVERIFY(doing(giveRole(Role::Scribe, u"ben"_s)));
    QVERIFY(doing(addTask({u"check deploys"_s, u"ben"_s, 15min, 10min})));
    QVERIFY(doing(finishTask(1, u"none today"_s)));
    QVERIFY(doing(tick(Phase::Assess, u"severity"_s, true)));
    QVERIFY(doing(attachLater({u"prod/1"_s}, {u"error_rate"_s}, {})));
    const Incident before = incident();
    QVERIFY(
        await(m_db->write<int>([](store::Transaction& tx) { return Projection::rebuild(tx); })));
    QVERIFY(await(m_journal->load()));
    const Incident& after = incident();
    QCOMPARE(after.assessment.impact, u"uploads fail"_s);
    QCOMPARE(after.assessment, before.assessment);
    QCOMPARE(after.roles.size(), 1);
    QVERIFY(after.roles == before.roles);
    QVERIFY(after.tasks == before.tasks);
    QCOMPARE(after.tasks.value(0).outcome, u"none today"_s);
    QCOMPARE(after.checked, QStringList{u"assess/severity"_s});
    QCOMPARE(after.keys, QStringList{u"error_rate"_s});
}

void HandlingTest::refusesWhatMakesNoSense_data() {
    QTest::addColumn<int>("which");
    for (int which = 0; which < 8; ++which)
        QTest::addRow("deed %d", which) << which;
}

void HandlingTest::refusesWhatMakesNoSense() {
    QFETCH(int, which);
    const QVector<Deed> deeds{assess({}),
                              giveRole(Role::Scribe, u" "_s),
                              giveRole(Role::Commander, u"ben"_s),
                              takeRole(Role::Deputy, {}),
                              addTask({u" "_s, u"ben"_s, {}, {}}),
                              finishTask(3, {}),
                              startVerifying(15min),
                              enterPhase(Phase::PostMortem)};
    QSignalSpy failed(m_journal.get(), &Journal::failed);
    const auto result = doing(deeds.at(which));
    QVERIFY(!result);
    QVERIFY(!result.error().message.isEmpty());
    QCOMPARE(failed.size(), 0);  // the form shows it; nothing is broken
    QCOMPARE(await(m_journal->timeline(u"INC-1"_s))->size(), 1);
}

void HandlingTest::oneScribeManySpecialists() {
    QVERIFY(doing(giveRole(Role::Scribe, u"ben"_s)));
    QVERIFY(doing(giveRole(Role::Scribe, u"eva"_s)));
    QVERIFY(doing(giveRole(Role::Specialist, u"ben"_s)));
    QVERIFY(doing(giveRole(Role::Specialist, u"kim"_s)));
    QCOMPARE(incident().roles.size(), 3);
    QCOMPARE(incident().roles.value(0).person, u"eva"_s);
    QVERIFY(doing(takeRole(Role::Specialist, u"ben"_s)));
    QCOMPARE(incident().roles.size(), 2);
}

void HandlingTest::tasksHaveNumbersAndTimes() {
    QVERIFY(doing(addTask({u"first"_s, u"ben"_s, 15min, {}})));
    QVERIFY(doing(addTask({u"second"_s, {}, {}, 5min})));
    const QVector<Task>& tasks = incident().tasks;
    QCOMPARE(tasks.value(1).number, 2);
    QCOMPARE(tasks.value(0).checkBackAt, m_clock->now().addSecs(15 * 60));
    QVERIFY(doing(checkTask(2, u"still reading"_s, 10min)));
    QCOMPARE(incident().tasks.value(1).checkBackAt, m_clock->now().addSecs(10 * 60));
    QVERIFY(doing(passTask(2, u"kim"_s)));
    QCOMPARE(incident().tasks.value(1).owner, u"kim"_s);
    QVERIFY(doing(dropTask(1, u"not the cause"_s)));
    QVERIFY(incident().tasks.value(0).dropped);
    QVERIFY(!doing(finishTask(1, {})));
}

void HandlingTest::detachedStaysDetached() {
    QVERIFY(doing(attachLater({u"prod/1"_s, u"prod/2"_s}, {u"error_rate"_s}, {})));
    QVERIFY(doing(detach({u"prod/2"_s}, {})));
    QCOMPARE(incident().alerts, QStringList{u"prod/1"_s});
    QVERIFY(!doing(attachLater({u"prod/2"_s}, {u"error_rate"_s}, {})));
    // By hand, as an explicit "attached", it comes back.
    QVERIFY(await(m_journal->attach(u"INC-1"_s, u"ada"_s, {u"prod/2"_s}, {})));
    QCOMPARE(incident().alerts.size(), 2);
    QVERIFY(incident().detached.isEmpty());
}

void HandlingTest::theChecklistTicksItself() {
    const auto done = [this](Phase phase, const QString& id) {
        for (const ChecklistItem& item : checklist(incident(), phase))
            if (item.id == id) return item.done;
        return false;
    };
    QVERIFY(done(Phase::Acknowledge, u"commander"_s));
    QVERIFY(!done(Phase::Acknowledge, u"acknowledged"_s));
    QVERIFY(await(m_journal->append(u"INC-1"_s, u"ada"_s, u"acknowledged"_s, u"acknowledged"_s)));
    QVERIFY(done(Phase::Acknowledge, u"acknowledged"_s));
    QVERIFY(doing(tick(Phase::Assess, u"severity"_s, true)));
    QVERIFY(done(Phase::Assess, u"severity"_s));
    QVERIFY(doing(tick(Phase::Assess, u"severity"_s, false)));
    QVERIFY(!done(Phase::Assess, u"severity"_s));
}

void HandlingTest::aCheckBackIsSaidOnce() {
    Reminders reminders(*m_journal, {}, *m_clock);
    QSignalSpy checkBack(&reminders, &Reminders::checkBackDue);
    QSignalSpy update(&reminders, &Reminders::updateDue);
    reminders.start();
    QVERIFY(doing(addTask({u"check deploys"_s, u"ben"_s, {}, 3min})));
    m_clock->advance(2min);
    QCOMPARE(checkBack.size(), 0);
    m_clock->advance(2min);
    QCOMPARE(checkBack.size(), 1);
    QCOMPARE(checkBack.value(0).value(1).value<Task>().text, u"check deploys"_s);
    m_clock->advance(30min);
    QCOMPARE(checkBack.size(), 1);
    QCOMPARE(update.size(), 1);
    QVERIFY(doing(checkTask(1, {}, 5min)));
    m_clock->advance(6min);
    QCOMPARE(checkBack.size(), 2);
}

void HandlingTest::theRhythmOfASeverity() {
    Practice practice;
    practice.updates.insert(Priority::P3, {15min, 1h, 2h});
    Incident calm;
    calm.declaredAt = m_clock->now();
    calm.priority = Priority::P3;
    const QDateTime now = m_clock->now();
    QCOMPARE(nextUpdateDue(calm, now, practice.rhythm(calm.priority)), now.addSecs(15 * 60));
    QCOMPARE(nextUpdateDue(calm, now, practice.rhythm(Priority::P1)), now.addSecs(5 * 60));
    calm.lastUpdateAt = now.addSecs(60);
    QCOMPARE(nextUpdateDue(calm, now, practice.rhythm(calm.priority)), now.addSecs(61 * 60));
    calm.reopenedAt = now.addSecs(600);
    QCOMPARE(nextUpdateDue(calm, now.addSecs(600), practice.rhythm(calm.priority)),
             now.addSecs(600 + 15 * 60));
}

void HandlingTest::rulesProposeTheSeverity_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("env");
    QTest::addColumn<QString>("proposed");
    QTest::newRow("wildcard key") << u"database_connections"_s << u"prod"_s << u"P2"_s;
    QTest::newRow("label") << u"error_rate"_s << u"staging"_s << u"P4"_s;
    QTest::newRow("the first counts") << u"database_pool"_s << u"staging"_s << u"P2"_s;
    QTest::newRow("none fits") << u"error_rate"_s << u"prod"_s << u"P1"_s;
}

void HandlingTest::rulesProposeTheSeverity() {
    QFETCH(QString, key);
    QFETCH(QString, env);
    QFETCH(QString, proposed);
    const QVector<SeverityRule> rules{{u"database_*"_s, {}, u"critical"_s, Priority::P2},
                                      {{}, {{u"env"_s, u"stag*"_s}}, {}, Priority::P4}};
    const Declaration said = propose({alertOf(key, Severity::Critical, {{u"env"_s, env}})}, rules);
    QCOMPARE(nameOf(said.priority), proposed);
}

QTEST_GUILESS_MAIN(HandlingTest)
#include "tst_handling.moc"
