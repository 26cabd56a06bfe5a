#include "sdk/sshtunnel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QList>
#include <algorithm>
#include <array>
#include <csignal>
#include <utility>
#include <vector>

#include "sdk/secret.h"

namespace tocsin {

using namespace Qt::StringLiterals;
using std::chrono::steady_clock;

namespace {

/// A port that is free now. Somebody may take it before ssh does; then ssh fails, and says so.
quint16 freePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    quint16 port = 0;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0)
        port = ntohs(address.sin_port);
    ::close(probe);
    return port;
}

/// The inode of the socket that listens on 127.0.0.1:`port`; empty: nobody does. Source: proc(5),
/// /proc/net/tcp: address and port in hex, the address as the machine stores it, 0A is LISTEN.
QByteArray listenerAt(quint16 port) {
    const QByteArray address =
        QByteArray::number(htonl(INADDR_LOOPBACK), 16).rightJustified(8, '0');
    const QByteArray wanted =
        (address + ':' + QByteArray::number(port, 16).rightJustified(4, '0')).toUpper();
    QFile table(u"/proc/net/tcp"_s);
    if (!table.open(QIODevice::ReadOnly)) return {};
    constexpr qsizetype kLocal = 1;
    constexpr qsizetype kState = 3;
    constexpr qsizetype kInode = 9;
    for (const QByteArray& line : table.readAll().split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() > kInode && words[kLocal] == wanted && words[kState] == "0A")
            return words[kInode];
    }
    return {};
}

QList<QByteArray> argumentsFor(const SshRoute& route, quint16 port) {
    const QByteArray host = route.host.toUtf8();
    QList<QByteArray> arguments{"ssh", "-N", "-T"};
    if (!route.config.isEmpty()) arguments << "-F" << route.config.toUtf8();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(route.timeout).count();
    for (const QByteArray& option :
         {QByteArray("BatchMode=yes"), QByteArray("StrictHostKeyChecking=yes"),
          QByteArray("ExitOnForwardFailure=yes"), QByteArray("ServerAliveInterval=5"),
          QByteArray("ServerAliveCountMax=3"), QByteArray("ControlPath=none"),
          "ConnectTimeout=" + QByteArray::number(static_cast<qint64>(seconds))})
        arguments << "-o" << option;
    const QByteArray far = host.contains(':') ? '[' + host + ']' : host;
    arguments << "-L"
              << "127.0.0.1:" + QByteArray::number(port) + ':' + far + ':' +
                     QByteArray::number(route.port)
              << "--" << route.through.toUtf8();
    return arguments;
}

}  // namespace

Result<void> checkRoute(const QString& connection, const QString& through) {
    const bool hasSpace =
        std::any_of(through.begin(), through.end(), [](QChar c) { return c.isSpace(); });
    if (!through.startsWith(u'-') && !hasSpace) return {};
    return fail(ErrorCode::Config,
                u"ssh of connection %1 names the host to go through, like user@bastion; options "
                "belong into ~/.ssh/config."_s.arg(connection));
}

Result<void> SshTunnel::start(const SshRoute& route) {
    if (isRunning()) return {};
    close();
    m_route = route;
    m_until = steady_clock::now() + route.timeout;
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(ErrorCode::Internal, u"No pipe could be made for ssh."_s);
    m_port = freePort();
    m_said = pipe[0];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, pipe[1], STDERR_FILENO);
    QList<QByteArray> arguments = argumentsFor(route, m_port);
    std::vector<char*> words;
    for (QByteArray& argument : arguments)
        words.push_back(argument.data());
    words.push_back(nullptr);
    const int failed = ::posix_spawnp(&m_process, "ssh", &files, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    ::close(pipe[1]);
    if (failed == 0) return {};
    m_process = 0;
    return fail(ErrorCode::Config,
                u"ssh could not be started for the tunnel of %1; install the OpenSSH client."_s.arg(
                    route.connection));
}

Result<std::optional<quint16>> SshTunnel::look() {
    if (!isRunning()) return tl::unexpected<Error>(ended());
    m_isOpen = m_isOpen || listensItself();
    if (m_isOpen) return m_port;
    if (steady_clock::now() < m_until) return std::nullopt;
    close();
    return fail(ErrorCode::Timeout,
                u"ssh did not open the tunnel through %1 in time. Check the network, the VPN and "
                "connect_timeout."_s.arg(m_route.through));
}

/// That somebody listens is not enough: until ssh does, the port is anybody's, and the password
/// goes to whoever answers there.
bool SshTunnel::listensItself() const {
    const QByteArray inode = listenerAt(m_port);
    if (inode.isEmpty()) return false;
    const QDir open(u"/proc/%1/fd"_s.arg(m_process));
    const QString wanted = u"socket:[%1]"_s.arg(QString::fromLatin1(inode));
    std::array<char, 64> target{};
    for (const QString& name : open.entryList(QDir::System | QDir::Files | QDir::NoDotAndDotDot)) {
        const auto size = ::readlink(QFile::encodeName(open.filePath(name)).constData(),
                                     target.data(), target.size());
        if (size > 0 && wanted == QLatin1String(target.data(), static_cast<int>(size))) return true;
    }
    return false;
}

bool SshTunnel::isRunning() {
    if (m_process == 0) return false;
    if (::waitpid(m_process, nullptr, WNOHANG) == 0) return true;
    m_process = 0;
    m_isOpen = false;
    return false;
}

/// In ssh's own words, with what to do about the usual ones.
Error SshTunnel::ended() {
    std::array<char, 4096> text{};
    const auto size = m_said < 0 ? 0 : ::read(m_said, text.data(), text.size());
    const QString said =
        redact(QString::fromUtf8(text.data(), std::max<qsizetype>(0, size)).trimmed());
    close();
    if (said.contains(u"Host key verification failed"_s) || said.contains(u"host key is known"_s))
        return {ErrorCode::Auth,
                u"The host key of %1 is not known here, or has changed. Connect to it once with "
                "ssh by hand and compare the fingerprint."_s.arg(m_route.through),
                said};
    if (said.contains(u"Permission denied"_s))
        return {ErrorCode::Auth,
                u"%1 did not let ssh in. Load the key into the agent (ssh-add), or mend the entry "
                "in ~/.ssh/config."_s.arg(m_route.through),
                said};
    return {
        ErrorCode::Network,
        u"ssh could not open the tunnel through %1. Try `ssh %1` by hand."_s.arg(m_route.through),
        said};
}

void SshTunnel::close() {
    if (m_process > 0) {
        ::kill(m_process, SIGTERM);
        ::waitpid(m_process, nullptr, 0);
    }
    m_process = 0;
    m_isOpen = false;
    if (m_said >= 0) ::close(std::exchange(m_said, -1));
}

}  // namespace tocsin
