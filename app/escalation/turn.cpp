#include "escalation/turn.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

bool isQuiet(const Rung& rung, const QDateTime& at) {
    return rung.quiet && quietUntil(*rung.quiet, at);
}

/// Somebody else was told or will be: nobody may be skipped into silence.
bool othersAreThere(const Ladder& ladder, int level) {
    return std::any_of(ladder.rungs.begin(), ladder.rungs.end(), [&](const Rung& rung) {
        return rung.level != level && (rung.times > 0 || waits(rung));
    });
}

Turn inQuietHours(const Ladder& ladder, const Rung& rung, const Page& page, const QDateTime& end,
                  const QDateTime& now) {
    const Turn anyway{Turn::Kind::Page, page, rung.level, {}};
    const Turn later{Turn::Kind::Postpone, page, rung.level, end};
    if (page.times > 1) return later;  // it was told already
    switch (rung.quiet->instead) {
        case QuietHours::Instead::Skip:
            if (!othersAreThere(ladder, rung.level)) return anyway;
            return {Turn::Kind::Skip, page, rung.level, {}};
        case QuietHours::Instead::OtherLevel: {
            const Rung* other = rungAt(ladder, rung.quiet->level);
            if (!other || other->level == rung.level || isQuiet(*other, now)) return anyway;
            return {Turn::Kind::PageInstead,
                    {other->level, other->times + 1, page.dueAt, false},
                    rung.level,
                    {}};
        }
        case QuietHours::Instead::Postpone:
            break;
    }
    return later;
}

void postpone(Rung& rung, const QDateTime& until) {
    if (rung.times > 0) {
        rung.repeatAt = until;
        return;
    }
    rung.dueAt = until;
    rung.quietUntil = until;
    rung.note = u"quiet hours, postponed"_s;
}

void skip(Rung& rung, const QString& why) {
    rung.state = RungState::Skipped;
    rung.quietUntil = {};
    rung.note = why;
}

}  // namespace

std::optional<Turn> nextTurn(const Ladder& ladder, const QDateTime& now) {
    if (ladder.closed) return {};
    if (holdIsOver(ladder, now)) return Turn{Turn::Kind::HoldEnds};
    if (ladder.held) return {};
    if (ladder.silentAt.isValid() && ladder.silentAt <= now) return Turn{Turn::Kind::Silence};
    const QVector<Page> pages = due(ladder, now);
    if (pages.isEmpty()) return {};
    const Page& page = pages.first();
    const Rung* rung = rungAt(ladder, page.level);
    const auto end = rung->quiet ? quietUntil(*rung->quiet, now) : std::nullopt;
    if (!end) return Turn{Turn::Kind::Page, page, page.level, {}};
    return inQuietHours(ladder, *rung, page, *end, now);
}

Ladder taken(Ladder ladder, const Turn& turn, const QString& event, const QDateTime& now) {
    Rung* rung = rungAt(ladder, turn.level);
    switch (turn.kind) {
        case Turn::Kind::HoldEnds:
            return unheld(std::move(ladder));
        case Turn::Kind::Silence:
            return resumed(std::move(ladder), now);
        case Turn::Kind::Postpone:
            if (rung) postpone(*rung, turn.until);
            return ladder;
        case Turn::Kind::Skip:
            if (rung) skip(*rung, u"skipped: quiet hours"_s);
            return ladder;
        case Turn::Kind::PageInstead:
            if (rung) skip(*rung, u"quiet hours: level %1 instead"_s.arg(turn.page.level));
            break;
        case Turn::Kind::Page:
            break;
    }
    return paged(std::move(ladder), turn.page, event, now);
}

}  // namespace tocsin::escalation
