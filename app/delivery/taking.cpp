#include "delivery/taking.h"

#include <chrono>

namespace tocsin::delivery {
namespace {

using std::chrono::milliseconds;

/// How long an entry waits for its own time: never longer than was asked for when it was put off,
/// even when the wall clock was set back since.
milliseconds pauseOf(const Entry& entry, const QDateTime& now, qint64 ripe) {
    if (entry.id == ripe || !entry.notBefore.isValid()) return milliseconds(0);
    const qint64 left = std::max<qint64>(0, now.msecsTo(entry.notBefore));
    const qint64 asked = std::max<qint64>(0, entry.changedAt.msecsTo(entry.notBefore));
    return milliseconds(std::min(left, asked));
}

/// The remote id under which `event` stands over there; empty when it does not.
Result<QString> remoteIdOf(store::Transaction& tx, const QString& channel, const QString& event) {
    if (event.isEmpty()) return QString();
    auto standing = Ledger::confirmedAs(tx, channel, event);
    if (!standing) return tl::unexpected<Error>(standing.error());
    return *standing ? (*standing)->remoteId : QString();
}

/// Finds out what is edited; without it the entry becomes a message of its own.
Result<void> aim(store::Transaction& tx, Taken& taken, const Ability& ability) {
    Entry& entry = *taken.entry;
    if (!entry.isEdit()) return {};
    auto standing = Ledger::confirmedAs(tx, entry.channel, entry.message.replaces);
    if (!standing) return tl::unexpected<Error>(standing.error());
    if (!ability.canEdit || !*standing || (*standing)->remoteId.isEmpty()) {
        entry.message.replaces.clear();
        return {};
    }
    entry.message.thread = (*standing)->message.thread;  // it stays where it stands
    taken.target = RemoteMessage{(*standing)->remoteId, {}};
    return {};
}

Result<void> findThread(store::Transaction& tx, Taken& taken) {
    auto starter = remoteIdOf(tx, taken.entry->channel, taken.entry->message.thread);
    if (!starter) return tl::unexpected<Error>(starter.error());
    taken.starter = *starter;
    if (taken.target) taken.target->starter = *starter;
    return {};
}

/// Folds the head as long as a newer edit makes it needless. → the head that remains.
Result<std::optional<Entry>> foldHead(store::Transaction& tx, const QString& channel, qint64 ripe,
                                      const QDateTime& now, QVector<Entry>& folded) {
    for (;;) {
        auto head = Ledger::head(tx, channel);
        if (!head || !*head || !(*head)->isEdit()) return head;
        if ((*head)->state == EntryState::Sending || pauseOf(**head, now, ripe).count() > 0)
            return head;
        auto newer = Ledger::newerEdit(tx, **head);
        if (!newer || !*newer) return newer ? head : newer;
        auto done = Ledger::folded(tx, **head, **newer, now);
        if (!done) return tl::unexpected<Error>(done.error());
        folded.append(*done);
    }
}

void markRepeat(Entry& entry, const QDateTime& now, bool repeatsAreSafe) {
    if (!entry.doubtedAt.isValid() || entry.isEdit()) return;  // an edit changes nothing twice
    const milliseconds age(entry.doubtedAt.msecsTo(now));
    // A doubt that lies ahead was written before the clock was set back: nobody knows how old it
    // is.
    const bool recognised = repeatsAreSafe && age.count() >= 0 && age < kRepeatIsSafeFor;
    if (!recognised) entry.message.possibleRepeat = true;
}

}  // namespace

Result<Taken> takeHead(store::Transaction& tx, const QString& channel, const QDateTime& now,
                       qint64 ripe, const Ability& ability) {
    Taken taken;
    auto head = foldHead(tx, channel, ripe, now, taken.folded);
    if (!head) return tl::unexpected<Error>(head.error());
    taken.entry = *head;
    if (!taken.entry) return taken;
    Entry& entry = *taken.entry;
    taken.pause =
        std::max(pauseOf(entry, now, ripe), entry.isEdit() ? ability.editsRest : ability.postsRest);
    // Found in sending: it was taken, and the answer of the store to that got lost.
    const bool isTaken = entry.state == EntryState::Sending;
    if (!isTaken && taken.pause.count() > 0) return taken;
    if (auto aimed = aim(tx, taken, ability); !aimed) return tl::unexpected<Error>(aimed.error());
    if (auto found = findThread(tx, taken); !found) return tl::unexpected<Error>(found.error());
    if (isTaken) return taken;
    markRepeat(entry, now, ability.repeatsAreSafe);
    auto sending = Ledger::sending(tx, entry, now);
    if (!sending) return tl::unexpected<Error>(sending.error());
    entry = *sending;
    return taken;
}

}  // namespace tocsin::delivery
