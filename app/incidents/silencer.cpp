#include "incidents/silencer.h"

#include <algorithm>

#include "incidents/incidentjson.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

const QString kMachine = u"Tocsin"_s;

bool isAcknowledged(const Incident& incident) {
    return incident.isOpen() && incident.acknowledgedAt.isValid() &&
           incident.phase != Phase::Acknowledge;
}

const Silence* silenceOf(const Incident& incident, const QString& alert) {
    for (const Silence& one : incident.silences)
        if (one.alert == alert) return &one;
    return nullptr;
}

Event silencingEvent(const QString& kind, const QString& text, const Silence& silence) {
    Event event;
    event.kind = kind;
    event.text = text;
    event.detail = {{u"source"_s, silence.source},
                    {u"alert"_s, silence.alert},
                    {u"id"_s, silence.id},
                    {u"until"_s, isoText(silence.until)},
                    {u"error"_s, silence.error}};
    return event;
}

}  // namespace

Silencer::Silencer(alerts::Board& board, Journal& journal, Practice practice, Clock& clock,
                   QObject* parent)
    : QObject(parent),
      m_board(board),
      m_journal(journal),
      m_practice(std::move(practice)),
      m_clock(clock) {
    connect(&m_board, &alerts::Board::changed, this, &Silencer::look);
    connect(&m_journal, &Journal::incidentChanged, this, &Silencer::look);
}

void Silencer::addSource(const QString& name, Silencing* source) {
    if (source) m_sources.insert(name, source);
}

void Silencer::setActing(bool acting) {
    m_acting = acting;
    look();
}

void Silencer::look() {
    if (!m_acting || m_sources.isEmpty()) return;
    const QVector<Incident> all = m_journal.open() + m_journal.recent();
    for (const Incident& incident : all) {
        for (const Silence& one : incident.silences)
            if (!one.id.isEmpty() && (!incident.isOpen() || !incident.alerts.contains(one.alert)))
                expire(incident, one);
        if (m_practice.silence.count() == 0 || !isAcknowledged(incident)) continue;
        for (const QString& id : incident.alerts) {
            const auto alert = m_board.alerts().constFind(id);
            if (alert == m_board.alerts().constEnd() || silenceOf(incident, id)) continue;
            if (alert->state == AlertState::Firing && m_sources.contains(alert->source))
                silence(incident, id, *alert);
        }
    }
}

void Silencer::silence(const Incident& incident, const QString& id, const Alert& alert) {
    if (m_underWay.contains(id)) return;
    m_underWay.insert(id);
    const QString author = incident.commander.isEmpty() ? kMachine : incident.commander;
    const QDateTime now = m_clock.now();
    const SilenceRequest request{alert.labels, author, u"%1 %2"_s.arg(incident.id, incident.title),
                                 now, now.addSecs(m_practice.silence.count())};
    const Silence wanted{alert.source, id, {}, request.until, {}};
    whenDone(m_sources.value(alert.source)->silence(request), this,
             [this, wanted, incident = incident.id, key = alert.key](const Result<QString>& made) {
                 Silence done = wanted;
                 if (made) {
                     done.id = *made;
                     record(incident, done.alert,
                            silencingEvent(
                                u"silenced"_s,
                                u"silenced %1 at %2 until %3 UTC"_s.arg(
                                    key, done.source, done.until.toUTC().toString(u"HH:mm"_s)),
                                done));
                 } else {
                     done.error = made.error().message;
                     record(incident, done.alert,
                            silencingEvent(
                                u"silence-failed"_s,
                                u"%1 is not silenced at %2: %3"_s.arg(key, done.source, done.error),
                                done));
                 }
             });
}

void Silencer::expire(const Incident& incident, const Silence& silence) {
    Silencing* source = m_sources.value(silence.source);
    if (!source || m_underWay.contains(silence.alert)) return;
    m_underWay.insert(silence.alert);
    whenDone(
        source->expireSilence(silence.id), this,
        [this, silence, incident = incident.id](const Result<void>& ended) {
            Silence gone = silence;
            QString text = u"silence at %1 ended"_s.arg(gone.source);
            if (!ended && ended.error().code != ErrorCode::NotFound) {
                gone.error = ended.error().message;
                text =
                    u"the silence at %1 could not be ended, it ends by itself at %2 UTC: %3"_s.arg(
                        gone.source, gone.until.toUTC().toString(u"HH:mm"_s), gone.error);
            }
            record(incident, gone.alert, silencingEvent(u"unsilenced"_s, text, gone));
        });
}

void Silencer::record(const QString& incident, const QString& alert, const Event& event) {
    const Deed deed = [event](const Incident&, const QDateTime&) -> Result<Event> { return event; };
    whenDone(m_journal.record(incident, kMachine, deed), this,
             [this, alert](const Result<Event>& written) {
                 // Without its record it would be done again and again.
                 if (written) m_underWay.remove(alert);
                 if (m_underWay.isEmpty() || !written) emit idle();
             });
}

}  // namespace tocsin::incidents
