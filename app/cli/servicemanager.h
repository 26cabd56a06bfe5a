#pragma once
#include <QByteArray>
#include <chrono>

namespace tocsin::cli {

/// What a service tells systemd: datagrams to $NOTIFY_SOCKET (sd_notify(3), "Standalone
/// Implementations"). Does nothing where there is no such socket.
class ServiceManager {
public:
    /// Reads the environment: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    ServiceManager();

    void ready(const QString& status) const;
    void status(const QString& status) const;
    void stopping() const;
    void alive() const;
    /// How often alive() is wanted: half of what the manager waits for; zero when it does not.
    std::chrono::milliseconds watchdogEvery() const { return m_watchdogEvery; }

private:
    void send(const QByteArray& state) const;

    QByteArray m_socket;
    std::chrono::milliseconds m_watchdogEvery{0};
};

}  // namespace tocsin::cli
