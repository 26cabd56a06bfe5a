#include "incidents/gatherer.h"

#include <QMap>
#include <algorithm>

#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {

Gatherer::Gatherer(alerts::Board& board, Journal& journal, QObject* parent)
    : QObject(parent), m_board(board), m_journal(journal) {
    connect(&m_board, &alerts::Board::changed, this, &Gatherer::gather);
    connect(&m_journal, &Journal::incidentChanged, this, &Gatherer::gather);
}

void Gatherer::setActing(bool acting) {
    m_acting = acting;
    gather();
}

void Gatherer::gather() {
    if (!m_acting || m_journal.open().isEmpty()) return;
    struct Found {
        QStringList alerts, keys;
    };
    QMap<QString, Found> found;
    const auto& all = m_board.alerts();
    for (auto it = all.begin(); it != all.end(); ++it) {
        if (it->state != AlertState::Firing || m_underWay.contains(it.key())) continue;
        const Incident* home = homeOf(*it, it.key());
        if (!home) continue;
        Found& here = found[home->id];
        here.alerts.append(it.key());
        if (!here.keys.contains(it->key)) here.keys.append(it->key);
    }
    for (auto it = found.begin(); it != found.end(); ++it) {
        const QStringList ids = it->alerts;
        m_underWay.unite(QSet<QString>(ids.begin(), ids.end()));
        const QString why = ids.size() == 1 ? u"it has the same key"_s
                                            : u"%1 alerts with the same key"_s.arg(ids.size());
        whenDone(m_journal.record(it.key(), u"Tocsin"_s, attachLater(ids, it->keys, why)), this,
                 [this, ids](const Result<Event>&) {
                     m_underWay.subtract(QSet<QString>(ids.begin(), ids.end()));
                 });
    }
}

const Incident* Gatherer::homeOf(const Alert& alert, const alerts::AlertId& id) const {
    const Incident* home = nullptr;
    for (const Incident& incident : m_journal.open()) {
        if (!incident.keys.contains(alert.key) || incident.detached.contains(id)) continue;
        if (!home || incident.priority <= home->priority) home = &incident;
    }
    return home && !isAttached(id) ? home : nullptr;
}

bool Gatherer::isAttached(const alerts::AlertId& id) const {
    const auto& open = m_journal.open();
    return std::any_of(open.begin(), open.end(), [&](const Incident& incident) {
        // The command line may have named an alert by its fingerprint alone.
        return incident.alerts.contains(id) || incident.alerts.contains(id.section(u'/', 1));
    });
}

}  // namespace tocsin::incidents
