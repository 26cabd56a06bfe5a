#pragma once
#include <QObject>
#include <QPointer>

#include "inspection/serverinfo.h"
#include "sdk/clock.h"
#include "sdk/error.h"

namespace tocsin::inspection {

class Connection;

/// Follows one Redis by INFO, and CLUSTER INFO where it is of a cluster, one round trip a look, and
/// remembers the last kMostFigures. GUI thread.
class ServerWatch : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMostFigures = 300;

    /// `clock` outlives the watch.
    /// `node` of a cluster, "10.0.0.2:6381"; empty: the connection's own server.
    ServerWatch(Connection& connection, Clock& clock, const QString& node = {},
                QObject* parent = nullptr);

    /// Looks now and again and again, `every` after the answer and up to sixteen times that after
    /// failures; 0 ms stops.
    void watch(std::chrono::milliseconds every);

    const ServerInfo& info() const { return m_info; }
    const ServerInfo& before() const { return m_before; }
    /// Oldest first.
    const QVector<ServerFigures>& figures() const { return m_figures; }

signals:
    void changed();
    void failed(const tocsin::Error& error);

private:
    void look();
    void take(const ServerInfo& info, std::chrono::microseconds took);

    QPointer<Connection> m_connection;
    Clock& m_clock;
    QString m_node;
    ServerInfo m_info, m_before;
    QVector<ServerFigures> m_figures;
    std::chrono::milliseconds m_every{0};
    quint64 m_round = 0;
    int m_failures = 0;        ///< in a row
    bool m_isCluster = false;  ///< known from its first answer
};

}  // namespace tocsin::inspection
