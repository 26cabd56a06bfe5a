#include "delivery/lane.h"

#include <algorithm>
#include <utility>

#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

using std::chrono::milliseconds;

// A stored pause longer than this is a clock that moved, not a server that asked.
constexpr milliseconds kLongestPause{60 * 60 * 1000};
// How long the other side is trusted to recognise a repeated event ("the past few minutes",
// facts of Discord's enforce_nonce).
constexpr milliseconds kRepeatIsSafeFor{2 * 60 * 1000};
constexpr milliseconds kStoreRetry{2000};
// Well below what an owner may be silent for before another takes over (store/ownership.h).
constexpr milliseconds kLongestTrust{2500};

/// The head of the channel, moved to sending when its time has come. Else it comes back as it is.
Result<std::optional<Entry>> takeHead(store::Transaction& tx, const QString& channel,
                                      const QDateTime& now, qint64 ripe, bool repeatsAreSafe) {
    auto head = Ledger::head(tx, channel);
    if (!head || !*head) return head;
    Entry entry = **head;
    const bool early = entry.id != ripe && entry.notBefore.isValid() && now < entry.notBefore &&
                       now.msecsTo(entry.notBefore) <= kLongestPause.count();
    if (early || entry.state == EntryState::Sending) return head;
    const bool recognised =
        repeatsAreSafe && entry.doubtedAt.msecsTo(now) < kRepeatIsSafeFor.count();
    if (entry.doubtedAt.isValid() && !recognised) entry.message.possibleRepeat = true;
    auto sending = Ledger::sending(tx, entry, now);
    if (!sending) return tl::unexpected<Error>(sending.error());
    return std::optional<Entry>(*sending);
}

bool stopsChannel(const Error& error) {
    return error.code == ErrorCode::Auth || error.code == ErrorCode::NotFound;
}

}  // namespace

Lane::Lane(const QString& name, store::Database& db, Clock& clock, QObject* parent)
    : QObject(parent), m_name(name), m_db(db), m_clock(clock) {
    // After a suspend the pause is over by the wall clock, though the monotonic one stood still.
    connect(&m_clock, &Clock::jumped, this, [this](milliseconds by) {
        if (m_phase == Phase::Waiting && by.count() > 0) take();
    });
}

Lane::~Lane() {
    // A notifier that dies gives up its post; what that would do comes from the ledger next time.
    m_phase = Phase::Closing;
    m_notifier.reset();
}

void Lane::setNotifier(std::unique_ptr<Notifier> notifier) {
    m_notifier = std::move(notifier);
    m_stopped.reset();
}

void Lane::start(const store::Fence& fence) {
    m_started = true;
    m_fence = fence;
    wake();
}

void Lane::pause() {
    m_started = false;
    if (m_phase != Phase::Waiting) return;
    ++m_wait;
    rest();
}

void Lane::wake() {
    if (!m_started) return;
    if (m_stopped) return sayWhyWaiting();
    m_again = true;
    if (m_phase == Phase::Resting) take();
}

void Lane::resume() {
    if (!m_notifier) return;
    m_stopped.reset();
    wake();
}

void Lane::stop(const Error& why) {
    m_stopped = why;
    emit stopped(m_name, why);
    if (m_started) sayWhyWaiting();
}

bool Lane::isBusy() const {
    return m_phase != Phase::Resting;
}

void Lane::take() {
    if (!m_started) return rest();
    m_phase = Phase::Taking;
    m_again = false;
    m_askedAt = m_clock.elapsed();
    m_takenUnder = m_fence;
    const bool safe = m_notifier && m_notifier->repeatsAreSafe();
    m_db.write<std::optional<Entry>>(
            m_takenUnder,
            [name = m_name, now = m_clock.now(), ripe = std::exchange(m_ripe, 0),
             safe](store::Transaction& tx) { return takeHead(tx, name, now, ripe, safe); })
        .then(this, [this](const Result<std::optional<Entry>>& taken) { took(taken); });
}

void Lane::took(const Result<std::optional<Entry>>& taken) {
    if (!taken) {
        if (store::fencedOut(taken.error())) return giveWay();
        emit storeFailed(taken.error());
        return waitFor(kStoreRetry);
    }
    if (!*taken) return m_again ? take() : rest();
    const Entry& entry = **taken;
    if (entry.state == EntryState::Sending) {
        emit entryChanged(entry);
        return postIfStillOurs(entry);
    }
    if (!m_started) return rest();
    waitFor(milliseconds(std::max<qint64>(1, m_clock.now().msecsTo(entry.notBefore))), entry.id);
}

