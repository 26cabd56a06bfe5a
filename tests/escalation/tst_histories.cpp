// Ten thousand random lives of an incident: the planner against a simple model.
#include <QRandomGenerator>
#include <QTest>

#include "escalation/turn.h"
#include "tests/escalation/laddermodel.h"

using namespace tocsin;
using namespace tocsin::escalation;
using namespace Qt::StringLiterals;
using incidents::Priority;
using std::chrono::minutes;
using tocsin::test::LadderModel;
using Instead = QuietHours::Instead;

namespace {

constexpr int kHistories = 10000;
constexpr int kActs = 14;
constexpr int kMost = 100000;  // turns in one history: more is a ladder that does not rest

QTime timeOfDay(int minute) {
    return QTime(0, 0).addSecs(minute * 60);
}

/// The planner, driven as the engine drives it: woken at its own deadlines, told of clock steps.
class Driven {
public:
    Driven(Policy policy, bool critical) : m_policy(std::move(policy)), m_critical(critical) {
        ladder = plan(m_policy, u"INC-1"_s, priority(critical), wall());
        act();
    }

    Ladder ladder;
    QStringList calls;
    int t = 0;

    QDateTime wall() const {
        return QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC)
            .addSecs((t + m_set) * qint64{60});
    }
    void pass(int minutes) {
        const int end = t + minutes;
        for (;;) {
            const QDateTime next = nextDeadline(ladder);
            const int at = next.isValid() ? std::max(t, minuteOf(next)) : end + 1;
            if (at > end) break;
            t = at;
            act();
        }
        t = end;
        act();
    }
    void sleep(int minutes) {
        t += minutes;
        act();
    }
    void setClock(int minutes) {
        m_set += minutes;
        ladder = shifted(ladder, std::chrono::minutes(minutes));
        act();
    }
    void work() { m_worked = t; }
    void page(const Page& page) {
        calls.append(u"%1:%2:%3"_s.arg(t).arg(page.level).arg(page.times));
        ladder = paged(ladder, page, {}, wall());
    }
    void setCritical(bool critical) {
        work();
        if (m_critical == critical) return;
        ladder = replanned(ladder, m_policy, priority(m_critical), priority(critical), wall());
        m_critical = critical;
    }
    void act() {
        while (const auto turn = nextTurn(ladder, wall())) {
            if (++m_turns > kMost) qFatal("the ladder does not come to rest");
            if (turn->kind == Turn::Kind::Silence) {
                const Ladder later = stillWorkedOn(ladder, wall().addSecs((m_worked - t) * 60));
                if (later.silentAt > wall()) {
                    ladder = later;
                    continue;
                }
            }
            if (turn->kind == Turn::Kind::Page || turn->kind == Turn::Kind::PageInstead)
                calls.append(u"%1:%2:%3"_s.arg(t).arg(turn->page.level).arg(turn->page.times));
            ladder = taken(ladder, *turn, {}, wall());
        }
    }

private:
    static Priority priority(bool critical) { return critical ? Priority::P1 : Priority::P3; }
    int minuteOf(const QDateTime& at) const { return t + static_cast<int>(wall().secsTo(at) / 60); }

    Policy m_policy;
    bool m_critical;
    int m_set = 0, m_worked = 0, m_turns = 0;
};

struct Pair {
    LadderModel model;
    Policy policy;
};

Pair randomLadder(QRandomGenerator& random) {
    Pair made;
    const int count = random.bounded(1, 5);
    int after = 0;
    for (int i = 0; i < count; ++i) {
        LadderModel::Step step;
        after += random.bounded(3) == 0 ? 0 : random.bounded(1, 40);
        step.after = after;
        step.every = random.bounded(2) ? random.bounded(1, 60) : 0;
        step.untilResolved = random.bounded(4) == 0;
        step.rest = static_cast<LadderModel::Rest>(random.bounded(5) % 4);
        step.from = random.bounded(LadderModel::kDay);
        step.to = (step.from + random.bounded(1, LadderModel::kDay)) % LadderModel::kDay;
        step.other = random.bounded(count);
        made.model.steps.append(step);
        Level level{u"L"_s, minutes(after), {}, {}, {}};
        if (step.every > 0) level.repeat = minutes(step.every);
        if (step.untilResolved) level.until = Until::Resolved;
        if (step.rest != LadderModel::Rest::None)
            level.quiet =
                QuietHours{timeOfDay(step.from), timeOfDay(step.to), u"UTC"_s,
                           static_cast<Instead>(static_cast<int>(step.rest) - 1), step.other + 1};
        made.policy.levels.append(level);
    }
    made.model.start[1] = random.bounded(count);
    made.policy.start = {{u"P1"_s, made.model.start[1] + 1}};
    return made;
}

