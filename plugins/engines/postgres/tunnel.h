#pragma once
#include <sys/types.h>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/target.h"

namespace tocsin::postgres {

/// A port forwarded by the system's own ssh, with its configuration, agent and known hosts. An
/// unknown or changed host key ends it, whatever the configuration says: nobody is asked, nothing
/// is learned. Session thread; blocks it until the way is open.
class Tunnel {
public:
    Tunnel() = default;
    ~Tunnel() { close(); }
    Tunnel(const Tunnel&) = delete;
    Tunnel& operator=(const Tunnel&) = delete;

    /// Opens it if it is not open; the local port. Errors: Network, Auth (host key, login),
    /// Timeout, Cancelled, Config.
    Result<int> open(const Target& target, const Interrupt& interrupt, std::uint64_t run);
    void close();

private:
    Result<void> start(const Target& target);
    Result<int> wait(const Target& target, const Interrupt& interrupt, std::uint64_t run);
    bool isRunning();
    Error ended(const Target& target);

    pid_t m_process = 0;
    int m_said = -1;  ///< its standard error
    int m_port = 0;
};

}  // namespace tocsin::postgres
