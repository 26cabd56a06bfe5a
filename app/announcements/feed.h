#pragma once
#include <QObject>

#include "alerts/board.h"
#include "announcements/feedtelling.h"
#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::announcements {

/// Tells a channel of all alerts: one message per key, edited in place as it changes, never one per
/// alert. Looks at most once in `FeedSettings::every`, however fast the board changes; what it said
/// is in the store, so that a restart goes on with the same messages. GUI thread; groups on a pool
/// thread. Must die before the Database and the Board.
class Feed : public QObject {
    Q_OBJECT
public:
    Feed(store::Database& db, alerts::Board& board, FeedSettings settings, Clock& clock,
         QObject* parent = nullptr);
    ~Feed() override;

    /// May be set again, when runbooks were reloaded.
    void setStyle(const FeedStyle& style);
    /// From now on this process keeps the feed; only the one that owns the engine calls it.
    /// All that it writes by itself is covered by `fence`; when that is lost it stands down.
    void start(const store::Fence& fence = {});
    void standDown();

signals:
    void intentsWritten();
    void failed(const tocsin::Error& error);

private:
    void noteChange();
    void look();
    void tell(FeedPicture picture);
    void told(const Result<Telling>& telling);

    store::Database& m_db;
    alerts::Board& m_board;
    FeedSettings m_settings;
    Clock& m_clock;
    QDateTime m_startedAt;
    std::chrono::milliseconds m_lastLook{0};
    store::Fence m_fence;
    bool m_started = false;
    bool m_scheduled = false;
    bool m_looking = false;  // grouping or writing
    bool m_changed = false;  // meanwhile
};

}  // namespace tocsin::announcements
