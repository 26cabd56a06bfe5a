#pragma once
#include <QDateTime>
#include <QJsonObject>
#include <optional>

#include "delivery/ledger.h"

namespace tocsin::delivery {

/// A message that is edited so that it keeps saying what is true: an incident's card, one line of
/// the alert feed. The store remembers which post is the live one, so that a restart edits it
/// instead of posting again. Values; times are UTC.
struct StandingMessage {
    QString name;           ///< "INC-42/card", "feed/error_rate": the event of its first post
    QString incident = {};  ///< may be empty
    QString channel = {};
    QString event = {};        ///< of the post that is edited now; empty: never posted
    int revision = 0;          ///< counts posts and edits
    QString shown = {};        ///< fingerprint of what it says
    QDateTime changedAt = {};  ///< when that was intended; invalid: never
    bool closed = false;       ///< nothing more is to be said
    QJsonObject detail = {};   ///< what its owner wants to find again
};

/// Its functions work inside a caller's transaction.
class Standing {
public:
    static Result<std::optional<StandingMessage>> find(store::Transaction& tx, const QString& name);
    /// Those not closed whose name begins with `prefix`.
    static Result<QVector<StandingMessage>> open(store::Transaction& tx, const QString& prefix);
    static Result<void> save(store::Transaction& tx, const StandingMessage& standing);

    /// Makes the channel say `content`: an intent to edit the live post, or to post where there is
    /// none. Nothing when it says so already. The event, and what it replaces, are filled in here;
    /// `standing` is changed and saved. The ledger sees to the rest: edits that have not left are
    /// folded into the newest, and a post that is gone over there is made anew.
    static Result<std::optional<Entry>> say(store::Transaction& tx, StandingMessage& standing,
                                            Message content, const QDateTime& now);
    /// The next say() posts a message of its own instead of editing.
    static void beginAnew(StandingMessage& standing);
};

}  // namespace tocsin::delivery
