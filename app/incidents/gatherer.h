#pragma once
#include <QObject>
#include <QSet>

#include "alerts/board.h"
#include "incidents/journal.h"

namespace tocsin::incidents {

/// Attaches later alerts to the open incident that has their key: the gravest, of equals the
/// newest. What was detached by hand is left alone. Only one process on a data folder should run
/// it. GUI thread; must die before board and journal.
class Gatherer : public QObject {
    Q_OBJECT
public:
    Gatherer(alerts::Board& board, Journal& journal, QObject* parent = nullptr);

    /// Whether this process is the one that does it.
    void setActing(bool acting);

private:
    void gather();
    const Incident* homeOf(const Alert& alert, const alerts::AlertId& id) const;
    bool isAttached(const alerts::AlertId& id) const;

    alerts::Board& m_board;
    Journal& m_journal;
    QSet<QString> m_underWay;  // alerts whose attaching is being written
    bool m_acting = false;
    bool m_planned = false;
};

}  // namespace tocsin::incidents
