#pragma once
#include <QDateTime>
#include <QString>

#include "store/database.h"

namespace tocsin::store {

/// What a process is to the engine. A later one may ask an earlier one to hand over.
enum class OwnerKind { Cli, Serve, Console };
QString nameOf(OwnerKind kind);  ///< "cli", "serve", "console"

/// Who runs the engine of a store: the one row of `engine_owner`.
struct Owner {
    qint64 token = 0;  ///< grows by one with each ownership; see Fence
    QString kind;      ///< nameOf(OwnerKind); empty: nobody, it was given up
    qint64 pid = 0;
    QString host;
    QDateTime since = {};  ///< UTC
    QString asked = {};    ///< who asked for it to be handed over: "console (pid 7)"; may be empty

    bool isNobody() const { return kind.isEmpty(); }
    bool operator==(const Owner&) const = default;
};

/// "serve (pid 123)", with the host when it is not this one; "nobody".
QString spoken(const Owner& owner);
/// This process.
Owner thisProcess(OwnerKind kind);

/// The row, inside a caller's transaction.
Result<Owner> readOwner(Transaction& tx);
/// Makes `next` the owner; its token must be above `seen.token`. → false when the row is no longer
/// as it was seen.
Result<bool> replaceOwner(Transaction& tx, const Owner& seen, const Owner& next);
/// Leaves a wish with the owner of that token; nothing happens when it is another's by now.
Result<void> askOwner(Transaction& tx, qint64 token, const QString& asker);
/// The owner of that token gives it up. What was asked stays, so that the asker comes first.
Result<void> giveUpOwner(Transaction& tx, qint64 token);

}  // namespace tocsin::store
