#include "plugins/engines/postgres/tunnel.h"

#include <poll.h>

namespace tocsin::postgres {

constexpr int kLookEveryMs = 25;

Result<Target> Tunnel::through(const Target& target, const Interrupt& interrupt,
                               std::uint64_t run) {
    if (target.ssh.isEmpty()) return target;
    const auto port = open(target, interrupt, run);
    if (!port) return tl::unexpected(port.error());
    Target near = target;
    near.parameters["host"] = target.host.toUtf8();
    near.parameters["hostaddr"] = "127.0.0.1";
    near.parameters["port"] = QByteArray::number(*port);
    return near;
}

Result<int> Tunnel::open(const Target& target, const Interrupt& interrupt, std::uint64_t run) {
    const auto started =
        m_ssh.start({target.connection, target.ssh, target.sshConfig, target.host,
                     static_cast<quint16>(target.port.toUShort()), target.connectTimeout});
    if (!started) return tl::unexpected(started.error());
    for (;;) {
        const auto port = m_ssh.look();
        if (!port) return tl::unexpected(port.error());
        if (*port) return **port;
        if (interrupt.isCancelled(run)) {
            close();
            return fail(ErrorCode::Cancelled,
                        QStringLiteral("Cancelled while ssh connected to %1.").arg(target.ssh));
        }
        pollfd wake{interrupt.descriptor(), POLLIN, 0};
        ::poll(&wake, 1, kLookEveryMs);
    }
}

}  // namespace tocsin::postgres
