// What people do to a ladder beyond holding and acknowledging: choosing a level, changing the
// severity; and what the clock does to it.
#include <algorithm>

#include "escalation/planner.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

int highestPaged(const Ladder& ladder) {
    int highest = 0;
    for (const Rung& rung : ladder.rungs)
        if (rung.times > 0) highest = std::max(highest, rung.level);
    return highest;
}

/// The rung keeps what happened to it; rest and repeats are those of the new severity.
Rung keptWith(Rung rung, const Rung& fresh, const QDateTime& now) {
    const bool rested = rung.quiet && !fresh.quiet;
    rung.quiet = fresh.quiet;
    if (rested && rung.repeat && rung.repeatAt.isValid())
        rung.repeatAt = std::min(rung.repeatAt, now.addMSecs(rung.repeat->count()));
    return rung;
}

Rung notBefore(Rung fresh, const QDateTime& now) {
    if (!waits(fresh)) return fresh;
    fresh.dueAt = std::max(fresh.dueAt, now);
    fresh.plannedAt = fresh.dueAt;
    return fresh;
}

/// How much a level's own time tells about what the ladder counts from; the least tells most.
int vagueness(const Rung& rung) {
    if (rung.state == RungState::Skipped) return 2;  // stays where it was when the others move
    return rung.quietUntil.isValid() ? 1 : 0;        // may have been moved to the end of its rest
}

/// What the levels that are still to come count from, by their times in the plan of `priority`.
QDateTime countsFrom(const Ladder& ladder, const Policy& policy, incidents::Priority priority,
                     const QDateTime& now) {
    const Ladder fromNow = plan(policy, ladder.incident, priority, now);
    const int reached = highestPaged(ladder);
    int vaguest = 2;
    QDateTime from = now;
    for (const Rung& rung : ladder.rungs) {
        const Rung* counted = rungAt(fromNow, rung.level);
        if (!counted || rung.times > 0 || rung.level < reached || vagueness(rung) > vaguest)
            continue;
        // A level that was overdue when it was planned stands too late; none stands too early.
        const QDateTime began = now.addMSecs(counted->plannedAt.msecsTo(rung.plannedAt));
        from = vagueness(rung) < vaguest ? std::min(began, now) : std::min(began, from);
        vaguest = vagueness(rung);
    }
    return from;
}

}  // namespace

std::optional<Page> nextByHand(const Ladder& ladder, const QDateTime& now) {
    if (ladder.closed) return {};
    for (const Rung& rung : ladder.rungs)
        if (rung.times == 0 && rung.state != RungState::Skipped)
            return Page{rung.level, 1, now, true};
    return {};
}

std::optional<Page> byHand(const Ladder& ladder, int level, const QDateTime& now) {
    const Rung* rung = rungAt(ladder, level);
    if (ladder.closed || !rung) return {};
    return Page{level, rung->times + 1, now, true};
}

Ladder passedOver(Ladder ladder, int level, const QString& by) {
    for (Rung& rung : ladder.rungs) {
        if (rung.level >= level || !waits(rung)) continue;
        rung.state = RungState::Skipped;
        rung.quietUntil = {};
        rung.note = u"skipped: %1 went to level %2"_s.arg(by).arg(level);
    }
    return ladder;
}

Ladder replanned(const Ladder& ladder, const Policy& policy, incidents::Priority before,
                 incidents::Priority after, const QDateTime& now) {
    const Ladder fresh =
        plan(policy, ladder.incident, after, countsFrom(ladder, policy, before, now));
    const int reached = highestPaged(ladder);
    Ladder out = ladder;
    for (const Rung& rung : fresh.rungs) {
        Rung* known = rungAt(out, rung.level);
        if (!known)
            out.rungs.append(notBefore(rung, now));
        else if (known->times > 0 || known->level < reached)
            *known = keptWith(*known, rung, now);
        else
            *known = notBefore(rung, now);
    }
    if (ladder.acknowledgedAt.isValid()) {
        const QDateTime silentAt = ladder.silentAt;
        out = acknowledged(out, ladder.acknowledgedBy, ladder.acknowledgedAt, ladder.ackTimeout);
        out.silentAt = silentAt;
    }
    return ladder.held ? held(out, ladder.holdReason, ladder.heldUntil) : out;
}

Ladder shifted(Ladder ladder, std::chrono::milliseconds step) {
    const auto move = [&](QDateTime& at) {
        if (at.isValid()) at = at.addMSecs(step.count());
    };
    move(ladder.heldUntil);
    move(ladder.silentAt);
    for (Rung& rung : ladder.rungs) {
        move(rung.repeatAt);
        move(rung.plannedAt);  // the distances between levels count from it
        if (waits(rung) && !rung.quietUntil.isValid()) move(rung.dueAt);
    }
    return ladder;
}

}  // namespace tocsin::escalation
