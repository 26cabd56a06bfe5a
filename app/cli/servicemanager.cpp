#include "cli/servicemanager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <QCoreApplication>
#include <cstring>

namespace tocsin::cli {

ServiceManager::ServiceManager() : m_socket(qgetenv("NOTIFY_SOCKET")) {
    const QByteArray pid = qgetenv("WATCHDOG_PID");
    const bool ours = pid.isEmpty() || pid.toLongLong() == QCoreApplication::applicationPid();
    if (ours)
        m_watchdogEvery = std::chrono::milliseconds(qgetenv("WATCHDOG_USEC").toLongLong() / 2000);
}

void ServiceManager::ready(const QString& status) const {
    send("READY=1\nSTATUS=" + status.toUtf8());
}

void ServiceManager::status(const QString& status) const {
    send("STATUS=" + status.toUtf8());
}

void ServiceManager::stopping() const {
    send("STOPPING=1");
}

void ServiceManager::alive() const {
    send("WATCHDOG=1");
}

void ServiceManager::send(const QByteArray& state) const {
    sockaddr_un address = {};
    if (m_socket.size() < 2 || size_t(m_socket.size()) >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_socket.constData(), size_t(m_socket.size()));
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract one
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(m_socket.size()));
    ::sendto(descriptor, state.constData(), size_t(state.size()), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address), length);
    ::close(descriptor);
}

}  // namespace tocsin::cli
