#pragma once
#include <QHash>
#include <QObject>

#include "delivery/dispatcher.h"

namespace tocsin::console {

/// A channel that takes no messages, and what that keeps back.
struct StoppedChannel {
    QString channel;
    QString why;            ///< a sentence
    int waiting = 0;        ///< messages that stay until it works again
    QString fallback = {};  ///< where its messages go meanwhile; empty: nowhere
    bool canTryAgain =
        false;               ///< it is this process's to try; else its owner's, or not made at all
    bool wasNeeded = false;  ///< something went to its fallback

    /// More than a part of the workspace that could not be made and that nobody needed yet.
    bool isLoud() const { return canTryAgain || waiting > 0 || wasNeeded; }
    bool operator==(const StoppedChannel&) const = default;
};

/// The channels that whoever delivers has stopped, as the ledger tells it: messages say that they
/// wait or went to a fallback, and nothing arrived there since. Sorted. Part of a caller's
/// transaction.
Result<QVector<StoppedChannel>> stoppedInLedger(store::Transaction& tx);

/// Which channels are stopped, in whatever process that happened. GUI thread. Must die before the
/// database and the dispatcher.
class StoppedChannels : public QObject {
    Q_OBJECT
public:
    StoppedChannels(store::Database& db, delivery::Dispatcher& dispatcher,
                    QObject* parent = nullptr);
    ~StoppedChannels() override;

    /// Here the dispatcher knows; elsewhere only the ledger does. Of nobody nothing is said: what
    /// the ledger kept of an earlier stop may be mended since.
    enum class Deliverer { Nobody, Here, Elsewhere };
    void setDeliverer(Deliverer deliverer);
    void setFallback(const QString& channel, const QString& fallback);
    const QVector<StoppedChannel>& all() const { return m_all; }
    /// Lets one try again that was stopped here.
    void tryAgain(const QString& channel);
    /// The ledger may say something new. Many calls are one look.
    void look();

signals:
    void changed();
    /// It became loud just now.
    void channelStopped(const tocsin::console::StoppedChannel& channel);
    void channelRecovered(const QString& channel);

private:
    void take(const QVector<StoppedChannel>& inLedger);
    QVector<StoppedChannel> known(const QVector<StoppedChannel>& inLedger) const;
    bool anyProblem() const;

    store::Database& m_db;
    delivery::Dispatcher& m_dispatcher;
    QHash<QString, QString> m_fallbacks;
    QVector<StoppedChannel> m_all;
    Deliverer m_deliverer = Deliverer::Nobody;
    bool m_reading = false, m_again = false;
};

}  // namespace tocsin::console
