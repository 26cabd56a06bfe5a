#include "incidents/journal.h"

#include <QJsonArray>
#include <algorithm>

#include "incidents/archive.h"
#include "incidents/events.h"
#include "incidents/pins.h"
#include "incidents/projection.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

struct Loaded {
    QVector<Incident> incidents;
    qint64 lastSeq = 0;
};

Result<Loaded> readAll(store::Transaction& tx, int recent) {
    auto incidents = Projection::list(tx, recent);
    if (!incidents) return tl::unexpected<Error>(incidents.error());
    auto last = tx.run(u"SELECT COALESCE(MAX(seq), 0) FROM incident_events"_s);
    if (!last) return tl::unexpected<Error>(last.error());
    last->next();
    return Loaded{*incidents, last->value(0).toLongLong()};
}

/// What an imported incident brought along happened elsewhere, long ago: nobody here acts on it.
bool isOfOldCopy(const QVector<Incident>& incidents, const Event& event) {
    const auto found = std::find_if(incidents.begin(), incidents.end(),
                                    [&](const Incident& one) { return one.id == event.incident; });
    return found != incidents.end() && !found->importedFrom.isEmpty() &&
           event.kind != u"imported" && event.at < found->importedAt;
}

}  // namespace

Journal::Journal(store::Database& db, Clock& clock, QObject* parent)
    : QObject(parent), m_db(db), m_clock(clock), m_watch(db, clock) {
    connect(&m_watch, &store::ChangeWatch::changedElsewhere, this, &Journal::refresh);
    connect(&m_watch, &store::ChangeWatch::changedElsewhere, this, &Journal::changedElsewhere);
}

Journal::~Journal() {
    m_db.drain();
}

QFuture<Result<QVector<Incident>>> Journal::load(int recent) {
    return m_db.read<Loaded>([recent](store::Transaction& tx) { return readAll(tx, recent); })
        .then(this, [this](const Result<Loaded>& all) -> Result<QVector<Incident>> {
            if (!all) {
                emit failed(all.error());
                return tl::unexpected<Error>(all.error());
            }
            loaded(all->incidents, all->lastSeq);
            return all->incidents;
        });
}

void Journal::loaded(const QVector<Incident>& incidents, qint64 lastSeq) {
    m_open = m_recent = Shelf();
    for (const Incident& incident : incidents)
        (incident.isOpen() ? m_open : m_recent).put(incident);
    m_readUpTo = lastSeq;
    m_beyond.clear();
    m_watch.start();
}

QFuture<Result<QVector<Event>>> Journal::timeline(const QString& incident) {
    return m_db.read<QVector<Event>>(
        [incident](store::Transaction& tx) { return eventsOf(tx, incident); });
}

QFuture<Result<Event>> Journal::append(const QString& incident, const QString& actor,
                                       const QString& kind, const QString& text,
                                       const QJsonObject& detail) {
    const Event event{0, incident, m_clock.now(), actor, kind, text, detail};
    return announced(
        m_db.write<Event>([event](store::Transaction& tx) { return appendEvent(tx, event); }));
}

QFuture<Result<Event>> Journal::correct(const QString& incident, const QString& actor, qint64 seq,
                                        const QString& text) {
    // A correction that is refused is the asking form's to tell, not the store's trouble.
    return m_db
        .write<Event>([=, now = m_clock.now()](store::Transaction& tx) {
            return appendCorrection(tx, incident, seq, actor, now, text);
        })
        .then(this, [this](const Result<Event>& written) {
            if (written) announce({*written});
            return written;
        });
}

QFuture<Result<Event>> Journal::record(const QString& incident, const QString& actor,
                                       const Deed& deed) {
    const QDateTime now = m_clock.now();
    return m_db
        .write<Event>([incident, actor, deed, now](store::Transaction& tx) {
            return recordIn(tx, incident, actor, deed, now);
        })
        .then(this, [this](const Result<Event>& written) {
            if (written)
                announce({*written});
            else if (written.error().code == ErrorCode::Disk)
                emit failed(written.error());
            return written;
        });
}

QFuture<Result<Event>> Journal::announced(const QFuture<Result<Event>>& future) {
    return QFuture<Result<Event>>(future).then(this, [this](const Result<Event>& written) {
        if (written)
            announce({*written});
        else
            emit failed(written.error());
        return written;
    });
}

QFuture<Result<TimelineIndex>> Journal::timelineIndex(const QString& incident,
                                                      const TimelineFilter& filter) {
    return m_db.read<TimelineIndex>(
        [=](store::Transaction& tx) { return incidents::timelineIndex(tx, incident, filter); });
}

QFuture<Result<QVector<TimelineLine>>> Journal::timelineLines(const QVector<qint64>& seqs) {
    return m_db.read<QVector<TimelineLine>>(
        [seqs](store::Transaction& tx) { return incidents::timelineLines(tx, seqs); });
}

