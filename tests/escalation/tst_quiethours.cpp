// Levels that rest at night: windows in a time zone, and what the ladder does instead.
#include <QTimeZone>

#include "escalation/turn.h"
#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using Instead = QuietHours::Instead;

namespace {

QuietHours night(Instead instead = Instead::Postpone, int level = 0) {
    return {QTime(22, 0), QTime(7, 0), u"Europe/Berlin"_s, instead, level};
}

QDateTime utc(const QString& text) {
    return QDateTime::fromString(text + u'Z', Qt::ISODate).toUTC();
}

}  // namespace

class QuietHoursTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void windowsAreInstants_data();
    void windowsAreInstants();
    void whatCannotBeReadIsNotQuiet();
    void textAndBack();
    void postponesToTheMorning();
    void skipsWhenOthersAreThere();
    void nobodyIsSkippedIntoSilence();
    void anotherLevelIsPagedInstead();
    void aRestingSubstituteIsNoSubstitute();
    void criticalIncidentsDoNotCare();
    void repeatsRestToo();
    void aHoldLeavesTheMorningAlone();
    void byHandDoesNotCare();

private:
    /// It is 23:00 in Berlin.
    void atNight(int level, const QuietHours& hours) {
        Policy policy = threeLevels();
        policy.levels[level - 1].quiet = hours;
        m_clock->advance(10h);
        reopen(policy);
    }
};

void QuietHoursTest::windowsAreInstants_data() {
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("until");
    const auto row = [](const char* name, const QString& at, const QString& until) {
        QTest::newRow(name) << at << until;
    };
    row("winter evening", u"2026-01-01T21:30:00"_s, u"2026-01-02T06:00:00"_s);
    row("just before", u"2026-01-01T20:59:59"_s, {});
    row("the first second", u"2026-01-01T21:00:00"_s, u"2026-01-02T06:00:00"_s);
    row("after midnight", u"2026-01-02T02:00:00"_s, u"2026-01-02T06:00:00"_s);
    row("the end is outside", u"2026-01-02T06:00:00"_s, {});
    row("summer", u"2026-07-01T20:00:00"_s, u"2026-07-02T05:00:00"_s);
    // 2026-03-29: an hour is missing. 2026-10-25: an hour comes twice.
    row("spring night", u"2026-03-28T21:00:00"_s, u"2026-03-29T05:00:00"_s);
    row("spring, after the change", u"2026-03-29T04:59:59"_s, u"2026-03-29T05:00:00"_s);
    row("autumn night", u"2026-10-24T20:00:00"_s, u"2026-10-25T06:00:00"_s);
    row("autumn, in the doubled hour", u"2026-10-25T01:30:00"_s, u"2026-10-25T06:00:00"_s);
    row("autumn, before the change", u"2026-10-25T00:30:00"_s, u"2026-10-25T06:00:00"_s);
}

void QuietHoursTest::windowsAreInstants() {
    QFETCH(QString, at);
    QFETCH(QString, until);
    const auto end = quietUntil(night(), utc(at));
    QCOMPARE(end.value_or(QDateTime()), until.isEmpty() ? QDateTime() : utc(until));
}

void QuietHoursTest::whatCannotBeReadIsNotQuiet() {
    QuietHours odd = night();
    odd.zone = u"Middle/Earth"_s;
    QVERIFY(!quietUntil(odd, utc(u"2026-01-01T23:00:00"_s)));
    odd = night();
    odd.to = {};
    QVERIFY(!quietUntil(odd, utc(u"2026-01-01T23:00:00"_s)));
    QVERIFY(!quietHoursFromText(u"nonsense"_s));
}

void QuietHoursTest::textAndBack() {
    for (const QuietHours& hours : {night(), night(Instead::Skip), night(Instead::OtherLevel, 3)})
        QCOMPARE(quietHoursFromText(textOf(hours)), std::optional<QuietHours>(hours));
    QVERIFY(textOf(std::nullopt).isEmpty());
}

