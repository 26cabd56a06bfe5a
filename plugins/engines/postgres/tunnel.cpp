#include "plugins/engines/postgres/tunnel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>
#include <vector>

namespace tocsin::postgres {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto kLookEvery = 25ms;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// A port that is free now. Somebody may take it before ssh does; then ssh fails, and says so.
int freePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int port = 0;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0)
        port = ntohs(address.sin_port);
    ::close(probe);
    return port;
}

bool accepts(int port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    const bool connected =
        ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return connected;
}

QList<QByteArray> argumentsFor(const Target& target, int port) {
    const QByteArray host = target.host.toUtf8();
    QList<QByteArray> arguments{"ssh", "-N", "-T"};
    if (!target.sshConfig.isEmpty()) arguments << "-F" << target.sshConfig.toUtf8();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(target.connectTimeout).count();
    for (const QByteArray& option :
         {QByteArray("BatchMode=yes"), QByteArray("StrictHostKeyChecking=yes"),
          QByteArray("ExitOnForwardFailure=yes"), QByteArray("ServerAliveInterval=5"),
          QByteArray("ServerAliveCountMax=3"), QByteArray("ControlPath=none"),
          "ConnectTimeout=" + QByteArray::number(qint64(seconds))})
        arguments << "-o" << option;
    const QByteArray far = host.contains(':') ? '[' + host + ']' : host;
    arguments << "-L"
              << "127.0.0.1:" + QByteArray::number(port) + ':' + far + ':' + target.port.toUtf8()
              << "--" << target.ssh.toUtf8();
    return arguments;
}

}  // namespace

Result<int> Tunnel::open(const Target& target, const Interrupt& interrupt, std::uint64_t run) {
    if (isRunning()) return m_port;
    if (const auto started = start(target); !started) return tl::unexpected(started.error());
    return wait(target, interrupt, run);
}

Result<void> Tunnel::start(const Target& target) {
    close();
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(ErrorCode::Internal, QStringLiteral("No pipe could be made for ssh."));
    m_port = freePort();
    m_said = pipe[0];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, pipe[1], STDERR_FILENO);
    QList<QByteArray> arguments = argumentsFor(target, m_port);
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
                QStringLiteral("ssh could not be started for the tunnel of %1; install the "
                               "OpenSSH client.")
                    .arg(target.connection));
}

Result<int> Tunnel::wait(const Target& target, const Interrupt& interrupt, std::uint64_t run) {
    const auto until = steady_clock::now() + target.connectTimeout;
    while (steady_clock::now() < until) {
        if (!isRunning()) return tl::unexpected(ended(target));
        if (accepts(m_port)) return m_port;
        if (interrupt.isCancelled(run)) {
            close();
            return fail(ErrorCode::Cancelled,
                        QStringLiteral("Cancelled while ssh connected to %1.").arg(target.ssh));
        }
        pollfd wake{interrupt.descriptor(), POLLIN, 0};
        ::poll(&wake, 1, static_cast<int>(kLookEvery.count()));
    }
    close();
    return fail(ErrorCode::Timeout,
                QStringLiteral("ssh did not open the tunnel through %1 in time. Check the network, "
                               "the VPN and connect_timeout.")
                    .arg(target.ssh));
}

bool Tunnel::isRunning() {
    if (m_process == 0) return false;
    if (::waitpid(m_process, nullptr, WNOHANG) == 0) return true;
    m_process = 0;
    return false;
}

/// In ssh's own words, with what to do about the usual ones.
Error Tunnel::ended(const Target& target) {
    std::array<char, 4096> text{};
    const auto size = ::read(m_said, text.data(), text.size());
    const QString said =
        redact(QString::fromUtf8(text.data(), std::max<qsizetype>(0, size)).trimmed());
    close();
    if (said.contains(QStringLiteral("Host key verification failed")) ||
        said.contains(QStringLiteral("host key is known")))
        return {
            ErrorCode::Auth,
            QStringLiteral("The host key of %1 is not known here, or has changed. Connect to it "
                           "once with ssh by hand and compare the fingerprint.")
                .arg(target.ssh),
            said};
    if (said.contains(QStringLiteral("Permission denied")))
        return {ErrorCode::Auth,
                QStringLiteral("%1 did not let ssh in. Load the key into the agent (ssh-add), or "
                               "mend the entry in ~/.ssh/config.")
                    .arg(target.ssh),
                said};
    return {ErrorCode::Network,
            QStringLiteral("ssh could not open the tunnel through %1. Try `ssh %1` by hand.")
                .arg(target.ssh),
            said};
}

void Tunnel::close() {
    if (m_process > 0) {
        ::kill(m_process, SIGTERM);
        ::waitpid(m_process, nullptr, 0);
    }
    m_process = 0;
    if (m_said >= 0) ::close(std::exchange(m_said, -1));
}

}  // namespace tocsin::postgres
