#include "escalation/change.h"

#include <QJsonArray>
#include <algorithm>

#include "escalation/ladderstore.h"
#include "escalation/wording.h"
#include "incidents/journal.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

QJsonObject detailOf(const incidents::Declaration& declaration) {
    return {{u"title"_s, declaration.title},
            {u"severity"_s, nameOf(declaration.priority)},
            {u"commander"_s, declaration.commander},
            {u"channel"_s, declaration.channel},
            {u"runbook"_s, declaration.runbook},
            {u"runbook_url"_s, declaration.runbookUrl.toString(QUrl::FullyEncoded)},
            {u"alerts"_s, QJsonArray::fromStringList(declaration.alerts)},
            {u"keys"_s, QJsonArray::fromStringList(declaration.keys)}};
}

QString declaredText(const incidents::Declaration& declaration) {
    const QString what = u"declared %1 %2"_s.arg(nameOf(declaration.priority), declaration.title);
    return declaration.keys.isEmpty() ? what
                                      : u"%1, from %2"_s.arg(what, declaration.keys.join(u", "_s));
}

/// The kind of the timeline's event; empty for a page, which writes its own.
QString eventOf(Turn::Kind kind) {
    switch (kind) {
        case Turn::Kind::HoldEnds:
            return u"released"_s;
        case Turn::Kind::Silence:
            return u"resumed"_s;
        case Turn::Kind::Postpone:
            return u"postponed"_s;
        case Turn::Kind::Skip:
        case Turn::Kind::PageInstead:
            return u"skipped"_s;
        case Turn::Kind::Page:
            break;
    }
    return {};
}

QJsonObject detailOf(const Turn& turn) {
    QJsonObject detail;
    if (turn.level > 0) detail[u"level"_s] = turn.level;
    if (turn.kind == Turn::Kind::PageInstead) detail[u"instead"_s] = turn.page.level;
    if (turn.until.isValid()) detail[u"until"_s] = turn.until.toUTC().toString(Qt::ISODate);
    return detail;
}

/// What a message that is not a page was, for the timeline.
QString whatLeft(const QString& event) {
    if (event.contains(cardEvent({}))) return u"card"_s;
    if (event.endsWith(u"/declared")) return u"declaration"_s;
    if (event.endsWith(u"/resolved")) return u"resolution"_s;
    if (event.endsWith(u"/merged")) return u"merge"_s;
    if (event.contains(u"/command-")) return u"hand-over"_s;
    if (event.contains(u"/level-")) return u"an earlier page"_s;
    return event.contains(u"/reopened-") ? u"reopening"_s : u"update"_s;
}

Rung* rungOf(Ladder& ladder, const QString& event) {
    const auto found = std::find_if(ladder.rungs.begin(), ladder.rungs.end(),
                                    [&](const Rung& rung) { return rung.event == event; });
    return found == ladder.rungs.end() ? nullptr : &*found;
}

}  // namespace

Result<Change> Change::declared(store::Transaction& tx, const QString& id,
                                const incidents::Declaration& declaration, Ladder ladder,
                                const QDateTime& now) {
    Change change(tx, now);
    change.m_incident.id = id;
    change.m_outcome.ladder = std::move(ladder);
    const QString by = declaration.commander.isEmpty() ? u"Tocsin"_s : declaration.commander;
    auto done = change.append(u"declared"_s, by, declaredText(declaration), detailOf(declaration));
    if (!done) return tl::unexpected<Error>(done.error());
    return change;
}

Result<Change> Change::beginAny(store::Transaction& tx, const QString& incident,
                                const QDateTime& now) {
    auto ladder = loadLadder(tx, incident);
    if (!ladder) return tl::unexpected<Error>(ladder.error());
    return with(tx, *ladder, now);
}

Result<Change> Change::with(store::Transaction& tx, const Ladder& ladder, const QDateTime& now) {
    auto found = incidents::Projection::find(tx, ladder.incident);
    if (!found) return tl::unexpected<Error>(found.error());
    Change change(tx, now);
    change.m_before = ladder;
    change.m_outcome.ladder = ladder;
    change.m_incident = found->value_or(incidents::Incident());
    return change;
}

Result<Change> Change::begin(store::Transaction& tx, const QString& incident,
                             const QDateTime& now) {
    auto change = beginAny(tx, incident, now);
    if (change && change->ladder().closed)
        return fail(
            ErrorCode::Refused,
            u"%1 is resolved already. Declare a new incident if it came back."_s.arg(incident));
    return change;
}

Result<void> Change::append(const QString& kind, const QString& actor, const QString& text,
                            const QJsonObject& detail) {
    const incidents::Event event{0, m_incident.id, m_now, actor, kind, text, detail};
    if (m_gathers) {
        m_outcome.events.append(event);
        return {};
    }
    auto written = incidents::Journal::appendIn(*m_tx, event);
    if (!written) return tl::unexpected<Error>(written.error());
    fold(m_incident, *written);
    m_outcome.events.append(*written);
    return {};
}

Result<void> Change::intend(const QString& channel, const Message& message) {
    if (m_gathers) {
        delivery::Entry waiting;
        waiting.incident = m_incident.id;
        waiting.channel = channel;
        waiting.message = message;
        waiting.event = message.event;
        m_outcome.intents.append(waiting);
        return {};
    }
    auto entry = delivery::Ledger::intend(*m_tx, m_incident.id, channel, message, m_now);
    if (!entry) return tl::unexpected<Error>(entry.error());
    m_outcome.intents.append(*entry);
    return {};
}