void QuietHoursTest::postponesToTheMorning() {
    atNight(1, night());
    const QString id = declare(Priority::P2);
    QCOMPARE(arrived(), QStringList{u"INC-1/declared"_s});
    QVERIFY2(said(id, u"postponed"_s).contains(u"22:00–07:00 Europe/Berlin"_s),
             qPrintable(said(id, u"postponed"_s)));
    QCOMPARE(state(id, 1), RungState::Waiting);
    advance(15min);  // the next level does not rest
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    reopen(m_policy);  // the decision is in the store
    advance(7h + 44min);
    QVERIFY(!arrived().contains(u"INC-1/level-1"_s));
    advance(1min);
    QVERIFY(arrived().contains(u"INC-1/level-1"_s));
    QCOMPARE(state(id, 1), RungState::Delivered);
    QCOMPARE(kinds(id).count(u"postponed"_s), 1);
}

void QuietHoursTest::skipsWhenOthersAreThere() {
    atNight(1, night(Instead::Skip));
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Skipped);
    QCOMPARE(note(id, 1), u"skipped: quiet hours"_s);
    advance(12h);
    QCOMPARE(kinds(id).count(u"skipped"_s), 1);
    QVERIFY(!arrived().contains(u"INC-1/level-1"_s));
    QVERIFY(arrived().contains(u"INC-1/level-2"_s));
}

void QuietHoursTest::nobodyIsSkippedIntoSilence() {
    atNight(1, night(Instead::Skip));
    Policy alone = m_policy;
    alone.levels.resize(1);
    reopen(alone);
    declare(Priority::P2);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-1"_s});
}

void QuietHoursTest::anotherLevelIsPagedInstead() {
    atNight(1, night(Instead::OtherLevel, 3));
    const QString id = declare(Priority::P2);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-3"_s});
    QCOMPARE(state(id, 1), RungState::Skipped);
    QVERIFY(said(id, u"skipped"_s).contains(u"level 3 is paged instead"_s));
    advance(15min);  // level 3 repeats, level 2 is due
    QCOMPARE(m_channel->arrived.size(), 3);
    QVERIFY(arrived().contains(u"INC-1/level-2"_s));
}

void QuietHoursTest::aRestingSubstituteIsNoSubstitute() {
    atNight(1, night(Instead::OtherLevel, 3));
    Policy both = m_policy;
    both.levels[2].quiet = night();
    reopen(both);
    declare(Priority::P2);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-1"_s});
}

void QuietHoursTest::criticalIncidentsDoNotCare() {
    atNight(2, night());
    declare(Priority::P1);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    m_policy.levels[1].loud.clear();
    reopen(m_policy);
    declare(Priority::P1);
    QCOMPARE(arrived(), QStringList{u"INC-2/declared"_s});
}

void QuietHoursTest::repeatsRestToo() {
    Policy policy = threeLevels();
    policy.levels[0].repeat = 30min;
    policy.levels[0].quiet = night(Instead::Skip);
    policy.levels.resize(1);
    m_clock->advance(8h + 45min);  // 21:45 in Berlin
    reopen(policy);
    declare(Priority::P2);
    advance(9h);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-1"_s});
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
}

void QuietHoursTest::aHoldLeavesTheMorningAlone() {
    atNight(1, night());
    const QString id = declare(Priority::P2);
    const QDateTime morning = m_engine->ladder(id).rungs.first().dueAt;
    QVERIFY(await(m_engine->hold(id, u"a"_s, u"r"_s, m_clock->now().addSecs(3600))));
    QCOMPARE(m_engine->ladder(id).rungs.first().dueAt, morning);
    advance(1h);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    QCOMPARE(m_engine->ladder(id).rungs.first().dueAt, morning);
}

void QuietHoursTest::byHandDoesNotCare() {
    atNight(1, night());
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->escalateNow(id, u"a"_s, 1)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-1"_s);
    advance(14h);
    QCOMPARE(arrived().count(u"INC-1/level-1"_s), 1);
}

QTEST_GUILESS_MAIN(QuietHoursTest)
#include "tst_quiethours.moc"
