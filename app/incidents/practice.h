#pragma once
#include <QMap>
#include <chrono>

#include "incidents/incident.h"
#include "sdk/alert.h"

namespace tocsin::incidents {

/// Proposes a severity for an incident. What is empty fits every alert; `*` in key and label values
/// stands for any text.
struct SeverityRule {
    QString key;
    QMap<QString, QString> labels;
    QString severity;  ///< "critical" …; as nameOf(Severity)
    Priority propose = Priority::P3;

    bool fits(const Alert& alert) const;
};

/// When the commander owes updates: after the declaration, then between two of them, and from two
/// hours on. PagerDuty's public response guide asks for 5, 20 and "the first two hours".
struct UpdateRhythm {
    std::chrono::seconds first{std::chrono::minutes(5)};
    std::chrono::seconds every{std::chrono::minutes(20)};
    std::chrono::seconds later{std::chrono::hours(1)};
};

/// How a team handles incidents, as its workspace says. A value.
struct Practice {
    QVector<SeverityRule> severity;
    QMap<Priority, UpdateRhythm> updates;
    std::chrono::seconds verify{std::chrono::minutes(15)};  ///< 0: nothing is verified
    std::chrono::seconds silence{std::chrono::hours(2)};    ///< 0: sources are left alone
    bool attach = true;

    UpdateRhythm rhythm(Priority priority) const { return updates.value(priority); }
};

}  // namespace tocsin::incidents
