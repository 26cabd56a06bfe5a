#pragma once
#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/target.h"
#include "sdk/sshtunnel.h"

namespace tocsin::postgres {

/// The tunnel of one session. Session thread; blocks it until the way is open.
class Tunnel {
public:
    /// The target as it is reached from here: through the tunnel, if it names one. The name stays
    /// what is checked against the server's certificate; only the way to it changes.
    Result<Target> through(const Target& target, const Interrupt& interrupt, std::uint64_t run);
    /// Opens it if it is not open; the local port. Errors: Network, Auth (host key, login),
    /// Timeout, Cancelled, Config.
    Result<int> open(const Target& target, const Interrupt& interrupt, std::uint64_t run);
    void close() { m_ssh.close(); }

private:
    SshTunnel m_ssh;
};

}  // namespace tocsin::postgres