QString Change::whyAgain(const Page& page) const {
    if (page.byHand || page.times <= 1) return {};
    if (ladder().acknowledgedAt.isValid()) return u"not resolved yet"_s;
    return ladder().acknowledgedBy.isEmpty()
               ? u"nobody has acknowledged"_s
               : u"silent since %1 acknowledged"_s.arg(ladder().acknowledgedBy);
}

Result<void> Change::page(const Page& page, const QString& actor, bool withCard) {
    const Rung* rung = rungAt(ladder(), page.level);
    if (!rung) return {};
    const Message message = pageMessage(m_incident, *rung, page, m_now,
                                        {withCard, whyAgain(page), ladder().pageWording});
    setLadder(paged(ladder(), page, message.event, m_now));
    const std::chrono::milliseconds late(page.dueAt.msecsTo(m_now));
    rungAt(m_outcome.ladder, page.level)->note =
        late >= std::chrono::minutes(1) ? u"late by %1"_s.arg(spoken(late)) : QString();
    const Rung now = *rungAt(ladder(), page.level);
    if (auto done = appendPage(now, page, actor); !done) return done;
    return intend(now.channel, message);
}

Result<void> Change::appendPage(const Rung& rung, const Page& page, const QString& actor) {
    const QString whom = rung.mention.isEmpty() ? rung.name : u"@"_s + rung.mention;
    const QString text = u"level %1 %2: paged %3%4%5"_s.arg(
        QString::number(rung.level), rung.name, whom, page.times > 1 ? u" again"_s : QString(),
        rung.note.isEmpty() ? QString() : u", "_s + rung.note);
    return append(u"paged"_s, actor, text,
                  {{u"level"_s, rung.level},
                   {u"event"_s, rung.event},
                   {u"channel"_s, rung.channel},
                   {u"mention"_s, rung.mention},
                   {u"due_at"_s, page.dueAt.toUTC().toString(Qt::ISODateWithMs)}});
}

Result<void> Change::take(const Turn& turn, bool withCard) {
    using Kind = Turn::Kind;
    const QString event = eventOf(turn.kind);
    if (!event.isEmpty())
        if (auto done = append(event, u"Tocsin"_s, turnText(ladder(), turn), detailOf(turn)); !done)
            return done;
    if (turn.kind != Kind::Page)
        setLadder(taken(ladder(), turn, pageEvent(roundOf(m_incident), turn.page), m_now));
    return pages(turn) ? page(turn.page, u"Tocsin"_s, withCard) : Result<void>();
}

Result<void> Change::callOffPages(bool all, const QString& by, const QString& why) {
    QStringList channels;
    qsizetype count = 0;
    for (Rung& rung : m_outcome.ladder.rungs) {
        if (rung.times == 0 || (rung.until == Until::Resolved && !all)) continue;
        const QString page = pageEvent(roundOf(m_incident), Page{rung.level, 1, {}, false});
        auto off = delivery::Ledger::calledOff(*m_tx, m_incident.id, page, why, m_now);
        if (!off) return tl::unexpected<Error>(off.error());
        for (const delivery::Entry& entry : std::as_const(*off)) {
            ++count;
            if (!channels.contains(u'#' + entry.channel)) channels.append(u'#' + entry.channel);
            if (rung.event != entry.event || rung.state != RungState::Paged) continue;
            rung.state = RungState::Cancelled;
            rung.note = why;
        }
        m_outcome.intents += *off;
    }
    if (count == 0) return {};
    return append(u"called_back"_s, by,
                  u"%1: %2 had not left and %3 not sent any more, %4"_s.arg(
                      channels.join(u", "_s), count == 1 ? u"a page"_s : u"%1 pages"_s.arg(count),
                      count == 1 ? u"is"_s : u"are"_s, why),
                  {{u"pages"_s, count}});
}

Result<void> Change::recordDelivery(const delivery::Entry& entry) {
    const bool arrived = entry.state == delivery::EntryState::Confirmed;
    Rung* rung = rungOf(m_outcome.ladder, entry.event);
    const QString what = rung ? u"page of level %1"_s.arg(rung->level) : whatLeft(entry.event);
    const QString repeat = entry.message.possibleRepeat ? u", possibly a repeat"_s : QString();
    const QString took = u"%1 s"_s.arg(
        static_cast<double>(entry.createdAt.msecsTo(entry.changedAt)) / 1000, 0, 'f', 1);
    const QString text =
        arrived ? u"#%1: %2 delivered · %3%4"_s.arg(entry.channel, what, took, repeat)
                : u"#%1: %2 could not be delivered. %3"_s.arg(entry.channel, what, entry.answer);
    if (rung && rung->state == RungState::Paged) {
        rung->state = arrived ? RungState::Delivered : RungState::Failed;
        rung->note = !arrived               ? entry.answer
                     : rung->note.isEmpty() ? u"delivered"_s
                                            : rung->note + u", delivered"_s;
    }
    return append(arrived ? u"delivered"_s : u"failed"_s, u"Tocsin"_s, text,
                  {{u"event"_s, entry.event},
                   {u"channel"_s, entry.channel},
                   {u"tries"_s, entry.tries},
                   {u"remote_id"_s, entry.remoteId},
                   {u"possible_repeat"_s, entry.message.possibleRepeat},
                   {u"answer"_s, entry.answer}});
}

Result<Outcome> Change::save() {
    auto saved = saveLadder(*m_tx, m_outcome.ladder, m_before);
    if (!saved) return tl::unexpected<Error>(saved.error());
    return m_outcome;
}

}  // namespace tocsin::escalation
