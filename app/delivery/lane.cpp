#include "delivery/lane.h"

#include <algorithm>
#include <utility>

#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

using std::chrono::milliseconds;

// Well below what an owner may be silent for before another takes over (store/ownership.h).
constexpr milliseconds kLongestTrust{2500};

bool stopsChannel(const Error& error) {
    return error.code == ErrorCode::Auth || error.code == ErrorCode::NotFound;
}

}  // namespace

Lane::Lane(const QString& name, store::Database& db, Clock& clock, RefusalBudget& budget,
           QObject* parent)
    : QObject(parent), m_name(name), m_db(db), m_clock(clock), m_budget(budget), m_pace(clock) {
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
    connect(m_notifier.get(), &Notifier::everythingMustRest, this, &Lane::everythingMustRest);
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
    goIdle();
}

void Lane::wake() {
    if (!m_started) return;
    if (m_stopped) return handOver();
    m_again = true;
    if (m_phase == Phase::Resting) take();
}

void Lane::hurry() {
    m_pace.lift();
    lookAgain();
}

void Lane::lookAgain() {
    if (m_phase == Phase::Waiting) return take();
    wake();
}

void Lane::resume() {
    if (!m_notifier) return;
    m_stopped.reset();
    wake();
}

void Lane::stop(const Error& why) {
    m_stopped = why;
    emit stopped(m_name, why);
    if (m_started) handOver();
}

bool Lane::isBusy() const {
    return m_phase != Phase::Resting || m_handingOver > 0;
}

void Lane::take() {
    if (!m_started) return goIdle();
    m_phase = Phase::Taking;
    m_again = false;
    m_askedAt = m_clock.elapsed();
    m_takenUnder = m_fence;
    const milliseconds shutOut = m_budget.rest(m_askedAt);
    const Ability ability{repeatsAreSafe(), m_notifier && m_notifier->canEdit(),
                          std::max(shutOut, m_pace.postsRest()),
                          std::max(shutOut, m_pace.editsRest())};
    m_db.write<Taken>(
            m_takenUnder,
            [name = m_name, now = m_clock.now(), ripe = std::exchange(m_ripe, 0),
             ability](store::Transaction& tx) { return takeHead(tx, name, now, ripe, ability); })
        .then(this, [this](const Result<Taken>& taken) { took(taken); });
}

/// The wall clock, by which the store knows how old a doubt is, may have been set since.
bool Lane::repeatsAreSafe() const {
    if (!m_notifier || !m_notifier->repeatsAreSafe()) return false;
    return !m_doubted || m_clock.lasted() - m_doubted->since < kRepeatIsSafeFor;
}

void Lane::took(const Result<Taken>& taken) {
    if (!taken) {
        if (store::fencedOut(taken.error())) return giveWay();
        emit storeFailed(taken.error());
        return waitFor(kStoreRetry);
    }
    for (const Entry& entry : taken->folded)
        emit entryChanged(entry);
    if (!taken->entry) return m_again ? take() : goIdle();
    const Entry& entry = *taken->entry;
    if (entry.state == EntryState::Sending) {
        emit entryChanged(entry);
        return postIfStillOurs(*taken);
    }
    if (!m_started) return goIdle();
    waitFor(std::max(milliseconds(1), taken->pause), entry.id);
}

