#pragma once
#include <QObject>
#include <QTimer>

#include "plugins/engines/redis/wire.h"
#include "sdk/resultset.h"

namespace tocsin::redis {

/// A short look at what all clients send: MONITOR on a connection of its own, which is closed after
/// some seconds or lines. The commander's connection stays what it was. Session's thread.
class Tap : public QObject {
    Q_OBJECT
public:
    using Ended = std::function<void(Result<Reply>)>;

    explicit Tap(const Address& address);

    using Heard = std::function<void(std::shared_ptr<const ResultSet>)>;

    /// `heard` gets the lines while they come, some times a second: time, client, command. `done`
    /// gets an array of MONITOR's lines, once.
    void sample(std::chrono::seconds time, Heard heard, Ended done);

private:
    void logIn();
    void begin();
    void take(Reply line);
    void tell();
    void end(Result<Reply> result);

    Address m_address;
    Wire m_wire;
    QTimer m_time;
    QTimer m_tell;
    std::shared_ptr<ResultSet> m_rows;
    qsizetype m_told = 0;
    Heard m_heard;
    Reply m_lines{Reply::Kind::Array};
    Ended m_done;
};

}  // namespace tocsin::redis
