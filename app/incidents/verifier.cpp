#include "incidents/verifier.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestNap{60 * 1000};
constexpr qint64 kSaidAgain = 60;  // seconds

bool belongs(const Incident& incident, const QString& id, const Alert& alert) {
    if (incident.detached.contains(id)) return false;
    return incident.alerts.contains(id) || incident.alerts.contains(alert.fingerprint) ||
           incident.keys.contains(alert.key);
}

void addOnce(QStringList& list, const QString& one) {
    if (!list.contains(one)) list.append(one);
}

bool concerns(const Incident& incident, const QString& source) {
    bool named = false;
    for (const QString& id : incident.alerts) {
        if (!id.contains(u'/')) continue;
        named = true;
        if (id.section(u'/', 0, 0) == source) return true;
    }
    return !named && !incident.keys.isEmpty();
}

}  // namespace

Verifier::Verifier(alerts::Board& board, Journal& journal, Clock& clock, QObject* parent)
    : QObject(parent), m_board(board), m_journal(journal), m_clock(clock) {
    connect(&m_board, &alerts::Board::changed, this, &Verifier::look);
    connect(&m_board, &alerts::Board::sourceChanged, this, &Verifier::look);
    connect(&m_journal, &Journal::incidentChanged, this, &Verifier::look);
    connect(&m_clock, &Clock::jumped, this, &Verifier::look);
}

void Verifier::setActing(bool acting) {
    m_acting = acting;
    look();
}

Outlook Verifier::outlook(const Incident& incident) const {
    Outlook outlook;
    const auto& all = m_board.alerts();
    for (auto it = all.begin(); it != all.end(); ++it)
        if (it->state != AlertState::Unknown && belongs(incident, it.key(), *it))
            addOnce(outlook.firing, it->key);
    QStringList silent;
    for (const alerts::SourceHealth& source : m_board.sources())
        if (!source.known) {
            silent.append(source.name);
            if (concerns(incident, source.name)) addOnce(outlook.unknown, source.name);
        }
    // A source that answers may still not know of one of its numbers.
    for (auto it = all.begin(); it != all.end(); ++it)
        if (it->state == AlertState::Unknown && !silent.contains(it->source) &&
            belongs(incident, it.key(), *it))
            addOnce(outlook.unknown, it->key);
    outlook.firing.sort();
    const Watch watch = m_watches.value(incident.id);
    const QDateTime from = std::max(incident.verification.since, watch.notClearAt);
    outlook.until =
        (outlook.isClear() ? from : m_clock.now()).addSecs(incident.verification.span.count());
    return outlook;
}

void Verifier::look() {
    const QVector<Incident> resolved = m_journal.recent();
    QDateTime next;
    for (const Incident& incident : resolved) {
        if (!incident.verification.isRunning()) continue;
        const QDateTime at = judge(incident);
        if (at.isValid() && (!next.isValid() || at < next)) next = at;
    }
    if (next.isValid()) plan(next);
}

QDateTime Verifier::judge(const Incident& incident) {
    Watch& watch = m_watches[incident.id];
    const QDateTime now = m_clock.now(), since = incident.verification.since;
    // Seen for the first time: what was before nobody watched.
    if (watch.since != since) watch = {since, now, false};
    if (!outlook(incident).isClear()) watch.notClearAt = now;
    const Outlook seen = outlook(incident);
    const QDateTime patience = since.addSecs(incident.verification.span.count());
    const bool again = !seen.firing.isEmpty() && watch.wasClear;
    const bool never = !seen.firing.isEmpty() && !watch.wasClear && now >= patience;
    watch.wasClear = watch.wasClear || seen.isClear();
    if (m_acting && (again || never))
        watch.recurrence =
            (again ? u"%1 fires again"_s : u"%1 did not clear"_s).arg(seen.firing.join(u", "_s));
    const bool isVerified = seen.isClear() && now >= seen.until;
    if (m_acting && (isVerified || !watch.recurrence.isEmpty())) return decide(incident.id, watch);
    return seen.isClear() && now < seen.until ? seen.until
           : now < patience                   ? patience
                                              : now.addSecs(60);
}

QDateTime Verifier::decide(const QString& incident, Watch& watch) {
    const QDateTime now = m_clock.now();
    if (watch.saidAt.isValid() && std::abs(watch.saidAt.secsTo(now)) < kSaidAgain)
        return watch.saidAt.addSecs(kSaidAgain);
    watch.saidAt = now;
    if (watch.recurrence.isEmpty())
        m_journal.record(incident, u"Tocsin"_s, verifiedClear());
    else
        emit recurred(incident, watch.recurrence);
    return now.addSecs(kSaidAgain);
}

void Verifier::plan(const QDateTime& at) {
    const milliseconds left(std::max<qint64>(1, m_clock.now().msecsTo(at)));
    m_clock.callAfter(std::min(left, kLongestNap), this, [this, alarm = ++m_armed] {
        if (alarm == m_armed) look();
    });
}

}  // namespace tocsin::incidents
