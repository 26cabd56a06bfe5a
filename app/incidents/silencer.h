#pragma once
#include <QHash>
#include <QObject>
#include <QSet>

#include "alerts/board.h"
#include "incidents/journal.h"
#include "incidents/practice.h"
#include "sdk/silencing.h"

namespace tocsin::incidents {

/// Acknowledges at the source: the attached alerts of an acknowledged incident are silenced where
/// their source can, for as long as the practice says, and the silences end with the incident or
/// when an alert is detached. What fails is in the timeline and is not tried again; it keeps nobody
/// from working. It compares what the events say with what should be, so that a restart or another
/// process in between loses nothing. GUI thread; must die before board, journal and clock.
class Silencer : public QObject {
    Q_OBJECT
public:
    Silencer(alerts::Board& board, Journal& journal, Practice practice, Clock& clock,
             QObject* parent = nullptr);

    /// `source` outlives this.
    void addSource(const QString& name, Silencing* source);
    bool canSilence(const QString& source) const { return m_sources.contains(source); }
    /// Whether this process is the one that asks the sources.
    void setActing(bool acting);
    bool isBusy() const { return !m_underWay.isEmpty(); }

signals:
    /// Nothing is under way any more.
    void idle();

private:
    void look();
    void silence(const Incident& incident, const QString& id, const Alert& alert);
    void expire(const Incident& incident, const Silence& silence);
    void record(const QString& incident, const QString& alert, const Event& event);

    alerts::Board& m_board;
    Journal& m_journal;
    Practice m_practice;
    Clock& m_clock;
    QHash<QString, Silencing*> m_sources;
    QSet<QString> m_underWay;  // alerts
    bool m_acting = false;
};

}  // namespace tocsin::incidents
