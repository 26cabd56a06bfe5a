#pragma once
#include <QObject>
#include <QTimer>

#include "plugins/engines/redis/wire.h"

namespace tocsin::redis {

/// Listens to a Sentinel for +switch-master, so that a failover is followed when it happens, also
/// where the old primary still answers. One Sentinel at a time; the next where it is silent or
/// gone, with ever longer pauses up to half a minute. Each time it begins it also asks who the
/// primary is: what was missed meanwhile can be caught up. Source: redis.io, "High availability
/// with Redis Sentinel", Pub/Sub messages. Session's thread.
class SentinelWatch : public QObject {
    Q_OBJECT
public:
    /// `address.sentinels` must not be empty.
    explicit SentinelWatch(const Address& address, QObject* parent = nullptr);

    /// From now on; harmless when it listens already.
    void start();
    void stop();

signals:
    /// Who the primary is, as this Sentinel says when listening begins. It may lag.
    void primaryNamed(const tocsin::redis::Place& place);
    /// A failover ended just now, and this is the primary.
    void primarySwitched(const tocsin::redis::Place& place);

private:
    void connectNext();
    void subscribe();
    void hear(ReplyView reply);
    void lookAlive();
    void tryLater();
    void dropWire();

    Address m_address;
    Wire* m_wire = nullptr;
    QTimer m_alive{this};  // goes to the session's thread with it
    qsizetype m_at = 0;
    int m_failures = 0;  ///< in a row
    bool m_isOn = false;
    bool m_heard = false;  ///< anything, since it was last asked for a sign of life
    quint64 m_round = 0;
};

}  // namespace tocsin::redis
