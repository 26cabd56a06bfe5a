#pragma once
#include <QObject>

#include "escalation/policy.h"
#include "incidents/journal.h"
#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::escalation {

enum class RungState { Waiting, Skipped, Held, Paged, Delivered, Failed, Cancelled };

/// One level of one incident's ladder.
struct Rung {
    int level = 1;
    QString name;
    QString mention;
    QDateTime dueAt;    ///< UTC, absolute
    QDateTime pagedAt;  ///< UTC; the intent is durable since then
    RungState state = RungState::Waiting;
    QString note;       ///< "skipped (P1)", "delivered", "late by 12 min", the failure's sentence
};

struct Ladder {
    QString incident;
    QVector<Rung> rungs;
    bool held = false;
    QDateTime heldUntil;
    QString holdReason;
    QDateTime acknowledgedAt;
};

/// The escalation clock. A level's advance, its timeline event and the ledger's intent are one
/// transaction. Deadlines are absolute UTC in the store: after a restart or a clock jump every open
/// deadline is read again, and what is overdue fires at once, saying how late. GUI thread.
class Engine : public QObject {
    Q_OBJECT
public:
    Engine(store::Database& db, incidents::Journal& journal, Policy policy, Clock& clock,
           QObject* parent = nullptr);

    /// Reads open ladders from the store and arms them. Call once, when this process owns the engine.
    QFuture<Result<int>> start();

    /// Declares: events, ladder and the first page's intent in one transaction. → the new id.
    QFuture<Result<QString>> declare(const incidents::Declaration& declaration);
    QFuture<Result<void>> acknowledge(const QString& incident, const QString& by);
    QFuture<Result<void>> hold(const QString& incident, const QString& by, const QString& reason, const QDateTime& until);
    QFuture<Result<void>> release(const QString& incident, const QString& by);
    /// Pages the next waiting level now.
    QFuture<Result<void>> escalateNow(const QString& incident, const QString& by);
    QFuture<Result<void>> resolve(const QString& incident, const QString& by, const QString& whatFixedIt);

    Ladder ladder(const QString& incident) const;

signals:
    void ladderChanged(const tocsin::escalation::Ladder& ladder);
    void failed(const tocsin::Error& error);
};

}  // namespace tocsin::escalation
