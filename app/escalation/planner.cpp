#include "escalation/planner.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using std::chrono::milliseconds;

bool wasPaged(const Rung& rung) {
    return rung.times > 0;
}

/// Moves the waiting rungs so that the first is not before `earliest`. Those that wait for the end
/// of their quiet hours have a moment of their own.
void moveWaiting(Ladder& ladder, const QDateTime& earliest) {
    QDateTime first;
    const auto moves = [](const Rung& rung) { return waits(rung) && !rung.quietUntil.isValid(); };
    for (const Rung& rung : ladder.rungs)
        if (moves(rung) && (!first.isValid() || rung.plannedAt < first)) first = rung.plannedAt;
    const qint64 shift = first.isValid() ? std::max<qint64>(0, first.msecsTo(earliest)) : 0;
    for (Rung& rung : ladder.rungs)
        if (moves(rung)) rung.dueAt = rung.plannedAt.addMSecs(shift);
}

bool repeats(const Ladder& ladder, const Rung& rung) {
    const bool goesOn = rung.until == Until::Resolved || !ladder.acknowledgedAt.isValid();
    return wasPaged(rung) && rung.repeatAt.isValid() && goesOn;
}

QDateTime notBeforeHold(const Ladder& ladder, const QDateTime& at) {
    return ladder.held ? std::max(at, ladder.heldUntil) : at;
}

/// An acknowledgement takes care of it.
void callOff(Rung& rung, const QString& by) {
    if (rung.until == Until::Resolved) return;
    if (waits(rung)) {
        rung.state = RungState::Cancelled;
        rung.note = u"not needed: acknowledged by %1"_s.arg(by);
        rung.quietUntil = {};
    }
    rung.repeatAt = {};
}

Rung planned(const Policy& policy, const Level& said, int level) {
    Rung rung;
    rung.level = level;
    rung.name = said.name;
    rung.mention = said.mention;
    rung.channel = said.channel.isEmpty() ? policy.channel : said.channel;
    rung.repeat = said.repeat;
    rung.until = said.until;
    return rung;
}

}  // namespace

bool waits(const Rung& rung) {
    return rung.state == RungState::Waiting || rung.state == RungState::Held;
}

Rung* rungAt(Ladder& ladder, int level) {
    const auto found = std::find_if(ladder.rungs.begin(), ladder.rungs.end(),
                                    [&](const Rung& rung) { return rung.level == level; });
    return found == ladder.rungs.end() ? nullptr : &*found;
}

const Rung* rungAt(const Ladder& ladder, int level) {
    const auto found = std::find_if(ladder.rungs.begin(), ladder.rungs.end(),
                                    [&](const Rung& rung) { return rung.level == level; });
    return found == ladder.rungs.end() ? nullptr : &*found;
}

QString nameOf(Until until) {
    return until == Until::Resolved ? u"resolved"_s : u"acknowledged"_s;
}

QString nameOf(RungState state) {
    switch (state) {
        case RungState::Waiting:
            return u"waiting"_s;
        case RungState::Skipped:
            return u"skipped"_s;
        case RungState::Held:
            return u"held"_s;
        case RungState::Paged:
            return u"paged"_s;
        case RungState::Delivered:
            return u"delivered"_s;
        case RungState::Failed:
            return u"failed"_s;
        case RungState::Cancelled:
            break;
    }
    return u"cancelled"_s;
}

Ladder plan(const Policy& policy, const QString& incident, incidents::Priority priority,
            const QDateTime& declaredAt) {
    const QString word = incidents::nameOf(priority);
    const int count = static_cast<int>(policy.levels.size());
    const int start = std::clamp(policy.start.value(word, 1), 1, std::max(1, count));
    Ladder ladder;
    ladder.incident = incident;
    ladder.ackTimeout = policy.ackTimeout;
    ladder.pageWording = policy.pageWording;
    for (int level = 1; level <= count; ++level) {
        const Level& said = policy.levels.at(level - 1);
        Rung rung = planned(policy, said, level);
        if (!said.loud.contains(word)) rung.quiet = said.quiet;
        const bool atOnce = level == start && start > 1;
        rung.dueAt = atOnce ? declaredAt : declaredAt.addMSecs(said.after.count());
        rung.plannedAt = rung.dueAt;
        if (level < start) {
            rung.state = RungState::Skipped;
            rung.note = u"skipped (%1)"_s.arg(word);
        }
        ladder.rungs.append(rung);
    }
    return ladder;
}

QVector<Page> due(const Ladder& ladder, const QDateTime& now) {
    QVector<Page> pages;
    if (ladder.closed || (ladder.held && now < ladder.heldUntil)) return pages;
    for (const Rung& rung : ladder.rungs) {
        if (waits(rung) && rung.dueAt <= now)
            pages.append({rung.level, 1, rung.dueAt, false});
        else if (repeats(ladder, rung) && rung.repeatAt <= now)
            pages.append({rung.level, rung.times + 1, rung.repeatAt, false});
    }
    return pages;
}