void Lane::postIfStillOurs(const Entry& entry) {
    if (m_clock.elapsed() - m_askedAt < kLongestTrust) return post(entry);
    // This process stood still since it asked. Another may have taken over meanwhile, found the
    // entry in sending and sent it again, marked: ask once more before it leaves here.
    m_askedAt = m_clock.elapsed();
    m_db.write<Entry>(m_takenUnder,
                      [id = entry.id](store::Transaction& tx) { return Ledger::entry(tx, id); })
        .then(this, [this](const Result<Entry>& again) {
            if (again && again->state == EntryState::Sending) return postIfStillOurs(*again);
            if (!again && !store::fencedOut(again.error())) {
                emit storeFailed(again.error());
                return waitFor(kStoreRetry);
            }
            giveWay();
        });
}

void Lane::giveWay() {
    // Unless the engine came back here in the meantime.
    if (m_takenUnder.token() == m_fence.token()) m_started = false;
    if (m_started) return take();
    rest();
}

void Lane::post(const Entry& entry) {
    m_phase = Phase::Posting;
    const auto posted = m_notifier->post(entry.message).onCanceled([] {
        return Result<Delivery>(fail(ErrorCode::Timeout, u"The post was given up halfway."_s));
    });
    whenDone(posted, this,
             [this, entry](const Result<Delivery>& answer) { answered(entry, answer); });
}

void Lane::answered(const Entry& entry, const Result<Delivery>& answer) {
    if (m_phase == Phase::Closing) return;
    if (!answer) return refused(entry, answer.error());
    m_backoff.reset();
    record([id = entry.id, delivery = *answer, now = m_clock.now()](store::Transaction& tx) {
        return Ledger::confirmed(tx, id, delivery.remoteId, now);
    });
}

void Lane::refused(const Entry& entry, const Error& error) {
    const QDateTime now = m_clock.now();
    const QString said = error.message;
    if (stopsChannel(error)) {
        m_stopped = error;
        emit stopped(m_name, error);
        const QString waiting = u"waiting: channel stopped. %1"_s.arg(said);
        return record([id = entry.id, waiting, now](store::Transaction& tx) {
            return Ledger::postponed(tx, id, waiting, {}, now);
        });
    }
    const bool unknown = Notifier::outcomeUnknown(error) || error.code == ErrorCode::Cancelled;
    if (!unknown && !error.isRetryable())
        return record([id = entry.id, said, now](store::Transaction& tx) {
            return Ledger::failed(tx, id, said, now);
        });
    const milliseconds pause =
        std::max(m_backoff.next(), error.retryAfter.value_or(milliseconds(0)));
    const QDateTime next = now.addMSecs(pause.count());
    record([id = entry.id, said, next, now, unknown](store::Transaction& tx) {
        return unknown ? Ledger::inDoubt(tx, id, said, next, now)
                       : Ledger::postponed(tx, id, said, next, now);
    });
}

void Lane::record(const Change& change) {
    m_phase = Phase::Recording;
    m_db.write<Entry>(m_takenUnder, change).then(this, [this, change](const Result<Entry>& entry) {
        if (!entry) {
            // Whoever owns the engine now found it in sending and settles it.
            if (store::fencedOut(entry.error())) return giveWay();
            emit storeFailed(entry.error());
            // It is out there but not on paper: nothing else may leave here until it is.
            m_clock.callAfter(kStoreRetry, this, [this, change] { record(change); });
            return;
        }
        emit entryChanged(*entry);
        if (m_stopped) {
            rest();
            return sayWhyWaiting();
        }
        take();
    });
}

void Lane::waitFor(milliseconds pause, qint64 entry) {
    m_phase = Phase::Waiting;
    m_clock.callAfter(pause, this, [this, entry, wait = ++m_wait] {
        if (wait != m_wait || m_phase != Phase::Waiting) return;
        m_ripe = entry;
        take();
    });
}

void Lane::rest() {
    m_phase = Phase::Resting;
    emit idle();
}

void Lane::sayWhyWaiting() {
    const QString why = u"waiting: channel stopped. %1"_s.arg(m_stopped->message);
    m_db.write<QVector<Entry>>(m_fence,
                               [name = m_name, why, now = m_clock.now()](store::Transaction& tx) {
                                   return Ledger::waiting(tx, name, why, now);
                               })
        .then(this, [this](const Result<QVector<Entry>>& waiting) {
            if (!waiting && store::fencedOut(waiting.error())) return;
            if (!waiting) return emit storeFailed(waiting.error());
            for (const Entry& entry : *waiting)
                emit entryChanged(entry);
        });
}

}  // namespace tocsin::delivery
