#include "plugins/engines/postgres/listener.h"

#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/tunnel.h"
#include "plugins/engines/postgres/ways.h"
#include "plugins/engines/postgres/wire.h"

namespace tocsin::postgres {

using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t kOnlyRun = 1;

QByteArray quotedName(QByteArray name) {
    return '"' + name.replace('"', "\"\"") + '"';
}

}  // namespace

Listener::Listener(Target target, const QString& channel, Listening::Ear ear)
    : m_ear(std::move(ear)) {
    m_thread = std::thread([this, target = std::move(target), name = channel.toUtf8()] {
        if (const auto heard = hear(target, name); !heard && !m_interrupt.isFinished())
            tell([this, error = heard.error()] {
                if (m_ear.ended) m_ear.ended(error);
            });
    });
}

Listener::~Listener() {
    m_interrupt.finish();
    m_thread.join();
}

void Listener::leave() {
    m_isKept = false;
    m_interrupt.finish();
    deleteLater();
}

void Listener::tell(std::function<void()> what) {
    QMetaObject::invokeMethod(
        this,
        [this, what = std::move(what)] {
            if (m_isKept) what();
        },
        Qt::QueuedConnection);
}

Result<void> Listener::hear(const Target& target, const QByteArray& channel) {
    Tunnel tunnel;
    const auto near = tunnel.through(target, m_interrupt, kOnlyRun);
    if (!near) return tl::unexpected(near.error());
    const Moment until = steady_clock::now() + target.connectTimeout;
    const auto ways = waysTo(*near, m_interrupt, kOnlyRun, until);
    if (!ways) return tl::unexpected(ways.error());
    Wire wire(m_interrupt);
    wire.begin(kOnlyRun, until);
    if (const auto connected = wire.connect(*ways, until); !connected) return connected;
    wire.begin(kOnlyRun, steady_clock::now() + target.statementTimeout);
    const auto listens = wire.tell("LISTEN " + quotedName(channel));
    if (!listens) return tl::unexpected(listens.error());
    if (isError(*listens))
        return tl::unexpected(statementError(listens->get(), QString(), 0, target));
    tell([this] {
        if (m_ear.begun) m_ear.begun();
    });
    while (!m_interrupt.isFinished()) {
        const auto heard = wire.hear();
        if (!heard) return tl::unexpected(heard.error());
        for (const Notification& each : *heard)
            tell([this, each] {
                if (m_ear.heard) m_ear.heard(each);
            });
    }
    return {};
}

}  // namespace tocsin::postgres
