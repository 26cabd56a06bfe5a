#include <QLabel>
#include <QPromise>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/probes/statuspane.h"
#include "ui/theme/theme.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A probe that says what it is told, when it is told.
class ToldProbe : public Probe {
public:
    ToldProbe(QString page, ProbeReport report)
        : m_page(std::move(page)), answer(std::move(report)) {}

    QFuture<ProbeReport> look() override {
        ++looks;
        m_promise = QPromise<ProbeReport>();
        m_promise.start();
        if (answersAtOnce) finish();
        return m_promise.future();
    }
    QUrl page() const override { return QUrl(m_page); }
    void finish() {
        m_promise.addResult(answer);
        m_promise.finish();
    }

private:
    QString m_page;
    QPromise<ProbeReport> m_promise;

public:
    ProbeReport answer;
    bool answersAtOnce = true;
    int looks = 0;
};

ProbeReport report(const Clock& clock, const QString& name, ProbeLevel level,
                   const QString& summary) {
    ProbeReport made;
    made.name = name;
    made.level = level;
    made.summary = summary;
    made.latency = 142ms;
    made.checkedAt = clock.now();
    made.page = QUrl(u"https://%1.example.org"_s.arg(name.toLower()));
    return made;
}

}  // namespace

class StatusPaneTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void looksGood_data();
    void looksGood();
    void countsWhatIsNotOk();
    void unknownIsNeverGood();
    void looksAgainOnDemand();
    void looksAgainEveryMinute();
    void findsTheProbeOfALink_data();
    void findsTheProbeOfALink();
    void deadProbeLeaves();

private:
    QLabel* label(const QString& name) const { return m_pane->findChild<QLabel*>(name); }

    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<StatusPane> m_pane;
};

void StatusPaneTest::init() {
    m_pane.reset();
    m_clock = std::make_unique<TestClock>();
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_pane = std::make_unique<StatusPane>(*m_theme, *m_clock);
    m_pane->resize(620, 640);
    m_pane->show();
}

void StatusPaneTest::looksGood_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void StatusPaneTest::looksGood() {
    QFETCH(bool, dark);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    ProbeReport mux =
        report(*m_clock, u"Mux"_s, ProbeLevel::Partial, u"Open incident: Elevated upload errors"_s);
    mux.components = {{u"API"_s, ProbeLevel::Ok, {}},
                      {u"Video Delivery"_s, ProbeLevel::Partial, {}}};
    mux.notices = {{u"Elevated upload errors"_s,
                    u"identified"_s,
                    ProbeLevel::Partial,
                    m_clock->now().addSecs(-1800),
                    u"The cause is found; uploads queue and finish late."_s,
                    {}}};
    ToldProbe one(u"https://mux.example.org"_s, mux);
    ToldProbe two(u"https://stripe.example.org"_s,
                  report(*m_clock, u"Stripe"_s, ProbeLevel::Ok, u"All services are online."_s));
    ToldProbe three(
        u"https://aws.example.org"_s,
        report(
            *m_clock, u"AWS"_s, ProbeLevel::Unknown,
            u"aws.example.org did not answer within 10 s; check that it is up and reachable."_s));
    m_pane->addProbe(u"Mux"_s, &one);
    m_pane->addProbe(u"Stripe"_s, &two);
    m_pane->addProbe(u"AWS"_s, &three);
    QTRY_COMPARE(label(u"statusSummary"_s)->text(), u"2 of 3 not ok"_s);
    m_pane->findChild<QToolButton*>(u"probeExpandButton_Mux"_s)->click();
    m_clock->advance(8s);
    QVERIFY(label(u"probeFigures_Mux"_s)->text().contains(u"142 ms"_s));
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(
            m_pane->grab().save(folder + (dark ? u"/status_dark.png"_s : u"/status_light.png"_s)));
    m_pane.reset();  // before the probes
}

void StatusPaneTest::countsWhatIsNotOk() {
    QSignalSpy worst(m_pane.get(), &StatusPane::worstChanged);
    ToldProbe good(u"https://a.example.org"_s, report(*m_clock, u"A"_s, ProbeLevel::Ok, u"fine"_s));
    ToldProbe bad(u"https://b.example.org"_s,
                  report(*m_clock, u"B"_s, ProbeLevel::Outage, u"down"_s));
    m_pane->addProbe(u"A"_s, &good);
    QTRY_COMPARE(m_pane->worst(), ProbeLevel::Ok);
    m_pane->addProbe(u"B"_s, &bad);
    QTRY_COMPARE(m_pane->worst(), ProbeLevel::Outage);
    QCOMPARE(worst.last()[1].toInt(), 1);
    QCOMPARE(label(u"probeLevel_B"_s)->text(), u"outage"_s);
    m_pane.reset();
}

