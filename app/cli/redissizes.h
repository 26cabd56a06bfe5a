#pragma once
#include <QObject>
#include <functional>
#include <optional>

#include "inspection/keysizes.h"
#include "inspection/keywalk.h"

namespace tocsin::cli {

/// What takes the memory of a Redis: walks its keys once, measures a fair sample of them and prints
/// what they take by prefix and one by one, the heaviest first. SIGINT ends the process, and with
/// it the walk.
class RedisSizes : public QObject {
    Q_OBJECT
public:
    using Ended = std::function<void(const std::optional<Error>&)>;

    /// `connection` and `clock` outlive it.
    RedisSizes(inspection::Connection& connection, Clock& clock, bool json, Ended ended);

    /// `pattern` as in MATCH; empty: all keys.
    void show(const QByteArray& pattern);

private:
    void printSizes() const;
    void end(const std::optional<Error>& problem);

    inspection::KeyWalk m_walk;
    inspection::Reservoir m_sample;
    inspection::KeySizes m_sizes;
    bool m_json;
    Ended m_ended;
};

}  // namespace tocsin::cli
