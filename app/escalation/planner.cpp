#include "escalation/planner.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

bool waits(const Rung& rung) {
    return rung.state == RungState::Waiting || rung.state == RungState::Held;
}

bool wasPaged(const Rung& rung) {
    return rung.times > 0;
}

/// Moves the waiting rungs so that the first is not before `earliest`.
void moveWaiting(Ladder& ladder, const QDateTime& earliest) {
    QDateTime first;
    for (const Rung& rung : ladder.rungs)
        if (waits(rung) && (!first.isValid() || rung.plannedAt < first)) first = rung.plannedAt;
    const qint64 shift = first.isValid() ? std::max<qint64>(0, first.msecsTo(earliest)) : 0;
    for (Rung& rung : ladder.rungs)
        if (waits(rung)) rung.dueAt = rung.plannedAt.addMSecs(shift);
}

Rung* rungOf(Ladder& ladder, int level) {
    const auto found = std::find_if(ladder.rungs.begin(), ladder.rungs.end(),
                                    [&](const Rung& rung) { return rung.level == level; });
    return found == ladder.rungs.end() ? nullptr : &*found;
}

bool repeats(const Ladder& ladder, const Rung& rung) {
    return wasPaged(rung) && rung.repeatAt.isValid() && !ladder.acknowledgedAt.isValid();
}

QDateTime notBeforeHold(const Ladder& ladder, const QDateTime& at) {
    return ladder.held ? std::max(at, ladder.heldUntil) : at;
}

}  // namespace

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
    for (int level = 1; level <= count; ++level) {
        const Level& said = policy.levels.at(level - 1);
        Rung rung;
        rung.level = level;
        rung.name = said.name;
        rung.mention = said.mention;
        rung.channel = said.channel.isEmpty() ? policy.channel : said.channel;
        rung.repeat = said.repeat;
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
    Rung* rung = rungOf(ladder, page.level);
    if (!rung) return ladder;
    rung->state = RungState::Paged;
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

Ladder acknowledged(Ladder ladder, const QString& by, const QDateTime& at) {
    ladder = unheld(std::move(ladder));
    ladder.acknowledgedAt = at;
    for (Rung& rung : ladder.rungs) {
        if (waits(rung)) {
            rung.state = RungState::Cancelled;
            rung.note = u"not needed: acknowledged by %1"_s.arg(by);
        }
        rung.repeatAt = {};
    }
    return ladder;
}

Ladder resolved(Ladder ladder) {
    ladder = unheld(std::move(ladder));
    ladder.closed = true;
    for (Rung& rung : ladder.rungs) {
        if (waits(rung)) {
            rung.state = RungState::Cancelled;
            rung.note = u"not needed: resolved"_s;
        }
        rung.repeatAt = {};
    }
    return ladder;
}

std::optional<Page> nextByHand(const Ladder& ladder, const QDateTime& now) {
    if (ladder.closed) return {};
    for (const Rung& rung : ladder.rungs)
        if (!wasPaged(rung) && rung.state != RungState::Skipped)
            return Page{rung.level, 1, now, true};
    return {};
}

}  // namespace tocsin::escalation
