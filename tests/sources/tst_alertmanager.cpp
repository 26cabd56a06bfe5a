#include <QJsonArray>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include "alerts/board.h"
#include "plugins/sources/alertmanager/alertmanagersource.h"
#include "tests/support/alertmanagerserver.h"

using namespace tocsin;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Against a real Alertmanager.
class AlertmanagerTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void seesPostedAlerts();
    void saysWhoSilencedAndWhy();
    void filtersWhatIsAskedFor();
    void deadServerTurnsUnknown();

private:
    std::unique_ptr<AlertSource> source(const QVariantMap& more = {});
    void connectToBoard(AlertSource& source);
    const Alert* alertOn(const QString& key) const;

    support::AlertmanagerServer m_server;
    SystemClock m_clock;
    std::unique_ptr<alerts::Board> m_board;
};

void AlertmanagerTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(
        m_server.post(
            {QJsonObject{{u"labels"_s, QJsonObject{{u"alertname"_s, u"error_rate"_s},
                                                   {u"severity"_s, u"critical"_s}}},
                         {u"annotations"_s, QJsonObject{{u"summary"_s, u"7.4 % of requests"_s}}},
                         {u"startsAt"_s, u"2026-01-01T10:00:00.250Z"_s}},
             QJsonObject{{u"labels"_s, QJsonObject{{u"alertname"_s, u"memory_usage"_s},
                                                   {u"alert_key"_s, u"memory"_s},
                                                   {u"severity"_s, u"warning"_s}}}}}),
        200);
}

void AlertmanagerTest::init() {
    m_board = std::make_unique<alerts::Board>(m_clock);
}

std::unique_ptr<AlertSource> AlertmanagerTest::source(const QVariantMap& more) {
    Settings settings{u"prod"_s, u"alertmanager"_s, more, {}};
    settings.values[u"url"_s] = m_server.url().toString();
    settings.values[u"every"_s] = 1000;
    settings.values[u"timeout"_s] = 5000;
    return std::make_unique<alertmanager::AlertmanagerSource>(settings, m_clock);
}

void AlertmanagerTest::connectToBoard(AlertSource& source) {
    m_board->addSource(u"prod"_s, 30s);
    connect(&source, &AlertSource::snapshotReceived, m_board.get(), &alerts::Board::accept);
    connect(&source, &AlertSource::failed, m_board.get(),
            [this](const Error& error, const QDateTime& next) {
                m_board->sourceFailed(u"prod"_s, error, next);
            });
}

const Alert* AlertmanagerTest::alertOn(const QString& key) const {
    for (const Alert& alert : m_board->alerts())
        if (alert.key == key) return &alert;
    return nullptr;
}

void AlertmanagerTest::seesPostedAlerts() {
    const auto prod = source();
    connectToBoard(*prod);
    prod->refresh();
    QTRY_COMPARE(m_board->alerts().size(), 2);
    const Alert* alert = alertOn(u"error_rate"_s);
    QVERIFY(alert);
    QCOMPARE(alert->severity, Severity::Critical);
    QCOMPARE(alert->state, AlertState::Firing);
    QCOMPARE(alert->summary, u"7.4 % of requests"_s);
    QCOMPARE(alert->startsAt, QDateTime(QDate(2026, 1, 1), QTime(10, 0, 0, 250), Qt::UTC));
    QCOMPARE(alert->fingerprint.size(), 16);
    QVERIFY(alertOn(u"memory"_s));  // the label alert_key names the runbook
}

void AlertmanagerTest::saysWhoSilencedAndWhy() {
    const QString id = m_server.silence(u"memory_usage"_s, u"scribe"_s, u"resize planned"_s);
    QVERIFY(!id.isEmpty());
    const auto prod = source();
    connectToBoard(*prod);
    prod->start();
    QTRY_VERIFY(alertOn(u"memory"_s) && alertOn(u"memory"_s)->state == AlertState::Silenced);
    const Alert* alert = alertOn(u"memory"_s);
    QCOMPARE(alert->suppressions.size(), 1);
    const Suppression& silence = alert->suppressions.first();
    QCOMPARE(silence.id, id);
    QCOMPARE(silence.by, u"scribe"_s);
    QCOMPARE(silence.comment, u"resize planned"_s);
    QVERIFY(silence.until > m_clock.now().addSecs(3600));
    QCOMPARE(alertOn(u"error_rate"_s)->state, AlertState::Firing);
}

void AlertmanagerTest::filtersWhatIsAskedFor() {
    const auto prod = source({{u"filter"_s, QStringList{u"severity=\"critical\""_s}}});
    connectToBoard(*prod);
    prod->refresh();
    QTRY_COMPARE(m_board->alerts().size(), 1);
    QVERIFY(alertOn(u"error_rate"_s));
}

void AlertmanagerTest::deadServerTurnsUnknown() {
    const auto prod = source();
    connectToBoard(*prod);
    prod->start();
    QTRY_COMPARE(m_board->alerts().size(), 2);
    QVERIFY(support::stopped(m_server));
    QTRY_VERIFY(!m_board->sources().first().known);
    QCOMPARE(m_board->alerts().size(), 2);
    for (const Alert& alert : m_board->alerts())
        QCOMPARE(alert.state, AlertState::Unknown);
    const alerts::SourceHealth health = m_board->sources().first();
    QCOMPARE(health.error.code, ErrorCode::Unavailable);
    QVERIFY(health.nextTry.isValid());
    QVERIFY(health.lastSeen.isValid());
}

QTEST_GUILESS_MAIN(AlertmanagerTest)
#include "tst_alertmanager.moc"
