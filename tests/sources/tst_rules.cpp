#include <QTest>
#include <limits>

#include "plugins/sources/metrics/ruleevaluator.h"
#include "sdk/clock.h"

using namespace tocsin;
using namespace tocsin::metrics;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class RulesTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void firesOnlyAfterTheWindow();
    void oneLookBelowEndsTheWindow();
    void criticalOutranksWarning();
    void dropFromCriticalKeepsTheWarning();
    void missingMetricIsNeverSilence();
    void optionalMetricMayBeMissingUntilSeen();
    void nothingJudgedIsSaid();
    void nanIsNotGood();
    void everySeriesIsOnItsOwn();
    void ambiguityIsSaid();
    void unitsMeet_data();
    void unitsMeet();
    void trendIsBounded();
    void refusesBadRules_data();
    void refusesBadRules();

private:
    QVector<Alert> look(double value, const QString& name = u"error_rate"_s);
    RuleEvaluator& make(const QVariantMap& more = {});
    QVector<Alert> look(const Samples& samples) {
        return m_evaluator->evaluate(samples, m_clock->now(), m_clock->elapsed());
    }

    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<RuleEvaluator> m_evaluator;
};

void RulesTest::init() {
    m_clock = std::make_unique<TestClock>();
}

RuleEvaluator& RulesTest::make(const QVariantMap& more) {
    QVariantMap rule{{u"key"_s, u"error_rate"_s},
                     {u"warning"_s, u"> 2%"_s},
                     {u"critical"_s, u"> 5%"_s},
                     {u"over_ms"_s, 300000}};
    rule.insert(more);
    Settings settings{u"app"_s, u"metrics"_s, {{u"rules"_s, QVariantList{rule}}}, {}};
    const auto rules = rulesFromSettings(settings);
    if (!rules) qFatal("%s", qPrintable(rules.error().message));
    m_evaluator =
        std::make_unique<RuleEvaluator>(*rules, QMap<QString, QString>{{u"env"_s, u"prod"_s}});
    return *m_evaluator;
}

QVector<Alert> RulesTest::look(double value, const QString& name) {
    return look(Samples{{name, {}, value, {}}});
}

void RulesTest::firesOnlyAfterTheWindow() {
    make();
    QVERIFY(look(1.9).isEmpty());
    const QDateTime start = m_clock->now();
    QCOMPARE(look(3).first().state, AlertState::Pending);
    m_clock->advance(299s);
    QCOMPARE(look(3).first().state, AlertState::Pending);
    m_clock->advance(1s);
    const Alert alert = look(4).first();
    QCOMPARE(alert.state, AlertState::Firing);
    QCOMPARE(alert.severity, Severity::Warning);
    QCOMPARE(alert.startsAt, start);
    QCOMPARE(alert.summary, u"4 %, limit 2 %"_s);
    QCOMPARE(alert.labels.value(u"env"_s), u"prod"_s);
    QCOMPARE(alert.measurement->trend.size(), 4);
    QCOMPARE(alert.measurement->threshold, 2.0);
}

void RulesTest::oneLookBelowEndsTheWindow() {
    make();
    look(3);
    m_clock->advance(4min);
    QVERIFY(look(2).isEmpty());
    m_clock->advance(1min);
    look(3);
    m_clock->advance(4min);
    QCOMPARE(look(3).first().state, AlertState::Pending);
    m_clock->advance(1min);
    QCOMPARE(look(3).first().state, AlertState::Firing);
}

void RulesTest::criticalOutranksWarning() {
    make();
    look(3);
    m_clock->advance(5min);
    QCOMPARE(look(9).first().severity, Severity::Warning);  // critical has not held yet
    m_clock->advance(5min);
    const Alert alert = look(9).first();
    QCOMPARE(alert.severity, Severity::Critical);
    QCOMPARE(alert.state, AlertState::Firing);
    QCOMPARE(alert.measurement->threshold, 5.0);
}

void RulesTest::dropFromCriticalKeepsTheWarning() {
    make();
    look(9);
    m_clock->advance(5min);
    QCOMPARE(look(9).first().severity, Severity::Critical);
    m_clock->advance(15s);
    const Alert alert = look(3).first();
    QCOMPARE(alert.severity, Severity::Warning);
    QCOMPARE(alert.state, AlertState::Firing);
}

void RulesTest::missingMetricIsNeverSilence() {
    make();
    const Alert never = look(1, u"something_else"_s).first();
    QCOMPARE(never.state, AlertState::Unknown);
    QVERIFY(never.summary.contains(u"error_rate is not in the answer"_s));
    QVERIFY(look(1).isEmpty());  // found: the doubt is over
    look(9);
    m_clock->advance(5min);
    QCOMPARE(look(9).first().state, AlertState::Firing);
    const Alert lost = look(1, u"something_else"_s).first();
    QCOMPARE(lost.state, AlertState::Unknown);
    QCOMPARE(look(9).first().state, AlertState::Pending);  // the window begins anew
}

void RulesTest::optionalMetricMayBeMissingUntilSeen() {
    make({{u"optional"_s, true}});
    QVERIFY(look(1, u"something_else"_s).isEmpty());
    QVERIFY(look(1).isEmpty());
    QCOMPARE(look(1, u"something_else"_s).first().state, AlertState::Unknown);
}

void RulesTest::nothingJudgedIsSaid() {
    make({{u"optional"_s, true}});
    QVERIFY(look(1, u"something_else"_s).isEmpty());
    QVERIFY(m_evaluator->judgesNothing());
    QCOMPARE(m_evaluator->metrics(), QStringList{u"error_rate"_s});
    look(1);
    QVERIFY(!m_evaluator->judgesNothing());
    look(1, u"something_else"_s);  // known once: an alert says that it is gone
    QVERIFY(!m_evaluator->judgesNothing());
    make();  // a rule of the workspace says so itself
    QCOMPARE(look(1, u"something_else"_s).size(), 1);
    QVERIFY(!m_evaluator->judgesNothing());
}

