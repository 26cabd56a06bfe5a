#pragma once
#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QVector>
#include <optional>

#include "sdk/alert.h"

namespace tocsin::inspection {

/// The answer to INFO, and of a cluster's node that to CLUSTER INFO. Source: the fields of Redis
/// 6.2, 7.0 and 7.2.
class ServerInfo {
public:
    static ServerInfo fromText(const QByteArray& text);
    /// The fields of a further answer.
    void add(const QByteArray& text);
    bool isCluster() const { return number("cluster_enabled") == 1; }

    bool isEmpty() const { return m_fields.isEmpty(); }
    QByteArray text(const QByteArray& name) const { return m_fields.value(name); }
    /// Nothing when the server does not tell it.
    std::optional<qint64> number(const QByteArray& name) const;
    std::optional<double> decimal(const QByteArray& name) const;
    /// "keys" of "keys=3,expires=0".
    static std::optional<qint64> part(const QByteArray& line, const QByteArray& name);

    struct Keyspace {
        QByteArray database;  ///< "db0"
        qint64 keys = 0, expiring = 0;
        qint64 averageTtl = 0;  ///< ms
    };
    QVector<Keyspace> keyspaces() const;

    struct Replica {
        QByteArray place;   ///< "10.0.0.2:6379"
        QByteArray state;   ///< "online"
        qint64 behind = 0;  ///< bytes of the stream it has not confirmed
        qint64 lag = 0;     ///< seconds since it last answered
    };
    QVector<Replica> replicas() const;

private:
    QHash<QByteArray, QByteArray> m_fields;
};

/// What a commander follows, at one moment. Rates need a look before; without one they are absent.
struct ServerFigures {
    QDateTime at = {};
    qint64 ops = 0;  ///< per second, the server's own mean
    qint64 memory = 0, memoryLimit = 0;
    qint64 clients = 0, blocked = 0;
    std::optional<double> hitRate = {};  ///< 0 to 1, of the reads since the look before
    std::optional<double> evicted = {};  ///< per second
    std::optional<double> expired = {};  ///< per second
    double bytesIn = 0, bytesOut = 0;    ///< per second
    qint64 unsaved = 0;                  ///< changes since the last snapshot
    bool cannotSave = false;             ///< the last snapshot or append failed
    std::optional<qint64> behind = {};   ///< of replication: bytes, the worst replica or ourselves
    double roundTrip = 0;                ///< ms, of this very look
};
ServerFigures figuresOf(const ServerInfo& now, const ServerInfo& before, const QDateTime& at,
                        const QDateTime& atBefore);

/// Something in INFO that a person should know, with what to do about it.
struct ServerFinding {
    Severity severity = Severity::Info;
    QString what;
    QString remedy;
};
/// The worst first. `before` may be empty; `hasQueues`: BullMQ or Bull lives here, nothing where
/// nobody looked.
QVector<ServerFinding> findingsOf(const ServerInfo& now, const ServerInfo& before,
                                  std::optional<bool> hasQueues);

}  // namespace tocsin::inspection
