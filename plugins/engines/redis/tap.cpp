#include "plugins/engines/redis/tap.h"

#include "plugins/engines/redis/sentences.h"

namespace tocsin::redis {
namespace {

// Enough to see who does what; more would be a load of its own.
constexpr std::size_t kMostLines = 5'000;
constexpr qint64 kReplyCap = 16LL * 1024 * 1024;

}  // namespace

Tap::Tap(const Address& address) : m_address(address), m_wire(address) {
    m_time.setSingleShot(true);
    connect(&m_time, &QTimer::timeout, this, [this] { end(std::move(m_lines)); });
    connect(&m_wire, &Wire::lost, this, [this] { end(std::move(m_lines)); });
}

void Tap::sample(std::chrono::seconds time, Ended done) {
    m_done = std::move(done);
    m_time.setInterval(time);
    m_wire.open([this](const Result<void>& opened) {
        opened ? logIn() : end(tl::unexpected<Error>(opened.error()));
    });
}

void Tap::logIn() {
    if (m_address.password.isEmpty()) return begin();
    QByteArrayList auth{"AUTH"};
    if (!m_address.user.isEmpty()) auth << m_address.user.toUtf8();
    auth << m_address.password.reveal().toUtf8();
    m_wire.ask(auth, kReplyCap, [this](const Result<Answer>& answer) {
        if (!answer) return end(tl::unexpected<Error>(answer.error()));
        if (answer->reply.isError())
            return end(tl::unexpected<Error>(
                errorFromServer(answer->reply.text, m_address.place(), m_address.user)));
        begin();
    });
}

void Tap::begin() {
    m_wire.listen([this](Reply line) {
        m_lines.children.push_back(std::move(line));
        if (m_lines.children.size() >= kMostLines) end(std::move(m_lines));
    });
    m_wire.ask({"MONITOR"}, kReplyCap, [this](const Result<Answer>& answer) {
        if (!answer) return end(tl::unexpected<Error>(answer.error()));
        if (answer->reply.isError())
            return end(tl::unexpected<Error>(
                errorFromServer(answer->reply.text, m_address.place(), m_address.user)));
        m_time.start();
    });
}

void Tap::end(Result<Reply> result) {
    m_time.stop();
    const Ended done = std::exchange(m_done, nullptr);
    m_wire.close();
    if (done) done(std::move(result));
}

}  // namespace tocsin::redis
