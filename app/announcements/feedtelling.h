#pragma once
#include <chrono>

#include "announcements/feedwording.h"
#include "delivery/standing.h"

namespace tocsin::announcements {

struct FeedSettings {
    QString channel;
    std::chrono::milliseconds every{10000};  ///< at most one look in this time
    int messages = 10;  ///< keys of one severity or worse with a message of their own; the others
                        ///< share one
    FeedStyle style = {};
};

/// The board at one moment.
struct FeedPicture {
    QVector<FeedGroup> groups;
    QVector<alerts::SourceHealth> sources;
    QSet<QString> pending;   ///< keys that are not told, and not over either: after a restart a
                             ///< threshold must be crossed for its whole time before it fires again
    QDateTime watchedSince;  ///< UTC; before this nobody knew of any source
};

struct Telling {
    QVector<delivery::Entry> intents;
    bool isUnfinished = false;  ///< something was left for the next look
};

/// Makes the feed's messages say what the picture shows: new keys get a message, changed ones an
/// edit, those that are over their last one. At most a handful of intents at once, the worst first.
/// A key is over only when every source that told of it answers. Part of a caller's transaction.
Result<Telling> tellFeed(store::Transaction& tx, const FeedPicture& picture,
                         const FeedSettings& settings, const QDateTime& now);

}  // namespace tocsin::announcements
