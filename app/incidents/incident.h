#pragma once
#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVector>

#include <chrono>

#include "incidents/team.h"
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
    qint64 seq = 0;      ///< position in the store, ascending
    QString incident;    ///< "INC-42"
    QDateTime at;        ///< UTC
    QString actor;       ///< person, or "Tocsin"
    QString kind;        ///< stable; docs/incidents.md lists them all with their details
    QString text;        ///< one line for people
    QJsonObject detail;  ///< evidence: receipt, result up to a cap, message body, probe report
};

/// How bad it is, in the commander's words. Any of them may be empty.
struct Assessment {
    QString impact;     ///< what people notice
    QString users;      ///< how many, or which
    QString services;   ///< what is affected
    QString errorRate;  ///< as measured: "7.4 %"

    bool isEmpty() const {
        return impact.isEmpty() && users.isEmpty() && services.isEmpty() && errorRate.isEmpty();
    }
    bool operator==(const Assessment&) const = default;
};

/// After the resolution: the alerts must stay clear for a while.
struct Verification {
    QDateTime since;  ///< UTC; invalid: nothing is being, or was, verified
    std::chrono::seconds span{0};
    QDateTime verifiedAt;  ///< UTC; valid once they stayed clear

    bool isRunning() const { return since.isValid() && !verifiedAt.isValid(); }
    bool operator==(const Verification&) const = default;
};

/// An alert that was acknowledged where it came from, or could not be.
struct Silence {
    QString source;   ///< name of the source in the workspace
    QString alert;    ///< AlertId
    QString id;       ///< of the silence there; empty when it failed
    QDateTime until;  ///< UTC
    QString error;    ///< why it failed; empty when it did not

    bool operator==(const Silence&) const = default;
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
    QUrl runbookUrl;  ///< where the others read it; invalid when nowhere

    QStringList detached;  ///< AlertIds that were taken out by hand and do not come back
    QVector<Assignment> roles;
    QVector<Task> tasks;  ///< in the order of their numbers
    QStringList checked;  ///< ticked by hand: "<phase>/<item>", see checklist.h
    Assessment assessment;
    QString fix;  ///< what the resolution said
    Verification verification;
    QVector<Silence> silences;
    QDateTime reopenedAt;  ///< UTC, the last time; invalid: never
    int reopenings = 0;
    QString mergedInto;         ///< the incident that this one went into; then it is resolved
    QStringList absorbed;       ///< the incidents that went into this one
    QString importedFrom;       ///< its id on the machine it came from; then it is a copy to read
    QDateTime importedAt;       ///< UTC
    bool importedOpen = false;  ///< it was still open there; then resolvedAt is the export's time

    bool isOpen() const { return !resolvedAt.isValid(); }
    /// When it last began: the declaration, or the last reopening.
    QDateTime beganAt() const { return reopenedAt.isValid() ? reopenedAt : declaredAt; }
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
    QUrl runbookUrl = {};
};

}  // namespace tocsin::incidents
