#pragma once
#include <QDateTime>
#include <QString>
#include <QVector>
#include <chrono>
#include <optional>

#include "escalation/policy.h"

namespace tocsin::escalation {

enum class RungState { Waiting, Skipped, Held, Paged, Delivered, Failed, Cancelled };
QString nameOf(RungState state);  ///< "waiting", "skipped", "held", "paged", "delivered", "failed",
                                  ///< "cancelled"

/// One level of one incident's ladder.
struct Rung {
    int level = 1;
    QString name;
    QString mention;
    QDateTime dueAt;    ///< UTC, absolute
    QDateTime pagedAt;  ///< UTC; the intent is durable since then
    RungState state = RungState::Waiting;
    QString note;     ///< "skipped (P1)", "delivered", "late by 12 min", the failure's sentence
    QString channel;  ///< where it pages
    std::optional<std::chrono::milliseconds> repeat{};
    QDateTime plannedAt;  ///< UTC; what dueAt was before a hold moved it
    QDateTime repeatAt;   ///< UTC; when it pages again; invalid: not
    int times = 0;        ///< how often it was paged
    QString event;        ///< the ledger event of its latest page
    Until until = Until::Acknowledged;
    std::optional<QuietHours> quiet{};  ///< those that count at this incident's severity
    QDateTime quietUntil;  ///< UTC; it came due in its quiet hours and waits for their end

    bool operator==(const Rung&) const = default;
};

struct Ladder {
    QString incident;
    QVector<Rung> rungs;
    bool held = false;
    QDateTime heldUntil;
    QString holdReason;
    QDateTime acknowledgedAt;  ///< invalid: nobody has it
    bool closed = false;       ///< resolved: nothing fires any more
    QString acknowledgedBy;    ///< stays when the ladder went on after a silence
    std::optional<std::chrono::milliseconds> ackTimeout{};
    QDateTime silentAt;  ///< UTC; when the ladder goes on unless somebody does something; invalid:
                         ///< never
    QString pageWording{};  ///< the policy's, when it was declared; empty: the standard words

    bool operator==(const Ladder&) const = default;
};

}  // namespace tocsin::escalation