QFuture<Result<Event>> Journal::eventAt(qint64 seq) {
    return m_db.read<Event>([seq](store::Transaction& tx) { return incidents::eventAt(tx, seq); });
}

QFuture<Result<Event>> Journal::setPhase(const QString& incident, const QString& actor,
                                         Phase phase) {
    return append(incident, actor, u"phase"_s, u"phase: %1"_s.arg(nameOf(phase)),
                  {{u"phase"_s, nameOf(phase)}});
}

QFuture<Result<Event>> Journal::attach(const QString& incident, const QString& actor,
                                       const QStringList& alerts, const QStringList& keys) {
    const QString what = keys.isEmpty() ? alerts.join(u", "_s) : keys.join(u", "_s);
    return append(incident, actor, u"attached"_s, u"attached %1"_s.arg(what),
                  {{u"alerts"_s, QJsonArray::fromStringList(alerts)},
                   {u"keys"_s, QJsonArray::fromStringList(keys)}});
}

QFuture<Result<std::optional<Event>>> Journal::captureBefore(const Event& capture) {
    return m_db.read<std::optional<Event>>(
        [capture](store::Transaction& tx) { return incidents::captureBefore(tx, capture); });
}

Result<Event> Journal::recordIn(store::Transaction& tx, const QString& incident,
                                const QString& actor, const Deed& deed, const QDateTime& now) {
    auto known = Projection::find(tx, incident);
    if (!known) return tl::unexpected<Error>(known.error());
    if (!*known)
        return fail(ErrorCode::NotFound,
                    u"There is no incident %1. `tocsin incident list` names those there are."_s.arg(
                        incident));
    auto event = deed(**known, now);
    if (!event) return event;
    event->incident = incident;
    event->actor = actor;
    event->at = now;
    return appendEvent(tx, *event);
}

Result<Event> Journal::appendIn(store::Transaction& tx, const Event& event) {
    return appendEvent(tx, event);
}

QFuture<Result<Record>> Journal::import(const QString& path, const QString& by) {
    // The store's thread may fulfil this after the journal is gone; whenDone() lives with that.
    const auto done = importIncident(m_db, path, by, m_clock.now());
    whenDone(done, this, [this](const Result<Record>& record) {
        if (!record) return;
        for (const Event& event : record->events)
            (void)take(event);
        keep(record->incident);
        emit eventAppended(record->events.last());
        emit incidentChanged(record->incident);
    });
    return done;
}

void Journal::announce(const QVector<Event>& events) {
    for (const Event& event : events) {
        if (!take(event)) continue;
        const Incident* known = find(event.incident);
        // An old incident that load() left out: its present state comes with the next refresh.
        const bool foldable = known || event.kind == u"declared";
        Incident incident = known ? *known : Incident();
        fold(incident, event);
        if (foldable) keep(incident);
        emit eventAppended(event);
        if (foldable) emit incidentChanged(incident);
    }
}

bool Journal::take(const Event& event) {
    if (event.seq <= m_readUpTo || m_beyond.contains(event.seq)) return false;
    m_beyond.insert(event.seq);
    return true;
}

Result<Journal::News> Journal::readNews(store::Transaction& tx, qint64 after) {
    auto events = eventsAfter(tx, after);
    if (!events) return tl::unexpected<Error>(events.error());
    QSet<QString> ids;
    for (const Event& event : *events)
        ids.insert(event.incident);
    News news{*events, {}};
    for (const QString& id : std::as_const(ids)) {
        auto incident = Projection::find(tx, id);
        if (!incident) return tl::unexpected<Error>(incident.error());
        if (*incident) news.incidents.append(**incident);
    }
    return news;
}

void Journal::refresh() {
    m_db.read<News>([after = m_readUpTo](store::Transaction& tx) { return readNews(tx, after); })
        .then(this, [this](const Result<News>& news) {
            if (!news) return emit failed(news.error());
            for (const Incident& incident : news->incidents)
                keep(incident);
            bool any = false;
            for (const Event& event : news->events) {
                if (!take(event)) continue;
                any = true;
                if (!isOfOldCopy(news->incidents, event)) emit eventAppended(event);
            }
            if (!news->events.isEmpty()) m_readUpTo = std::max(m_readUpTo, news->events.last().seq);
            m_beyond.removeIf([this](qint64 seq) { return seq <= m_readUpTo; });
            if (!any) return;
            for (const Incident& incident : news->incidents)
                emit incidentChanged(incident);
        });
}

void Journal::keep(const Incident& incident) {
    (incident.isOpen() ? m_recent : m_open).take(incident.id);
    (incident.isOpen() ? m_open : m_recent).put(incident);
}

const Incident* Journal::find(const QString& id) const {
    const Incident* known = m_open.find(id);
    return known ? known : m_recent.find(id);
}

}  // namespace tocsin::incidents
