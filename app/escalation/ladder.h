#pragma once
#include <QDateTime>
#include <QString>
#include <QVector>
#include <chrono>
#include <optional>

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

    bool operator==(const Rung&) const = default;
};

struct Ladder {
    QString incident;
    QVector<Rung> rungs;
    bool held = false;
    QDateTime heldUntil;
    QString holdReason;
    QDateTime acknowledgedAt;
    bool closed = false;  ///< resolved: nothing fires any more

    bool operator==(const Ladder&) const = default;
};

}  // namespace tocsin::escalation
