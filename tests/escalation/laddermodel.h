#pragma once
#include <QStringList>
#include <QVector>
#include <algorithm>

namespace tocsin::test {

/// The ladder's rules said again, as simply as possible: whole minutes that really passed since the
/// declaration, one minute after the other. What the wall clock was set to is only known to the
/// quiet hours.
class LadderModel {
public:
    static constexpr int kNever = -1;
    static constexpr int kDay = 24 * 60;
    static constexpr int kNoon = 12 * 60;  // the declaration, on the wall

    enum class Rest { None, Postpone, Skip, Other };
    struct Step {
        int after = 0, every = 0;
        bool untilResolved = false;
        Rest rest = Rest::None;
        int from = 0, to = 0;  ///< minutes of the day
        int other = 0;         ///< index

        enum { Waits, Out, CalledOff, Done } state = Waits;
        int plan = 0, due = 0, again = kNever, restEnd = kNever, calls = 0;
        bool loud = false;
    };

    QVector<Step> steps;
    int start[2] = {0, 0};  ///< index of the first level: of an ordinary, of a critical incident
    int t = 0, set = 0;     ///< minutes that passed; minutes the wall clock was set forward
    QStringList calls;      ///< "minute:level:times"

    void declare(bool critical) {
        for (int i = 0; i < steps.size(); ++i)
            planStep(i, critical, 0);
        m_critical = critical;
        act();
    }
    void pass(int minutes) {
        while (minutes-- > 0) {
            ++t;
            act();
        }
    }
    void sleep(int minutes) {
        t += minutes;
        act();
    }
    void hold(int minutes) {
        m_heldUntil = t + minutes;
        moveTo(m_heldUntil);
        m_worked = t;
    }
    void release() {
        if (m_heldUntil != kNever) {
            moveTo(t);
            letGo();
        }
        m_worked = t;
    }
    void acknowledge(int silence) {
        m_worked = t;
        if (m_acknowledged && silence == kNever) return;
        letGo();
        m_acknowledged = true;
        if (silence != kNever) m_silence = silence;
        callOff();
    }
    void work() { m_worked = t; }
    void choose(int index) {
        for (int i = 0; i < index; ++i)
            if (waits(i)) leave(i, Step::Out);
        call(index);
        m_worked = t;
    }
    bool next() {
        const auto free = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
            return step.calls == 0 && step.state != Step::Out;
        });
        if (free == steps.end()) return false;
        call(static_cast<int>(free - steps.begin()));
        m_worked = t;
        return true;
    }
    /// Resolved, and open again at once: a ladder of its own.
    void comeBack() {
        m_heldUntil = m_silence = kNever;
        m_acknowledged = false;
        for (int i = 0; i < steps.size(); ++i) {
            steps[i].calls = 0;
            steps[i].again = kNever;
            planStep(i, m_critical, t);
        }
        m_worked = t;
        act();
    }
    void setCritical(bool critical) {
        const int reached = highest(), from = countsFrom();
        m_critical = critical;
        for (int i = 0; i < steps.size(); ++i) {
            Step& step = steps[i];
            if (step.calls == 0 && i >= reached) {
                planStep(i, critical, from);
                continue;
            }
            const bool rested = step.rest != Rest::None && !step.loud && critical;
            if (rested && step.every > 0 && step.again != kNever)
                step.again = std::min(step.again, t + step.every);
            step.loud = critical;
        }
        const int until = m_heldUntil;
        if (m_acknowledged) {
            letGo();
            callOff();
        }
        m_heldUntil = until;
        if (until != kNever) moveTo(until);
        m_worked = t;
    }
    void act() {
        if (m_heldUntil != kNever && t >= m_heldUntil) letGo();
        if (m_heldUntil != kNever) return;
        if (m_acknowledged && m_silence != kNever && t >= m_worked + m_silence) goOn();
        for (int i = 0; i < steps.size(); ++i)
            serve(i);
    }

