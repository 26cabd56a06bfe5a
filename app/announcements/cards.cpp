#include "announcements/cards.h"

#include <algorithm>

#include "escalation/ladderstore.h"
#include "escalation/wording.h"
#include "incidents/commanderclock.h"
#include "incidents/events.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

using delivery::Entry;
using delivery::Standing;
using delivery::StandingMessage;
using std::chrono::milliseconds;

// At most one edit leaves in this time, ...
constexpr milliseconds kFold{5000};
// ... and a burst (declared, paged, delivered) is waited out.
constexpr milliseconds kBurst{1000};
constexpr milliseconds kStoreRetry{5000};

/// The last update's text, as the ledger keeps it; empty when there was none.
Result<QString> lastUpdateOf(store::Transaction& tx, const incidents::Incident& incident) {
    auto posted = incidents::lastEventOf(tx, incident.id, u"posted"_s);
    if (!posted) return tl::unexpected<Error>(posted.error());
    if (!*posted) return QString();
    const QJsonObject& detail = (*posted)->detail;
    if (detail[u"channel"].toString() != incident.channel) return QString();
    // "posted to #incidents: …"
    const QString& text = (*posted)->text;
    return text.mid(text.indexOf(u": "_s) + 2);
}

Result<CardFacts> factsOf(store::Transaction& tx, const incidents::Incident& incident,
                          const CardStyle& style, const QDateTime& now) {
    CardFacts facts;
    facts.incident = incident;
    auto ladder = escalation::loadLadder(tx, incident.id);
    if (!ladder && ladder.error().code != ErrorCode::NotFound)
        return tl::unexpected<Error>(ladder.error());
    facts.ladder = ladder.value_or(escalation::Ladder());
    auto update = lastUpdateOf(tx, incident);
    if (!update) return tl::unexpected<Error>(update.error());
    facts.lastUpdate = *update;
    auto resolved = incidents::lastEventOf(tx, incident.id, u"resolved"_s);
    if (!resolved) return tl::unexpected<Error>(resolved.error());
    if (*resolved && !incident.isOpen()) facts.fix = (*resolved)->detail[u"fix"].toString();
    facts.nextUpdate =
        incidents::nextUpdateDue(incident, now, style.updates.value(incident.priority));
    return facts;
}

/// A move's own card: at once where it turns the incident, else when the last edit is old enough.
Result<QVector<Entry>> cardOfMove(store::Transaction& tx, const escalation::Outcome& outcome,
                                  const CardStyle& style, const QDateTime& now) {
    const QString incident = outcome.ladder.incident;
    const bool turns = std::any_of(
        outcome.events.begin(), outcome.events.end(), [](const incidents::Event& event) {
            return event.kind == u"declared" || event.kind == u"resolved";
        });
    auto card = Standing::find(tx, escalation::cardEvent(incident));
    if (!card) return tl::unexpected<Error>(card.error());
    const bool isFresh = *card && (*card)->changedAt.isValid() &&
                         std::abs((*card)->changedAt.msecsTo(now)) < kFold.count();
    if (isFresh && !turns) return QVector<Entry>();
    auto entry = refreshCard(tx, incident, style, now);
    if (!entry) return tl::unexpected<Error>(entry.error());
    return *entry ? QVector<Entry>{**entry} : QVector<Entry>();
}

/// Open incidents, and resolved ones whose card still says that they are open.
Result<QStringList> unfinishedCards(store::Transaction& tx) {
    auto incidents = incidents::Projection::list(tx, 0);
    if (!incidents) return tl::unexpected<Error>(incidents.error());
    QStringList ids;
    for (const incidents::Incident& incident : *incidents)
        if (incident.isOpen()) ids.append(incident.id);
    auto cards = Standing::open(tx, u"INC-"_s);
    if (!cards) return tl::unexpected<Error>(cards.error());
    for (const StandingMessage& card : *cards)
        if (!ids.contains(card.incident)) ids.append(card.incident);
    return ids;
}

}  // namespace

Result<CardFacts> cardFacts(store::Transaction& tx, const QString& id, const CardStyle& style,
                            const QDateTime& now) {
    auto incident = incidents::Projection::find(tx, id);
    if (!incident) return tl::unexpected<Error>(incident.error());
    if (!*incident) return fail(ErrorCode::NotFound, u"There is no incident %1."_s.arg(id));
    return factsOf(tx, **incident, style, now);
}

