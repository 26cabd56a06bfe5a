#pragma once
#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QVector>

#include "sdk/error.h"

namespace tocsin::incidents {

enum class Priority { P1 = 1, P2, P3, P4 };
enum class Phase { Acknowledge, Assess, Investigate, Resolve, PostMortem };
QString nameOf(Priority priority);  ///< "P1"
QString nameOf(Phase phase);  ///< "acknowledge", "assess", "investigate", "resolve", "post-mortem"
Result<Priority> priorityFromText(const QString& text);  ///< "P1" or "p1"; else Parse
Result<Phase> phaseFromText(const QString& text);        ///< the words of nameOf(); else Parse

/// One line of the timeline. Append-only: a correction is a new event.
struct Event {
    qint64 seq = 0;    ///< position in the store, ascending
    QString incident;  ///< "INC-42"
    QDateTime at;      ///< UTC
    QString actor;     ///< person, or "Tocsin"
    QString kind;      ///< stable: "declared", "note", "phase", "query", "step", "probe", "paged",
                       ///< "delivered", "failed", "posted", "held", "released", "escalated",
                       ///< "acknowledged", "attached", "commander", "priority", "resolved" …
    QString text;      ///< one line for people
    QJsonObject detail;  ///< evidence: receipt, result up to a cap, message body, probe report
};

/// What was declared, as its events say. A projection: never edited, only derived.
struct Incident {
    QString id;  ///< "INC-42"
    QString title;
    Priority priority = Priority::P3;
    Phase phase = Phase::Acknowledge;
    QString commander;
    QString channel;
    QDateTime declaredAt, acknowledgedAt, resolvedAt;  ///< UTC; invalid when not yet
    QDateTime lastUpdateAt;                            ///< of the last post to the channel
    QStringList alerts;                                ///< AlertIds attached
    QStringList keys;
    QString runbook;  ///< name of the runbook that is followed; may be empty
    bool isOpen() const { return !resolvedAt.isValid(); }
};

/// What the declare form collects.
struct Declaration {
    QString title;
    Priority priority = Priority::P3;
    QString commander;
    QString channel;  ///< empty: the policy's
    QStringList alerts;
    QStringList keys;
    QString runbook;
};

}  // namespace tocsin::incidents