private:
    bool waits(int i) const { return steps[i].state == Step::Waits; }
    void leave(int i, decltype(Step::state) state) {
        steps[i].state = state;
        steps[i].restEnd = kNever;
    }
    int highest() const {
        int found = 0;
        for (int i = 0; i < steps.size(); ++i)
            if (steps[i].calls > 0) found = i;
        return found;
    }
    int afterOf(int i, bool critical) const {
        const int first = start[critical ? 1 : 0];
        return i == first && first > 0 ? 0 : steps[i].after;
    }
    /// Where the steps that were not called yet count from. Those that wait know; those at rest may
    /// have been moved, those left out were not moved with the others.
    int countsFrom() const {
        for (int doubt = 0; doubt < 3; ++doubt) {
            int from = t;
            bool any = false;
            for (int i = highest(); i < steps.size(); ++i) {
                const Step& step = steps[i];
                const int its = step.state == Step::Out ? 2 : step.restEnd == kNever ? 0 : 1;
                if (step.calls > 0 || its != doubt) continue;
                from = std::min(from, step.plan - afterOf(i, m_critical));
                any = true;
            }
            if (any) return from;
        }
        return t;
    }
    void planStep(int i, bool critical, int from) {
        Step& step = steps[i];
        const int first = start[critical ? 1 : 0];
        step.loud = critical;
        step.plan = step.due = std::max(t, from + afterOf(i, critical));
        leave(i, i < first ? Step::Out : Step::Waits);
    }
    void moveTo(int earliest) {
        int first = kNever;
        for (const Step& step : steps)
            if (step.state == Step::Waits && step.restEnd == kNever)
                first = first == kNever ? step.plan : std::min(first, step.plan);
        const int shift = first == kNever ? 0 : std::max(0, earliest - first);
        for (Step& step : steps)
            if (step.state == Step::Waits && step.restEnd == kNever) step.due = step.plan + shift;
    }
    void letGo() {
        if (m_heldUntil == kNever) return;
        m_heldUntil = kNever;
        for (Step& step : steps)
            if (step.state == Step::Waits)
                step.plan = step.restEnd == kNever ? step.due : step.restEnd - set;
    }
    void callOff() {
        for (int i = 0; i < steps.size(); ++i) {
            if (steps[i].untilResolved) continue;
            if (waits(i)) leave(i, Step::CalledOff);
            steps[i].again = kNever;
        }
    }
    void goOn() {
        m_acknowledged = false;
        const int reached = highest();
        const bool any = !steps.isEmpty() && steps[reached].calls > 0;
        const auto off = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
            return step.state == Step::CalledOff;
        });
        const int from = any ? steps[reached].plan : off == steps.end() ? 0 : off->plan;
        for (Step& step : steps) {
            if (step.state == Step::CalledOff) {
                step.state = Step::Waits;
                step.plan = step.due = t + std::max(0, step.plan - from);
            } else if (step.calls > 0 && step.every > 0 && !step.untilResolved) {
                step.again = t + step.every;
            }
        }
        if (any) steps[reached].again = t;
    }
    /// Minutes until the quiet hours are over; 0: it is not quiet.
    int quietFor(const Step& step) const {
        if (step.rest == Rest::None || step.loud) return 0;
        const auto wrap = [](int minute) { return ((minute % kDay) + kDay) % kDay; };
        const int inside = wrap(kNoon + t + set - step.from), length = wrap(step.to - step.from);
        return inside < length ? length - inside : 0;
    }
    void serve(int i) {
        Step& step = steps[i];
        const bool first = step.state == Step::Waits &&
                           (step.restEnd == kNever ? t >= step.due : t + set >= step.restEnd);
        const bool again = step.calls > 0 && step.again != kNever && t >= step.again &&
                           (step.untilResolved || !m_acknowledged);
        if (!first && !again) return;
        const int quiet = quietFor(step);
        if (quiet == 0) return call(i);
        if (!first) {
            step.again = t + quiet;
            return;
        }
        serveQuiet(i, quiet);
    }
    void serveQuiet(int i, int quiet) {
        Step& step = steps[i];
        if (step.rest == Rest::Postpone) {
            step.restEnd = t + set + quiet;
            return;
        }
        if (step.rest == Rest::Other) {
            if (step.other == i || quietFor(steps[step.other]) > 0) return call(i);
            leave(i, Step::Out);
            return call(step.other);
        }
        bool others = false;
        for (int k = 0; k < steps.size(); ++k)
            others = others || (k != i && (steps[k].calls > 0 || waits(k)));
        others ? leave(i, Step::Out) : call(i);
    }
    void call(int i) {
        Step& step = steps[i];
        leave(i, Step::Done);
        ++step.calls;
        step.again = step.every > 0 ? t + step.every : kNever;
        calls.append(QStringLiteral("%1:%2:%3").arg(t).arg(i + 1).arg(step.calls));
    }

    int m_heldUntil = kNever, m_silence = kNever, m_worked = 0;
    bool m_acknowledged = false, m_critical = false;
};

}  // namespace tocsin::test
