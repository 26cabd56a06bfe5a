#pragma once
#include <QObject>
#include <functional>
#include <optional>

#include "inspection/keywalk.h"

namespace tocsin::cli {

/// "300 keys", or that nobody knows.
QString allKeys(const inspection::WalkProgress& progress);

/// Walks the keys of a Redis once and prints them as they are found: a name in a line, or with
/// `json` one document at the end. SIGINT ends the process, and with it the walk.
class RedisKeys : public QObject {
    Q_OBJECT
public:
    using Ended = std::function<void(const std::optional<Error>&)>;

    /// `connection` and `clock` outlive it.
    RedisKeys(inspection::Connection& connection, Clock& clock, bool json, Ended ended);

    /// `pattern` as in MATCH; `type` may be empty.
    void show(const QByteArray& pattern, const QByteArray& type,
              const inspection::KeyFilter& filter);

private:
    void take(const QByteArrayList& keys);
    void finish();

    inspection::KeyWalk m_walk;
    bool m_json;
    Ended m_ended;
    QByteArrayList m_keys;  ///< of the document
};

}  // namespace tocsin::cli
