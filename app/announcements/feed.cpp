#include "announcements/feed.h"

#include <algorithm>

#include "sdk/async.h"

namespace tocsin::announcements {
namespace {
using std::chrono::milliseconds;
// Sources answer one after the other: the first look waits for them.
constexpr milliseconds kGather{2000};
}  // namespace

Feed::Feed(store::Database& db, alerts::Board& board, FeedSettings settings, Clock& clock,
           QObject* parent)
    : QObject(parent), m_db(db), m_board(board), m_settings(std::move(settings)), m_clock(clock) {
    connect(&m_board, &alerts::Board::changed, this, &Feed::noteChange);
    connect(&m_board, &alerts::Board::sourceChanged, this, &Feed::noteChange);
}

Feed::~Feed() {
    m_db.drain();
}

void Feed::setStyle(const FeedStyle& style) {
    const Severity silentBelow = m_settings.style.silentBelow;
    m_settings.style = style;
    m_settings.style.silentBelow = silentBelow;
    noteChange();
}

void Feed::standDown() {
    m_started = false;
}

void Feed::start(const store::Fence& fence) {
    m_started = true;
    m_fence = fence;
    m_startedAt = m_clock.now();
    m_lastLook = m_clock.elapsed() - m_settings.every;
    noteChange();
}

void Feed::noteChange() {
    if (!m_started || m_scheduled) return;
    if (m_looking) {
        m_changed = true;
        return;
    }
    m_scheduled = true;
    const milliseconds rest = m_lastLook + m_settings.every - m_clock.elapsed();
    m_clock.callAfter(std::max(kGather, rest), this, [this] { look(); });
}

void Feed::look() {
    m_scheduled = false;
    if (!m_started) return;
    m_looking = true;
    m_changed = false;
    m_lastLook = m_clock.elapsed();
    runOnPool(
        this,
        [alerts = m_board.alerts(), links = m_settings.style.links] {
            FeedPicture picture;
            picture.groups = feedGroups(alerts, links);
            picture.pending = pendingKeys(alerts);
            return picture;
        },
        [this](const FeedPicture& picture) { tell(picture); });
}

void Feed::tell(FeedPicture picture) {
    picture.sources = m_board.sources();
    picture.watchedSince = m_startedAt;
    m_db.write<Telling>(
            m_fence, [picture, settings = m_settings, now = m_clock.now()](
                         store::Transaction& tx) { return tellFeed(tx, picture, settings, now); })
        .then(this, [this](const Result<Telling>& telling) { told(telling); });
}

void Feed::told(const Result<Telling>& telling) {
    m_looking = false;
    if (!telling && store::fencedOut(telling.error())) return standDown();
    if (!telling) emit failed(telling.error());
    if (telling && !telling->intents.isEmpty()) emit intentsWritten();
    if (m_changed || !telling || telling->isUnfinished) noteChange();
}

}  // namespace tocsin::announcements
