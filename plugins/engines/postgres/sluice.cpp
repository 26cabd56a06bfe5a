#include "plugins/engines/postgres/sluice.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace tocsin::postgres {
namespace {

constexpr qsizetype kPiece = 64 * 1024;

}  // namespace

Sluice::Sluice(int socket) : m_socket(socket) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return;
    m_server = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (m_server < 0 || ::dup3(pair[0], socket, O_CLOEXEC) < 0) {
        if (m_server >= 0) ::close(m_server);
        m_server = -1;
        ::close(pair[1]);
    } else {
        m_near = pair[1];
    }
    ::close(pair[0]);
}

Sluice::~Sluice() {
    if (!stands()) return;
    ::dup3(m_server, m_socket, O_CLOEXEC);
    abandon();
}

void Sluice::abandon() {
    ::close(m_server);
    ::close(m_near);
    m_server = m_near = -1;
}

void Sluice::pass() {
    if (!m_waiting.isEmpty()) return hand();
    m_waiting.resize(kPiece);
    const ssize_t got = ::recv(m_server, m_waiting.data(), kPiece, MSG_DONTWAIT);
    m_waiting.resize(std::max<ssize_t>(0, got));
    m_passed += m_waiting.size();
    if (got == 0) ::shutdown(m_near, SHUT_WR);
    hand();
}

void Sluice::hand() {
    if (m_waiting.isEmpty()) return;
    const ssize_t sent = ::send(m_near, m_waiting.constData(),
                                static_cast<std::size_t>(m_waiting.size()), MSG_NOSIGNAL);
    if (sent > 0) m_waiting.remove(0, sent);
}

bool Sluice::isDrained() const {
    int left = 0;
    return m_waiting.isEmpty() && ::ioctl(m_socket, FIONREAD, &left) == 0 && left == 0;
}

}  // namespace tocsin::postgres
