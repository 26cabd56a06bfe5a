#pragma once
#include <sys/types.h>

#include <QString>
#include <chrono>
#include <optional>

#include "sdk/error.h"

namespace tocsin {

/// Where a tunnel leads and through whom.
struct SshRoute {
    QString connection;   ///< its name, for messages
    QString through;      ///< "user@bastion", or an alias of ssh's configuration
    QString config = {};  ///< another configuration file than ssh's own; empty: ssh's own
    QString host;         ///< as the far end knows it
    quint16 port = 0;
    std::chrono::milliseconds timeout{5000};
};

/// Whether `through` names a host and nothing else: what begins with a dash would be an option of
/// ssh, and one of them runs a program. Errors: Config, naming the connection.
TOCSIN_SDK_EXPORT Result<void> checkRoute(const QString& connection, const QString& through);

/// A local port forwarded by the system's own ssh, with its configuration, agent and known hosts.
/// An unknown or changed host key ends it, whatever the configuration says: nobody is asked,
/// nothing is learned. Never blocks: start it, then look() every few milliseconds. One thread at a
/// time; the destructor ends ssh.
class TOCSIN_SDK_EXPORT SshTunnel {
public:
    SshTunnel() = default;
    ~SshTunnel() { close(); }
    SshTunnel(const SshTunnel&) = delete;
    SshTunnel& operator=(const SshTunnel&) = delete;

    /// Starts ssh unless it runs. Errors: Config, Internal.
    Result<void> start(const SshRoute& route);
    /// The port on 127.0.0.1 once ssh itself listens there; nothing while it still connects.
    /// Errors, after which it is closed: Auth (host key, login), Network, Timeout.
    Result<std::optional<quint16>> look();
    bool isRunning();
    void close();

private:
    Error ended();
    bool listensItself() const;

    SshRoute m_route;
    std::chrono::steady_clock::time_point m_until;
    pid_t m_process = 0;
    int m_said = -1;  ///< its standard error
    quint16 m_port = 0;
    bool m_isOpen = false;
};

}  // namespace tocsin