void RulesTest::nanIsNotGood() {
    make();
    look(1);
    QCOMPARE(look(std::numeric_limits<double>::quiet_NaN()).first().state, AlertState::Unknown);
}

void RulesTest::everySeriesIsOnItsOwn() {
    make({{u"metric"_s, u"disk_used{mount=\"/\"}"_s}, {u"over_ms"_s, 0}});
    const auto disk = [](const QString& host, const QString& mount, double value) {
        return Sample{u"disk_used"_s, {{u"host"_s, host}, {u"mount"_s, mount}}, value, {}};
    };
    const auto alerts =
        look({disk(u"a"_s, u"/"_s, 9), disk(u"b"_s, u"/"_s, 3), disk(u"a"_s, u"/boot"_s, 99)});
    QCOMPARE(alerts.size(), 2);
    QVERIFY(alerts[0].fingerprint != alerts[1].fingerprint);
    QCOMPARE(alerts[0].labels.value(u"host"_s), u"a"_s);
    // b goes away while it was bad: unknown. Had it been well, its going would be no news.
    const auto later = look({disk(u"a"_s, u"/"_s, 1)});
    QCOMPARE(later.size(), 1);
    QCOMPARE(later[0].state, AlertState::Unknown);
    QCOMPARE(later[0].fingerprint, alerts[1].fingerprint);
    m_clock->advance(59min);
    QCOMPARE(look({disk(u"a"_s, u"/"_s, 1)}).size(), 1);
    QCOMPARE(look(QVector<Sample>()).size(), 2);  // nothing answers: nobody is given up
    m_clock->advance(2min);
    QVERIFY(look({disk(u"a"_s, u"/"_s, 1)}).isEmpty());  // replaced, while a lives
}

void RulesTest::ambiguityIsSaid() {
    make({{u"over_ms"_s, 0}});
    const auto alerts = look({{u"api.error_rate"_s, {}, 9, {}}, {u"web.error_rate"_s, {}, 9, {}}});
    QCOMPARE(alerts.size(), 1);
    QCOMPARE(alerts[0].state, AlertState::Unknown);
    QVERIFY(alerts[0].summary.contains(u"write the whole path"_s));
}

void RulesTest::unitsMeet_data() {
    QTest::addColumn<QString>("warning");
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("fires");
    QTest::newRow("bare seconds") << u"> 1s"_s << u"response_time_p95"_s << QString() << 1.84
                                  << true;
    QTest::newRow("milliseconds by name")
        << u"> 1s"_s << u"p95_ms"_s << QString() << 840.0 << false;
    QTest::newRow("milliseconds said") << u"> 1s"_s << u"p95"_s << u"ms"_s << 1840.0 << true;
    QTest::newRow("bare seconds under minutes")
        << u"> 5m"_s << u"queue_time"_s << QString() << 299.0 << false;
    QTest::newRow("five minutes and more")
        << u"> 5m"_s << u"queue_time"_s << QString() << 301.0 << true;
    QTest::newRow("ratio by name") << u"> 2%"_s << u"error_ratio"_s << QString() << 0.021 << true;
    QTest::newRow("bare percent") << u"> 2%"_s << u"errors"_s << QString() << 0.021 << false;
    QTest::newRow("bytes under GB") << u"> 2GB"_s << u"heap_bytes"_s << QString() << 3e9 << true;
}

void RulesTest::unitsMeet() {
    QFETCH(QString, warning);
    QFETCH(QString, metric);
    QFETCH(QString, unit);
    QFETCH(double, value);
    make({{u"warning"_s, warning},
          {u"critical"_s, QString()},
          {u"metric"_s, metric},
          {u"over_ms"_s, 0}});
    QTEST(!look({{metric, {}, value, unit}}).isEmpty(), "fires");
}

void RulesTest::trendIsBounded() {
    make();
    QVector<Alert> alerts;
    for (int i = 0; i < 1000; ++i) {
        m_clock->advance(15s);
        alerts = look(9);
    }
    QCOMPARE(alerts.first().measurement->trend.size(), 240);
    QCOMPARE(alerts.first().measurement->trend.last().first, m_clock->now().toMSecsSinceEpoch());
}

void RulesTest::refusesBadRules_data() {
    QTest::addColumn<QVariantMap>("rule");
    QTest::addColumn<QString>("words");
    QTest::newRow("no key") << QVariantMap{{u"warning"_s, u"> 1"_s}} << u"key"_s;
    QTest::newRow("no threshold") << QVariantMap{{u"key"_s, u"k"_s}} << u"warning"_s;
    QTest::newRow("bad threshold")
        << QVariantMap{{u"key"_s, u"k"_s}, {u"critical"_s, u"much"_s}} << u"much"_s;
}

void RulesTest::refusesBadRules() {
    QFETCH(QVariantMap, rule);
    QFETCH(QString, words);
    const auto rules =
        rulesFromSettings({u"app"_s, u"metrics"_s, {{u"rules"_s, QVariantList{rule}}}, {}});
    QVERIFY(!rules);
    QCOMPARE(rules.error().code, ErrorCode::Config);
    QVERIFY2(rules.error().message.contains(words) && rules.error().message.contains(u"“app”"_s),
             qPrintable(rules.error().message));
}

QTEST_GUILESS_MAIN(RulesTest)
#include "tst_rules.moc"
