#pragma once
#include <optional>

#include "delivery/ledger.h"
#include "sdk/notifier.h"

namespace tocsin::delivery {

/// How long the other side is trusted to recognise a repeated event ("the past few minutes",
/// facts of Discord's enforce_nonce).
inline constexpr std::chrono::minutes kRepeatIsSafeFor{2};

/// What a channel may be asked to do, as far as taking depends on it.
struct Ability {
    bool repeatsAreSafe = false;
    bool canEdit = false;
    /// How long its limits want it to rest; posts and edits have limits of their own.
    std::chrono::milliseconds postsRest{0}, editsRest{0};
};

/// The next step of one channel.
struct Taken {
    std::optional<Entry> entry;  ///< Sending: post it now. Else the head, which waits. None: rest.
    std::optional<RemoteMessage> target;  ///< it is an edit of this
    QString starter;                      ///< it goes to the thread of this; empty: to the channel
    std::chrono::milliseconds pause{0};   ///< how long the head waits
    QVector<Entry> folded;                ///< edits that became needless on the way
};

/// Moves the head of the channel to sending when its time has come; `ripe` is the entry whose pause
/// was waited out, whatever the wall clock says. An edit that a newer one of the same message
/// follows is folded. An edit whose message never arrived becomes a message of its own; a message
/// of this channel that is still on its way stands before it in the queue, so that the edit waits.
Result<Taken> takeHead(store::Transaction& tx, const QString& channel, const QDateTime& now,
                       qint64 ripe, const Ability& ability);

}  // namespace tocsin::delivery
