#include "console/stoppedchannels.h"

#include <QMap>
#include <algorithm>
#include <utility>

#include "sdk/async.h"

using namespace Qt::Literals::StringLiterals;

namespace tocsin::console {
namespace {

// As the dispatcher writes it on each message that a stopped channel keeps back.
const QString kWaits = u"waiting: channel stopped. "_s;

/// What the newest waiting message of a channel says, and how many there are.
struct Waiting {
    QString why;
    qint64 changedAt = -1;
    int count = 0;
};

Result<QMap<QString, Waiting>> waitingIn(store::Transaction& tx) {
    auto rows = tx.run(
        u"SELECT channel, answer, COUNT(*), MAX(changed_at) FROM ledger WHERE state = 'intent' AND "
        "substr(answer, 1, ?) = ? GROUP BY channel, answer"_s,
        {kWaits.size(), kWaits});
    if (!rows) return tl::unexpected<Error>(rows.error());
    QMap<QString, Waiting> waiting;
    while (rows->next()) {
        Waiting& one = waiting[rows->value(0).toString()];
        one.count += rows->value(2).toInt();
        const qint64 at = rows->value(3).toLongLong();
        if (at <= one.changedAt) continue;
        one.changedAt = at;
        one.why = rows->value(1).toString().mid(kWaits.size());
    }
    return waiting;
}

/// While a channel that works again empties its queue, those behind still say that they wait.
Result<bool> arrivedSince(store::Transaction& tx, const QString& channel, qint64 at) {
    auto rows = tx.run(
        u"SELECT 1 FROM ledger WHERE channel = ? AND state = 'confirmed' AND changed_at > ? "
        "LIMIT 1"_s,
        {channel, at});
    if (!rows) return tl::unexpected<Error>(rows.error());
    return rows->next();
}

/// What went to another channel instead of its own, of the newest messages.
struct Diversion {
    QString channel, fallback;
    qint64 changedAt = 0;
};

Result<QVector<Diversion>> diversionsIn(store::Transaction& tx) {
    constexpr int kNewest = 500;
    auto rows = tx.run(
        u"SELECT json_extract(message, '$.diverted_from') AS own, channel, MAX(changed_at) FROM "
        "(SELECT * FROM ledger ORDER BY id DESC LIMIT ?) WHERE own <> '' GROUP BY own"_s,
        {kNewest});
    if (!rows) return tl::unexpected<Error>(rows.error());
    QVector<Diversion> all;
    while (rows->next())
        all.append(
            {rows->value(0).toString(), rows->value(1).toString(), rows->value(2).toLongLong()});
    return all;
}

StoppedChannel* named(QVector<StoppedChannel>& channels, const QString& name) {
    const auto found = std::find_if(channels.begin(), channels.end(),
                                    [&](const auto& one) { return one.channel == name; });
    return found == channels.end() ? nullptr : &*found;
}

const StoppedChannel* named(const QVector<StoppedChannel>& channels, const QString& name) {
    const auto found = std::find_if(channels.begin(), channels.end(),
                                    [&](const auto& one) { return one.channel == name; });
    return found == channels.end() ? nullptr : &*found;
}

}  // namespace

Result<QVector<StoppedChannel>> stoppedInLedger(store::Transaction& tx) {
    auto waiting = waitingIn(tx);
    if (!waiting) return tl::unexpected<Error>(waiting.error());
    QVector<StoppedChannel> stopped;
    for (auto it = waiting->cbegin(); it != waiting->cend(); ++it) {
        auto arrived = arrivedSince(tx, it.key(), it->changedAt);
        if (!arrived) return tl::unexpected<Error>(arrived.error());
        if (!*arrived) stopped.append({.channel = it.key(), .why = it->why, .waiting = it->count});
    }
    auto diverted = diversionsIn(tx);
    if (!diverted) return tl::unexpected<Error>(diverted.error());
    for (const Diversion& one : *diverted) {
        auto arrived = arrivedSince(tx, one.channel, one.changedAt);
        if (!arrived) return tl::unexpected<Error>(arrived.error());
        if (*arrived || named(stopped, one.channel)) continue;
        stopped.append({.channel = one.channel,
                        .why = u"whoever delivers gave it up"_s,
                        .fallback = one.fallback,
                        .wasNeeded = true});
    }
    std::sort(stopped.begin(), stopped.end(),
              [](const auto& a, const auto& b) { return a.channel < b.channel; });
    return stopped;
}

StoppedChannels::StoppedChannels(store::Database& db, delivery::Dispatcher& dispatcher,
                                 QObject* parent)
    : QObject(parent), m_db(db), m_dispatcher(dispatcher) {
    connect(&dispatcher, &delivery::Dispatcher::channelStopped, this, &StoppedChannels::look);
    connect(&dispatcher, &delivery::Dispatcher::entryChanged, this, &StoppedChannels::look);
}

StoppedChannels::~StoppedChannels() {
    m_db.drain();
}

void StoppedChannels::setDeliverer(Deliverer deliverer) {
    m_deliverer = deliverer;
    look();
}

void StoppedChannels::setFallback(const QString& channel, const QString& fallback) {
    m_fallbacks.insert(channel, fallback);
}

void StoppedChannels::tryAgain(const QString& channel) {
    m_dispatcher.resume(channel);
    look();
}

bool StoppedChannels::anyProblem() const {
    const QStringList channels = m_dispatcher.channels();
    return std::any_of(channels.begin(), channels.end(), [this](const QString& channel) {
        return m_dispatcher.problem(channel).has_value();
    });
}

void StoppedChannels::look() {
    if (m_deliverer == Deliverer::Nobody) return;
    // The usual case, many times a second in a storm: nothing to ask about.
    if (m_deliverer == Deliverer::Here && m_all.isEmpty() && !anyProblem()) return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    whenDone(m_db.read<QVector<StoppedChannel>>(
                 [](store::Transaction& tx) { return stoppedInLedger(tx); }),
             this, [this](const Result<QVector<StoppedChannel>>& inLedger) {
                 m_reading = false;
                 if (inLedger) take(*inLedger);
                 if (std::exchange(m_again, false)) look();
             });
}

QVector<StoppedChannel> StoppedChannels::known(const QVector<StoppedChannel>& inLedger) const {
    if (m_deliverer != Deliverer::Here) return inLedger;
    QVector<StoppedChannel> stopped;
    for (const QString& channel : m_dispatcher.channels()) {
        const auto problem = m_dispatcher.problem(channel);
        if (!problem) continue;
        const StoppedChannel* counted = named(inLedger, channel);
        const QString fallback = m_fallbacks.value(channel);
        const bool isTakenOver = !fallback.isEmpty() && m_dispatcher.notifier(fallback) &&
                                 !m_dispatcher.problem(fallback);
        stopped.append({.channel = channel,
                        .why = problem->message,
                        .waiting = counted ? counted->waiting : 0,
                        .fallback = isTakenOver ? fallback : QString(),
                        .canTryAgain = m_dispatcher.notifier(channel) != nullptr});
    }
    return stopped;
}

void StoppedChannels::take(const QVector<StoppedChannel>& inLedger) {
    const QVector<StoppedChannel> before = std::exchange(m_all, known(inLedger));
    if (m_all == before) return;
    emit changed();
    const QVector<StoppedChannel> now = m_all;  // a listener may look again
    for (const StoppedChannel& one : now) {
        const StoppedChannel* was = named(before, one.channel);
        if (one.isLoud() && !(was && was->isLoud())) emit channelStopped(one);
    }
    for (const StoppedChannel& one : before)
        if (!named(now, one.channel)) emit channelRecovered(one.channel);
}

}  // namespace tocsin::console