/// One act of people or of the machine, on both.
QString act(QRandomGenerator& random, LadderModel& model, Driven& driven) {
    const int minutesLong = random.bounded(1, 90);
    switch (random.bounded(12)) {
        case 0:
            model.hold(minutesLong);
            driven.ladder = held(driven.ladder, u"r"_s, driven.wall().addSecs(minutesLong * 60));
            driven.work();
            return u"hold %1"_s.arg(minutesLong);
        case 1:
            model.release();
            if (driven.ladder.held) driven.ladder = released(driven.ladder, driven.wall());
            driven.work();
            break;
        case 2: {
            const int silence = random.bounded(2) ? minutesLong : LadderModel::kNever;
            model.acknowledge(silence);
            const bool again = driven.ladder.acknowledgedAt.isValid();
            const auto length = silence == LadderModel::kNever
                                    ? driven.ladder.ackTimeout
                                    : std::optional<std::chrono::milliseconds>(minutes(silence));
            if (!again || silence != LadderModel::kNever)
                driven.ladder = acknowledged(driven.ladder, u"a"_s, driven.wall(), length);
            driven.work();
            return u"acknowledge %1"_s.arg(silence);
        }
        case 3:
            model.work();
            driven.work();
            return u"work"_s;
        case 4: {
            const int level = random.bounded(1, static_cast<int>(model.steps.size()) + 1);
            model.choose(level - 1);
            const auto page = byHand(driven.ladder, level, driven.wall());
            driven.ladder = passedOver(driven.ladder, level, u"a"_s);
            driven.page(*page);
            driven.work();
            return u"choose %1"_s.arg(level);
        }
        case 5:
            if (model.next() != nextByHand(driven.ladder, driven.wall()).has_value())
                return u"next differs"_s;
            if (const auto page = nextByHand(driven.ladder, driven.wall())) {
                driven.page(*page);
                driven.work();
            }
            return u"next"_s;
        case 6: {
            // A year, some hours, some minutes; either way.
            const int by = random.bounded(3) == 0 ? 365 * LadderModel::kDay : minutesLong * 7;
            const int step = random.bounded(2) ? by : -by;
            model.set += step;
            driven.setClock(step);
            model.act();
            return u"clock %1"_s.arg(step);
        }
        case 7:
            model.sleep(minutesLong * 6);
            driven.sleep(minutesLong * 6);
            return u"sleep %1"_s.arg(minutesLong * 6);
        default:
            model.pass(minutesLong);
            driven.pass(minutesLong);
            return u"pass %1"_s.arg(minutesLong);
    }
    return u"release"_s;
}

}  // namespace

class HistoriesTest : public QObject {
    Q_OBJECT
private slots:
    void tenThousandHistories();
};

void HistoriesTest::tenThousandHistories() {
    qsizetype pages = 0;
    for (quint32 seed = 1; seed <= kHistories; ++seed) {
        QRandomGenerator random(seed);
        Pair made = randomLadder(random);
        bool critical = random.bounded(2);
        made.model.declare(critical);
        Driven driven(made.policy, critical);
        QStringList story{u"declare %1"_s.arg(critical)};
        for (int i = 0; i < kActs && made.model.calls == driven.calls; ++i) {
            if (random.bounded(10) == 0) {
                const bool now = random.bounded(2);
                if (now != std::exchange(critical, now)) made.model.setCritical(now);
                made.model.work();
                driven.setCritical(now);
                story.append(u"critical %1"_s.arg(now));
            } else {
                story.append(act(random, made.model, driven));
            }
            made.model.act();
            driven.act();
        }
        const QString what = u"seed %1: %2\nmodel   %3\nplanner %4"_s.arg(
            QString::number(seed), story.join(u", "_s), made.model.calls.join(u' '),
            driven.calls.join(u' '));
        QVERIFY2(made.model.calls == driven.calls && !story.contains(u"next differs"_s),
                 qPrintable(what));
        pages += driven.calls.size();
    }
    qInfo("%d histories, %lld pages, all as the model says", kHistories,
          static_cast<long long>(pages));
}

QTEST_GUILESS_MAIN(HistoriesTest)
#include "tst_histories.moc"