void Lane::postIfStillOurs(const Taken& taken) {
    if (m_clock.elapsed() - m_askedAt < kLongestTrust) return post(taken);
    // This process stood still since it asked. Another may have taken over meanwhile, found the
    // entry in sending and sent it again, marked: ask once more before it leaves here.
    m_askedAt = m_clock.elapsed();
    m_db.write<Entry>(m_takenUnder, [id = taken.entry->id](
                                        store::Transaction& tx) { return Ledger::entry(tx, id); })
        .then(this, [this, taken](const Result<Entry>& again) {
            if (again && again->state == EntryState::Sending) return postIfStillOurs(taken);
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
    goIdle();
}

QFuture<Result<Delivery>> Lane::dispatched(const Taken& taken) {
    const Message& message = taken.entry->message;
    if (taken.target) return m_notifier->edit(message, *taken.target);
    if (!taken.starter.isEmpty()) return m_notifier->postInThread(message, taken.starter);
    return m_notifier->post(message);
}

void Lane::post(const Taken& taken) {
    m_phase = Phase::Posting;
    const auto posted = dispatched(taken).onCanceled([] {
        return Result<Delivery>(fail(ErrorCode::Timeout, u"The post was given up halfway."_s));
    });
    whenDone(posted, this, [this, entry = *taken.entry](const Result<Delivery>& answer) {
        answered(entry, answer);
    });
}

void Lane::answered(const Entry& entry, const Result<Delivery>& answer) {
    if (m_phase == Phase::Closing) return;
    notePace(entry, answer);
    if (!answer) return refused(entry, answer.error());
    m_backoff.reset();
    record([id = entry.id, delivery = *answer, now = m_clock.now()](store::Transaction& tx) {
        return Ledger::confirmed(tx, id, delivery.remoteId, now);
    });
}

void Lane::notePace(const Entry& entry, const Result<Delivery>& answer) {
    if (answer)
        return entry.isEdit() ? m_pace.restEdits(answer->rest) : m_pace.restPosts(answer->rest);
    const Error& error = answer.error();
    const bool isLimit = error.code == ErrorCode::RateLimited;
    if (isLimit && error.retryAfter)  // also for what is sent before this is tried again
        entry.isEdit() ? m_pace.restEdits(*error.retryAfter) : m_pace.restPosts(*error.retryAfter);
    if (isLimit || stopsChannel(error)) m_budget.count(m_clock.elapsed());
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
    if (unknown && (!m_doubted || m_doubted->entry != entry.id))
        m_doubted = Doubt{entry.id, m_clock.lasted()};
    if (error.code == ErrorCode::Refused && entry.isEdit())
        return record([entry, said, now](store::Transaction& tx) {
            return Ledger::postedAnew(tx, entry, said, now);
        });
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
            m_phase = Phase::Resting;
            return handOver();
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

void Lane::goIdle() {
    m_phase = Phase::Resting;
    emit idle();
}

void Lane::handOver() {
    ++m_handingOver;
    const QString fallback = m_fallback ? m_fallback() : QString();
    if (fallback.isEmpty()) return sayWhyWaiting();
    divertTo(fallback);
}

void Lane::divertTo(const QString& fallback) {
    const QString why =
        u"#%1 is stopped (%2), so it goes to #%3."_s.arg(m_name, m_stopped->message, fallback);
    m_db.write<QVector<Entry>>(
            m_fence,
            [name = m_name, fallback, why, now = m_clock.now()](store::Transaction& tx) {
                return Ledger::diverted(tx, name, fallback, why, now);
            })
        .then(this, [this](const Result<QVector<Entry>>& moved) {
            if (moved && !moved->isEmpty()) emit diverted();
            handedOver(moved);
        });
}

void Lane::handedOver(const Result<QVector<Entry>>& changed) {
    --m_handingOver;
    if (!changed && !store::fencedOut(changed.error())) {
        emit storeFailed(changed.error());
        m_clock.callAfter(kStoreRetry, this, [this] {
            if (m_stopped) wake();
        });
    }
    if (changed)
        for (const Entry& entry : *changed)
            emit entryChanged(entry);
    if (!isBusy()) emit idle();
}

void Lane::sayWhyWaiting() {
    const QString why = u"waiting: channel stopped. %1"_s.arg(m_stopped->message);
    m_db.write<QVector<Entry>>(m_fence,
                               [name = m_name, why, now = m_clock.now()](store::Transaction& tx) {
                                   return Ledger::waiting(tx, name, why, now);
                               })
        .then(this, [this](const Result<QVector<Entry>>& waiting) { handedOver(waiting); });
}

}  // namespace tocsin::delivery
