#pragma once
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "plugins/engines/redis/wire.h"
#include "sdk/resultset.h"

namespace tocsin::redis {

/// What a tap heard, and why it stopped listening.
struct Sample {
    enum class End { Time, Lines, Lost };

    Reply lines;  ///< as MONITOR writes them
    std::chrono::milliseconds lasted{0};
    End end = End::Time;
};

/// A short look at what all clients send: MONITOR on a connection of its own, which is closed after
/// some seconds or lines. The commander's connection stays what it was. Session's thread.
class Tap : public QObject {
    Q_OBJECT
public:
    using Ended = std::function<void(Result<Sample>)>;

    /// `way`: where the server is reached, if not at its address.
    Tap(const Address& address, const std::optional<Place>& way);

    using Heard = std::function<void(std::shared_ptr<const ResultSet>)>;

    /// `heard` gets the lines while they come, some times a second: time, client, command. `done`
    /// gets the whole, once; destroyed before, it gets nothing.
    void sample(std::chrono::seconds time, Heard heard, Ended done);

private:
    void logIn();
    void begin();
    void take(Reply line);
    void tell();
    void stop(Sample::End why);
    void end(Result<Sample> result);

    Address m_address;
    Wire m_wire;
    QTimer m_time;
    QTimer m_tell;
    QElapsedTimer m_lasted;  // invalid before the server said that it begins
    std::shared_ptr<ResultSet> m_rows;
    qsizetype m_told = 0;
    Heard m_heard;
    Sample m_sample;
    ReplyBuilder m_lines;
    Ended m_done;
};

}  // namespace tocsin::redis
