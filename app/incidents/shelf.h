#pragma once
#include <QHash>
#include <QVector>

#include "incidents/incident.h"

namespace tocsin::incidents {

/// Incidents in the order in which they came, found by their id however many there are. A value.
class Shelf {
public:
    const QVector<Incident>& all() const { return m_all; }
    /// Valid until the next change; null when it is not here.
    const Incident* find(const QString& id) const {
        const auto at = m_at.constFind(id);
        return at == m_at.cend() ? nullptr : &m_all.at(*at);
    }
    void put(const Incident& incident) {
        if (const auto at = m_at.constFind(incident.id); at != m_at.cend()) {
            m_all[*at] = incident;
            return;
        }
        m_at.insert(incident.id, m_all.size());
        m_all.append(incident);
    }
    void take(const QString& id) {
        const auto at = m_at.constFind(id);
        if (at == m_at.cend()) return;
        m_all.removeAt(*at);
        m_at.clear();
        for (qsizetype i = 0; i < m_all.size(); ++i)
            m_at.insert(m_all.at(i).id, i);
    }

private:
    QVector<Incident> m_all;
    QHash<QString, qsizetype> m_at;
};

}  // namespace tocsin::incidents