Result<std::optional<Entry>> refreshCard(store::Transaction& tx, const QString& id,
                                         const CardStyle& style, const QDateTime& now) {
    auto incident = incidents::Projection::find(tx, id);
    if (!incident) return tl::unexpected<Error>(incident.error());
    if (!*incident || (*incident)->channel.isEmpty()) return std::optional<Entry>();
    auto known = Standing::find(tx, escalation::cardEvent(id));
    if (!known) return tl::unexpected<Error>(known.error());
    StandingMessage card = known->value_or(StandingMessage{
        .name = escalation::cardEvent(id), .incident = id, .channel = (*incident)->channel});
    if (card.closed && !(*incident)->isOpen()) return std::optional<Entry>();
    // One that was resolved before cards were kept needs none.
    if (!*known && !(*incident)->isOpen()) return std::optional<Entry>();
    auto facts = factsOf(tx, **incident, style, now);
    if (!facts) return tl::unexpected<Error>(facts.error());
    auto entry = Standing::say(tx, card, cardMessage(*facts, style), now);
    if (!entry || card.closed == !(*incident)->isOpen()) return entry;
    card.closed = !(*incident)->isOpen();
    if (auto saved = Standing::save(tx, card); !saved) return tl::unexpected<Error>(saved.error());
    return entry;
}

Cards::Cards(store::Database& db, incidents::Journal& journal, escalation::Engine& engine,
             Clock& clock, QObject* parent)
    : QObject(parent), m_db(db), m_clock(clock), m_engine(engine) {
    connect(&journal, &incidents::Journal::incidentChanged, this,
            [this](const incidents::Incident& incident) { noteChange(incident.id); });
    connect(&journal, &incidents::Journal::eventAppended, this,
            [this](const incidents::Event& event) { noteChange(event.incident); });
    connect(&engine, &escalation::Engine::ladderChanged, this,
            [this](const escalation::Ladder& ladder) { noteChange(ladder.incident); });
    setStyle({});
}

Cards::~Cards() {
    m_engine.setCompanion({});
    m_db.drain();
}

void Cards::setStyle(const CardStyle& style) {
    m_style = style;
    m_engine.setCompanion(
        [style](store::Transaction& tx, const escalation::Outcome& outcome, const QDateTime& now) {
            return cardOfMove(tx, outcome, style, now);
        });
    if (m_started) catchUp();
}

void Cards::standDown() {
    m_started = false;
}

void Cards::start(const store::Fence& fence) {
    m_started = true;
    m_fence = fence;
    catchUp();
}

void Cards::catchUp() {
    m_db.read<QStringList>([](store::Transaction& tx) { return unfinishedCards(tx); })
        .then(this, [this](const Result<QStringList>& ids) {
            if (!ids) return emit failed(ids.error());
            for (const QString& id : *ids)
                noteChange(id);
        });
}

void Cards::noteChange(const QString& incident) {
    if (!m_started || incident.isEmpty() || m_scheduled.contains(incident)) return;
    m_scheduled.insert(incident);
    const auto last = m_lastEdit.find(incident);
    const milliseconds rest =
        last == m_lastEdit.end() ? milliseconds(0) : *last + kFold - m_clock.elapsed();
    m_clock.callAfter(std::max(kBurst, rest), this, [this, incident] { refresh(incident); });
}

void Cards::refresh(const QString& incident) {
    m_scheduled.remove(incident);
    if (!m_started) return;
    ++m_writing;
    m_db.write<std::optional<Entry>>(
            m_fence, [incident, style = m_style, now = m_clock.now()](
                         store::Transaction& tx) { return refreshCard(tx, incident, style, now); })
        .then(this, [this, incident](const Result<std::optional<Entry>>& entry) {
            --m_writing;
            if (!entry && store::fencedOut(entry.error())) return standDown();
            if (!entry) {
                emit failed(entry.error());
                return m_clock.callAfter(kStoreRetry, this,
                                         [this, incident] { noteChange(incident); });
            }
            if (!*entry) return;
            m_lastEdit.insert(incident, m_clock.elapsed());
            emit intentsWritten();
        });
}

}  // namespace tocsin::announcements