void StatusPaneTest::unknownIsNeverGood() {
    ToldProbe dark(u"https://a.example.org"_s,
                   report(*m_clock, u"A"_s, ProbeLevel::Unknown, u"no answer"_s));
    QCOMPARE(m_pane->worst(), ProbeLevel::Unknown);
    m_pane->addProbe(u"A"_s, &dark);
    QTRY_COMPARE(label(u"statusSummary"_s)->text(), u"1 of 1 not ok"_s);
    QCOMPARE(m_pane->worst(), ProbeLevel::Unknown);
    m_pane.reset();
}

void StatusPaneTest::looksAgainOnDemand() {
    ToldProbe probe(u"https://a.example.org"_s,
                    report(*m_clock, u"A"_s, ProbeLevel::Degraded, u"slow"_s));
    m_pane->addProbe(u"A"_s, &probe);
    QTRY_COMPARE(label(u"probeLevel_A"_s)->text(), u"degraded"_s);
    QVector<Outcome> outcomes;
    connect(m_pane.get(), &StatusPane::ran, this,
            [&](const Outcome& outcome) { outcomes.append(outcome); });
    probe.answersAtOnce = false;
    auto* button = m_pane->findChild<QPushButton*>(u"probeLookButton_A"_s);
    button->click();
    QVERIFY(!button->isEnabled());
    m_clock->advance(3s);
    QCOMPARE(label(u"probeFigures_A"_s)->text(), u"looking for 3 s"_s);
    probe.finish();
    QTRY_COMPARE(outcomes.size(), 1);
    QVERIFY(button->isEnabled());
    QVERIFY(outcomes[0].ok);
    QCOMPARE(outcomes[0].line, u"A: slow · 142 ms"_s);
    QCOMPARE(outcomes[0].kind, u"probe"_s);
    QCOMPARE(outcomes[0].evidence[u"level"].toString(), u"degraded"_s);
    m_pane.reset();
}

void StatusPaneTest::looksAgainEveryMinute() {
    ToldProbe probe(u"https://a.example.org"_s,
                    report(*m_clock, u"A"_s, ProbeLevel::Ok, u"fine"_s));
    m_pane->addProbe(u"A"_s, &probe);
    QTRY_COMPARE(m_pane->worst(), ProbeLevel::Ok);
    m_clock->advance(58s);
    QCOMPARE(probe.looks, 1);
    probe.answer.checkedAt = m_clock->now().addSecs(3);
    m_clock->advance(3s);
    QTRY_COMPARE(label(u"probeFigures_A"_s)->text(), u"142 ms · 0 s ago"_s);
    QCOMPARE(probe.looks, 2);
    m_pane.reset();
}

void StatusPaneTest::findsTheProbeOfALink_data() {
    QTest::addColumn<QString>("link");
    QTest::addColumn<int>("looks");
    QTest::addColumn<int>("unknown");
    QTest::newRow("the page") << u"https://a.example.org"_s << 1 << 0;
    QTest::newRow("with a slash") << u"https://a.example.org/"_s << 1 << 0;
    QTest::newRow("deeper") << u"https://a.example.org/history"_s << 1 << 0;
    QTest::newRow("elsewhere") << u"https://c.example.org"_s << 0 << 1;
    QTest::newRow("another port") << u"https://a.example.org:8443/"_s << 0 << 1;
}

void StatusPaneTest::findsTheProbeOfALink() {
    QFETCH(QString, link);
    ToldProbe probe(u"https://a.example.org"_s,
                    report(*m_clock, u"A"_s, ProbeLevel::Ok, u"fine"_s));
    m_pane->addProbe(u"A"_s, &probe);
    QTRY_COMPARE(m_pane->worst(), ProbeLevel::Ok);
    QSignalSpy unknown(m_pane.get(), &StatusPane::unknownPage);
    m_pane->lookAt(QUrl(link));
    QTEST(probe.looks - 1, "looks");
    QTEST(static_cast<int>(unknown.size()), "unknown");
    m_pane.reset();
}

void StatusPaneTest::deadProbeLeaves() {
    auto probe = std::make_unique<ToldProbe>(
        u"https://a.example.org"_s, report(*m_clock, u"A"_s, ProbeLevel::Outage, u"down"_s));
    m_pane->addProbe(u"A"_s, probe.get());
    QTRY_COMPARE(m_pane->worst(), ProbeLevel::Outage);
    probe.reset();
    m_pane->lookAgain();
    QVERIFY(label(u"statusEmpty"_s)->isVisible());
}

QTEST_MAIN(StatusPaneTest)
#include "tst_statuspane.moc"
