#include "delivery/dispatcher.h"

#include "delivery/lane.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

/// What a crash left in Sending may or may not have left.
Result<QVector<Entry>> settle(store::Transaction& tx, const QDateTime& now) {
    auto entries = Ledger::unfinished(tx);
    if (!entries) return entries;
    for (Entry& entry : *entries) {
        if (entry.state != EntryState::Sending) continue;
        auto doubted = Ledger::inDoubt(tx, entry.id,
                                       u"The program ended while this was being sent."_s, now, now);
        if (!doubted) return tl::unexpected<Error>(doubted.error());
        entry = *doubted;
    }
    return entries;
}

/// A part without an identity of its own would be dropped as known; and each part of an edit is
/// edited into the same part of what it replaces.
Message numbered(Message part, const Message& whole, qsizetype number) {
    const QString suffix = u"#%1"_s.arg(number);
    if (part.event == whole.event) part.event += suffix;
    if (!whole.replaces.isEmpty()) part.replaces = whole.replaces + suffix;
    return part;
}

}  // namespace

Dispatcher::Dispatcher(store::Database& db, Clock& clock, QObject* parent)
    : QObject(parent), m_db(db), m_clock(clock), m_watch(db, clock) {
    connect(&m_watch, &store::ChangeWatch::changedElsewhere, this, &Dispatcher::wake);
}

Dispatcher::~Dispatcher() {
    m_db.drain();
}

Lane* Dispatcher::addLane(const QString& name) {
    if (Lane* known = m_lanes.value(name)) return known;
    auto* lane = new Lane(name, m_db, m_clock, m_budget, this);
    connect(lane, &Lane::entryChanged, this, &Dispatcher::entryChanged);
    connect(lane, &Lane::stopped, this, &Dispatcher::channelStopped);
    connect(lane, &Lane::storeFailed, this, &Dispatcher::storeFailed);
    connect(lane, &Lane::everythingMustRest, this, &Dispatcher::restEverything);
    connect(lane, &Lane::diverted, this, &Dispatcher::wake);
    connect(lane, &Lane::idle, this, &Dispatcher::laneIdle);
    m_lanes.insert(name, lane);
    return lane;
}

void Dispatcher::addChannel(const QString& name, std::unique_ptr<Notifier> notifier) {
    Lane* lane = addLane(name);
    lane->setNotifier(std::move(notifier));
    if (m_started) lane->wake();
}

void Dispatcher::addBrokenChannel(const QString& name, const Error& problem) {
    addLane(name)->stop(problem);
}

void Dispatcher::setFallback(const QString& channel, const QString& fallback) {
    addLane(channel)->setFallback([this, fallback] {
        const Lane* lane = m_lanes.value(fallback);
        return lane && !lane->isStopped() ? fallback : QString();
    });
}

QStringList Dispatcher::channels() const {
    QStringList names = m_lanes.keys();
    names.sort();
    return names;
}

Notifier* Dispatcher::notifier(const QString& channel) const {
    const Lane* lane = m_lanes.value(channel);
    return lane ? lane->notifier() : nullptr;
}

QVector<Message> Dispatcher::split(const QString& channel, const Message& message) const {
    const Notifier* to = notifier(channel);
    if (!to) return {message};
    QVector<Message> parts = to->split(message);
    for (qsizetype i = 1; i < parts.size(); ++i)
        parts[i] = numbered(parts[i], message, i + 1);
    return parts;
}

QFuture<Result<int>> Dispatcher::start(const store::Fence& fence) {
    ++m_beginning;
    m_stopping = false;
    m_fence = fence;
    return begin();
}

QFuture<Result<int>> Dispatcher::begin() {
    ++m_looking;
    return m_db
        .write<QVector<Entry>>(
            m_fence, [now = m_clock.now()](store::Transaction& tx) { return settle(tx, now); })
        .then(this,
              [this](const Result<QVector<Entry>>& unfinished) { return started(unfinished); });
}

Result<int> Dispatcher::started(const Result<QVector<Entry>>& unfinished) {
    --m_looking;
    if (!unfinished) {
        emit storeFailed(unfinished.error());
        if (m_stopping)
            laneIdleSoon();
        else if (!store::fencedOut(unfinished.error()))
            m_clock.callAfter(kStoreRetry, this, [this, beginning = m_beginning] {
                if (beginning == m_beginning) begin();
            });
        return tl::unexpected<Error>(unfinished.error());
    }
    if (m_stopping) {
        laneIdleSoon();
        return static_cast<int>(unfinished->size());
    }
    m_started = true;
    QStringList waiting;
    for (const Entry& entry : *unfinished)
        waiting.append(entry.channel);
    lookForUnknownChannels(waiting);
    for (Lane* lane : std::as_const(m_lanes))
        lane->start(m_fence);
    m_watch.start();
    reportIdle();
    return static_cast<int>(unfinished->size());
}

void Dispatcher::lookForUnknownChannels(const QStringList& waiting) {
    for (const QString& channel : waiting) {
        if (m_lanes.contains(channel)) continue;
        addBrokenChannel(
            channel,
            {ErrorCode::Config,
             u"The workspace has no channel named “%1”. Add it; its messages wait."_s.arg(channel),
             {}});
        m_lanes.value(channel)->start(m_fence);
    }
}

void Dispatcher::stop() {
    ++m_beginning;
    m_started = false;
    m_stopping = true;
    for (Lane* lane : std::as_const(m_lanes))
        lane->pause();
    laneIdleSoon();
}

void Dispatcher::laneIdleSoon() {
    QMetaObject::invokeMethod(this, &Dispatcher::laneIdle, Qt::QueuedConnection);
}

void Dispatcher::laneIdle() {
    if (!m_stopping) return reportIdle();
    if (isBusy()) return;
    m_stopping = false;
    emit stopped();
}

void Dispatcher::wake() {
    if (!m_started) return;
    ++m_looking;
    m_db.read<QStringList>([](store::Transaction& tx) { return Ledger::waitingChannels(tx); })
        .then(this, [this](const Result<QStringList>& waiting) {
            --m_looking;
            if (!waiting) emit storeFailed(waiting.error());
            if (waiting && m_started) lookForUnknownChannels(*waiting);
            for (Lane* lane : std::as_const(m_lanes))
                lane->wake();
            laneIdle();
        });
}

void Dispatcher::lookAgain(const QString& channel) {
    if (Lane* lane = m_lanes.value(channel)) lane->lookAgain();
}

void Dispatcher::hurry(const QString& channel) {
    if (Lane* lane = m_lanes.value(channel)) lane->hurry();
}

std::optional<Error> Dispatcher::problem(const QString& channel) const {
    const Lane* lane = m_lanes.value(channel);
    return lane ? lane->problem() : std::nullopt;
}

void Dispatcher::resume(const QString& channel) {
    if (Lane* lane = m_lanes.value(channel)) lane->resume();
    wake();  // stopped channels whose messages it takes
}

bool Dispatcher::isBusy() const {
    if (m_looking > 0) return true;
    return std::any_of(m_lanes.begin(), m_lanes.end(),
                       [](const Lane* lane) { return lane->isBusy(); });
}

void Dispatcher::restEverything(std::chrono::milliseconds pause) {
    for (Lane* lane : std::as_const(m_lanes))
        lane->rest(pause);
}

void Dispatcher::reportIdle() {
    if (m_started && !isBusy()) emit idle();
}

}  // namespace tocsin::delivery