Ladder paged(Ladder ladder, const Page& page, const QString& event, const QDateTime& now) {
    Rung* rung = rungAt(ladder, page.level);
    if (!rung) return ladder;
    rung->state = RungState::Paged;
    rung->quietUntil = {};
    rung->times = page.times;
    rung->event = event;
    rung->note.clear();
    if (!rung->pagedAt.isValid()) rung->pagedAt = now;
    rung->repeatAt = rung->repeat ? now.addMSecs(rung->repeat->count()) : QDateTime();
    return ladder;
}

QDateTime nextDeadline(const Ladder& ladder) {
    QDateTime next;
    const auto consider = [&](const QDateTime& at) {
        if (!next.isValid() || at < next) next = at;
    };
    if (ladder.closed) return next;
    if (ladder.held) consider(ladder.heldUntil);
    if (ladder.silentAt.isValid()) consider(notBeforeHold(ladder, ladder.silentAt));
    for (const Rung& rung : ladder.rungs) {
        if (waits(rung)) consider(notBeforeHold(ladder, rung.dueAt));
        if (repeats(ladder, rung)) consider(notBeforeHold(ladder, rung.repeatAt));
    }
    return next;
}

Ladder held(Ladder ladder, const QString& reason, const QDateTime& until) {
    ladder.held = true;
    ladder.heldUntil = until;
    ladder.holdReason = reason;
    for (Rung& rung : ladder.rungs)
        if (rung.state == RungState::Waiting) rung.state = RungState::Held;
    moveWaiting(ladder, until);
    return ladder;
}

Ladder unheld(Ladder ladder) {
    ladder.held = false;
    ladder.heldUntil = {};
    ladder.holdReason.clear();
    for (Rung& rung : ladder.rungs) {
        if (rung.state != RungState::Held) continue;
        rung.state = RungState::Waiting;
        rung.plannedAt = rung.dueAt;
    }
    return ladder;
}

Ladder released(Ladder ladder, const QDateTime& now) {
    moveWaiting(ladder, now);
    return unheld(std::move(ladder));
}

bool holdIsOver(const Ladder& ladder, const QDateTime& now) {
    return ladder.held && !ladder.closed && ladder.heldUntil <= now;
}

Ladder acknowledged(Ladder ladder, const QString& by, const QDateTime& at,
                    std::optional<milliseconds> silence) {
    ladder = unheld(std::move(ladder));
    ladder.acknowledgedAt = at;
    ladder.acknowledgedBy = by;
    ladder.ackTimeout = silence;
    ladder.silentAt = silence ? at.addMSecs(silence->count()) : QDateTime();
    for (Rung& rung : ladder.rungs)
        callOff(rung, by);
    return ladder;
}

Ladder stillWorkedOn(Ladder ladder, const QDateTime& at) {
    if (ladder.ackTimeout) ladder.silentAt = at.addMSecs(ladder.ackTimeout->count());
    return ladder;
}

Ladder resumed(Ladder ladder, const QDateTime& now) {
    ladder.acknowledgedAt = {};
    ladder.silentAt = {};
    Rung* reached = nullptr;
    QDateTime from;
    for (Rung& rung : ladder.rungs) {
        if (wasPaged(rung)) reached = &rung;
        if (rung.state == RungState::Cancelled && !from.isValid()) from = rung.plannedAt;
    }
    if (reached) from = reached->plannedAt;
    for (Rung& rung : ladder.rungs) {
        // One whose page was called off had its turn: the highest of these is paged again below.
        if (rung.state == RungState::Cancelled && !wasPaged(rung)) {
            rung.state = RungState::Waiting;
            rung.note.clear();
            rung.dueAt = now.addMSecs(std::max<qint64>(0, from.msecsTo(rung.plannedAt)));
            rung.plannedAt = rung.dueAt;
        } else if (wasPaged(rung) && rung.repeat && rung.until == Until::Acknowledged) {
            rung.repeatAt = now.addMSecs(rung.repeat->count());
        }
    }
    if (reached) reached->repeatAt = now;
    return ladder;
}

Ladder resolved(Ladder ladder) {
    ladder = unheld(std::move(ladder));
    ladder.closed = true;
    ladder.silentAt = {};
    for (Rung& rung : ladder.rungs) {
        rung.quietUntil = {};
        if (waits(rung)) {
            rung.state = RungState::Cancelled;
            rung.note = u"not needed: resolved"_s;
        }
        rung.repeatAt = {};
    }
    return ladder;
}

}  // namespace tocsin::escalation
