#pragma once
#include <QObject>
#include <QTimer>

#include "plugins/engines/redis/wire.h"

namespace tocsin::redis {

/// Asks the Sentinels, one after the other, which server is the primary now: SENTINEL
/// GET-MASTER-ADDR-BY-NAME. Source: redis.io, "Sentinel client spec". Session's thread.
class Sentinel : public QObject {
    Q_OBJECT
public:
    using Found = std::function<void(Result<Place>)>;

    /// `address.sentinels` must not be empty.
    explicit Sentinel(const Address& address, QObject* parent = nullptr);

    /// `done` is called once. Errors: Network when none answers, Config when they do not know the
    /// name.
    void find(Found done);
    /// Ends a search under way with `why`.
    void abort(const Error& why) { end(tl::unexpected<Error>(why)); }

private:
    void askNext();
    void ask();
    void take(ReplyView reply);
    void giveUp(const Error& why);
    void end(Result<Place> result);
    void dropWire();

    Address m_address;
    Wire* m_wire = nullptr;
    QTimer m_patience{this};  // goes to the session's thread with it
    qsizetype m_at = 0;
    Error m_last;
    Found m_done;
};

}  // namespace tocsin::redis
