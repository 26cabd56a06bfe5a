#pragma once
#include "escalation/policy.h"
#include "incidents/incident.h"

namespace tocsin::escalation {

/// "Who would be told when": what is assumed.
struct Question {
    incidents::Priority priority = incidents::Priority::P1;
    QDateTime declaredAt;  ///< UTC
    std::optional<std::chrono::milliseconds>
        acknowledgedAfter{};  ///< and then nobody does anything
    std::chrono::milliseconds horizon = std::chrono::hours(4);
};

/// One line of the answer.
struct Told {
    enum class Kind { Page, Postpone, Skip, Acknowledge, Resume };
    Kind kind = Kind::Page;
    QDateTime at;                        ///< UTC
    std::chrono::milliseconds after{0};  ///< since the declaration
    int level = 0;                       ///< 0: no level's line
    int times = 0;                       ///< of a page: 1 the first
    QString name, mention, channel;
    QString text;  ///< one line for people
};
QString nameOf(Told::Kind kind);  ///< "page", "postpone", "skip", "acknowledge", "resume"

/// Runs the planner's own rules forward, without store or clock. Ends at the horizon, or when
/// nothing would happen any more; a ladder that repeats quickly is cut after a few hundred lines.
QVector<Told> simulate(const Policy& policy, const Question& question);

}  // namespace tocsin::escalation
