#pragma once
#include <QHash>
#include <QObject>

#include "alerts/board.h"
#include "incidents/journal.h"

namespace tocsin::incidents {

/// How a verification stands.
struct Outlook {
    QStringList firing;   ///< keys that still fire, also behind a silence
    QStringList unknown;  ///< sources that do not answer, keys whose state is unknown: nothing can
                          ///< be said
    QDateTime until;      ///< UTC; when it is verified if everything stays clear

    bool isClear() const { return firing.isEmpty() && unknown.isEmpty(); }
};

/// Watches resolved incidents whose alerts must stay clear. Records "verified" when they did; says
/// recurred() when one fires again, or never cleared, and leaves the reopening to whoever owns the
/// engine. What it decided is said again every minute until the journal shows that it took, for the
/// store may be locked or full. Unknown is not clear: a source that does not answer stops the
/// countdown. GUI thread; must die before board, journal and clock.
class Verifier : public QObject {
    Q_OBJECT
public:
    Verifier(alerts::Board& board, Journal& journal, Clock& clock, QObject* parent = nullptr);

    /// Whether this process is the one that decides; without it, outlook() only looks.
    void setActing(bool acting);
    Outlook outlook(const Incident& incident) const;

signals:
    void recurred(const QString& incident, const QString& why);

private:
    /// What was seen of one verification so far.
    struct Watch {
        QDateTime since;       // of the verification this belongs to
        QDateTime notClearAt;  // when it was last seen not to be clear
        bool wasClear = false;
        QString recurrence = {};  // why it is to be opened again; empty: it is not
        QDateTime saidAt = {};    // when a decision was last said
    };

    void look();
    QDateTime judge(const Incident& incident);  // → when to look again; invalid: never
    QDateTime decide(const QString& incident, Watch& watch);  // → when to say it again
    void plan(const QDateTime& at);

    alerts::Board& m_board;
    Journal& m_journal;
    Clock& m_clock;
    QHash<QString, Watch> m_watches;
    bool m_acting = false;
    int m_armed = 0;
};

}  // namespace tocsin::incidents
