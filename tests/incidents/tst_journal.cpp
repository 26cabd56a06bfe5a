#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/commanderclock.h"
#include "incidents/journal.h"
#include "incidents/postmortem.h"
#include "incidents/projection.h"
#include "incidents/proposal.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

class JournalTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void anUnknownIncidentIsRefused();
    void announcesWhatIsDurable();
    void theProjectionCanBeRebuilt();
    void theNextUpdateIsDue();
    void proposesFromTheWorstAlert();
    void thePostMortemEscapesEvidence();
    void thePostMortemHasItsFigures();

private:
    void declare();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<Journal> m_journal;
};

void JournalTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<Journal>(*m_db, *m_clock);
    QVERIFY(await(m_journal->load()));
}

void JournalTest::cleanup() {
    m_journal.reset();
    m_db.reset();
}

void JournalTest::declare() {
    QVERIFY(await(m_journal->append(u"INC-1"_s, u"commander"_s, u"declared"_s, u"declared P1"_s,
                                    {{u"title"_s, u"Pool | full"_s},
                                     {u"severity"_s, u"P1"_s},
                                     {u"channel"_s, u"incidents"_s}})));
}

void JournalTest::anUnknownIncidentIsRefused() {
    QSignalSpy failed(m_journal.get(), &Journal::failed);
    const auto result = await(m_journal->append(u"INC-9"_s, u"me"_s, u"note"_s, u"x"_s));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::NotFound);
    QCOMPARE(failed.size(), 1);
}

void JournalTest::announcesWhatIsDurable() {
    QSignalSpy appended(m_journal.get(), &Journal::eventAppended);
    QSignalSpy changed(m_journal.get(), &Journal::incidentChanged);
    declare();
    QVERIFY(await(m_journal->setPhase(u"INC-1"_s, u"commander"_s, Phase::Investigate)));
    QVERIFY(await(m_journal->attach(u"INC-1"_s, u"commander"_s, {u"prod/1"_s}, {u"error_rate"_s})));
    QCOMPARE(appended.size(), 3);
    QCOMPARE(changed.size(), 3);
    const auto timeline = await(m_journal->timeline(u"INC-1"_s));
    m_journal->announce(*timeline);  // known already
    QCOMPARE(appended.size(), 3);
    QCOMPARE(m_journal->find(u"INC-1"_s)->phase, Phase::Investigate);
    QCOMPARE(m_journal->find(u"INC-1"_s)->keys, QStringList{u"error_rate"_s});
}

void JournalTest::theProjectionCanBeRebuilt() {
    declare();
    QVERIFY(await(m_journal->setPhase(u"INC-1"_s, u"commander"_s, Phase::Resolve)));
    QVERIFY(await(m_db->write<int>([](store::Transaction& tx) -> Result<int> {
        if (auto spoiled = tx.run(u"UPDATE incidents SET title = 'wrong', phase = 'assess'"_s);
            !spoiled)
            return tl::unexpected<Error>(spoiled.error());
        return Projection::rebuild(tx);
    })));
    const auto incidents = await(m_journal->load());
    QCOMPARE(incidents->size(), 1);
    QCOMPARE(incidents->first().title, u"Pool | full"_s);
    QCOMPARE(incidents->first().phase, Phase::Resolve);
}

void JournalTest::theNextUpdateIsDue() {
    Incident incident;
    incident.declaredAt = m_clock->now();
    const QDateTime now = m_clock->now();
    QCOMPARE(nextUpdateDue(incident, now), now.addSecs(5 * 60));
    incident.lastUpdateAt = now.addSecs(4 * 60);
    QCOMPARE(nextUpdateDue(incident, now), now.addSecs(24 * 60));
    QCOMPARE(nextUpdateDue(incident, now.addSecs(3 * 3600)), now.addSecs(64 * 60));
    incident.resolvedAt = now;
    QVERIFY(!nextUpdateDue(incident, now).isValid());
}

void JournalTest::proposesFromTheWorstAlert() {
    Alert warning, critical;
    warning.severity = Severity::Warning;
    warning.key = u"disk_usage"_s;
    critical.severity = Severity::Critical;
    critical.key = u"database_connections"_s;
    critical.source = u"prod"_s;
    critical.fingerprint = u"abc"_s;
    const Declaration both = propose({warning, critical});
    QCOMPARE(both.title, u"Database connections and 1 more"_s);
    QCOMPARE(both.priority, Priority::P1);
    QCOMPARE(both.alerts.first(), u"prod/abc"_s);
    QCOMPARE(propose({warning}).priority, Priority::P3);
    QVERIFY(propose({}).title.isEmpty());
}

void JournalTest::thePostMortemEscapesEvidence() {
    declare();
    QVERIFY(await(m_journal->append(
        u"INC-1"_s, u"commander"_s, u"query"_s, u"ran <b>it</b> | on *primary*"_s,
        {{u"columns"_s, QJsonArray{QJsonObject{{u"name"_s, u"a|b"_s}}}},
         {u"rows"_s, QJsonArray{QJsonArray{u"x | y\n# z"_s}, QJsonArray{QJsonValue()}}},
         {u"receipt"_s,
          QJsonObject{{u"statement"_s, u"SELECT '```'"_s}, {u"sha256"_s, u"feed"_s}}}})));
    const auto text = await(exportIncident(*m_db, u"INC-1"_s, u"md"_s, m_clock->now()));
    const QString markdown = QString::fromUtf8(*text);
    for (const QString& part : {u"| a\\|b |"_s, u"| x \\| y \\# z |"_s, u"| NULL |"_s,
                                u"````text"_s, u"SELECT '```'"_s, u"feed"_s, u"\\<b\\>it"_s})
        QVERIFY2(markdown.contains(part), qPrintable(part + u"\n"_s + markdown));
    const auto html = await(exportIncident(*m_db, u"INC-1"_s, u"html"_s, m_clock->now()));
    QVERIFY(html->contains("&lt;b&gt;it"));
    QVERIFY(!html->contains("<b>"));
}

void JournalTest::thePostMortemHasItsFigures() {
    declare();
    m_clock->advance(90s);
    QVERIFY(await(m_journal->append(u"INC-1"_s, u"ben"_s, u"acknowledged"_s, u"acknowledged"_s)));
    m_clock->advance(600s);
    QVERIFY(await(m_journal->append(u"INC-1"_s, u"ben"_s, u"resolved"_s, u"resolved"_s,
                                    {{u"fix"_s, u"ended session 24817"_s}})));
    const auto text = await(exportIncident(*m_db, u"INC-1"_s, u"md"_s, m_clock->now()));
    for (const char* part :
         {"| Time to acknowledge | 1 min 30 s |", "| Time to resolve | 11 min 30 s |",
          "ended session 24817", "## Five whys", "## Who was told when"})
        QVERIFY2(text->contains(part), part);
    const auto json = await(exportIncident(*m_db, u"INC-1"_s, u"json"_s, m_clock->now()));
    QCOMPARE(QJsonDocument::fromJson(*json)[u"timeline"_s].toArray().size(), 3);
    QVERIFY(!await(exportIncident(*m_db, u"INC-1"_s, u"pdf"_s, m_clock->now())));
    QVERIFY(!await(exportIncident(*m_db, u"INC-7"_s, u"md"_s, m_clock->now())));
}

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
