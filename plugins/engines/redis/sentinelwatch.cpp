#include "plugins/engines/redis/sentinelwatch.h"

#include <algorithm>
#include <chrono>

namespace tocsin::redis {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kSignOfLifeEvery = 5s;
constexpr int kMostSentinelDoublings = 5;  // of a second
constexpr qint64 kWatchReplyCap = 64LL * 1024;

SentinelWatch::SentinelWatch(const Address& address, QObject* parent)
    : QObject(parent), m_address(address) {
    m_alive.setInterval(kSignOfLifeEvery);
    connect(&m_alive, &QTimer::timeout, this, &SentinelWatch::lookAlive);
}

void SentinelWatch::start() {
    if (std::exchange(m_isOn, true)) return;
    m_failures = 0;
    connectNext();
}

void SentinelWatch::stop() {
    m_isOn = false;
    dropWire();
}

void SentinelWatch::connectNext() {
    Address address = m_address;
    const Place& place = m_address.sentinels[m_at++ % m_address.sentinels.size()];
    address.host = place.host;
    address.port = place.port;
    m_wire = new Wire(address, this);
    m_heard = true;
    m_alive.start();
    connect(m_wire, &Wire::lost, this, &SentinelWatch::tryLater);
    m_wire->listen([this](Reply reply) { hear(reply); });
    m_wire->open([this](const Result<void>& opened) { opened ? subscribe() : tryLater(); });
}

/// First the subscription, so that no switch falls between it and the question.
void SentinelWatch::subscribe() {
    QVector<QByteArrayList> commands;
    if (!m_address.sentinelPassword.isEmpty())
        commands << QByteArrayList{"AUTH", m_address.sentinelPassword.reveal().toUtf8()};
    commands << QByteArrayList{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", m_address.sentinel.toUtf8()}
             << QByteArrayList{"SUBSCRIBE", "+switch-master"};
    m_wire->askAll(commands, kWatchReplyCap, [this](const Result<Answer>& answer) {
        if (!answer || answer->reply.isError()) return tryLater();
        hear(answer->reply);
    });
}

/// ["10.0.0.2", "6379"] of the question; ["subscribe", channel, 1]; ["message", channel, "name ip
/// port ip port"], the old primary before the new one; ["pong", ""].
void SentinelWatch::hear(ReplyView reply) {
    m_heard = true;
    const ReplyChildren parts = reply.children();
    const auto name = [this](auto said, const QByteArray& host, const QByteArray& port) {
        if (const auto number = port.toUShort())
            emit(this->*said)(Place{QString::fromUtf8(host), number});
    };
    if (parts.size() == 2 && parts[0].bytes() != "pong")
        return name(&SentinelWatch::primaryNamed, parts[0].text(), parts[1].text());
    // One that answers but does not let us listen is asked less and less often, as one that is
    // gone.
    if (parts.size() == 3 && parts[0].bytes() == "subscribe") m_failures = 0;
    if (parts.size() != 3 || parts[0].bytes() != "message") return;
    const QByteArrayList words = parts[2].text().split(' ');
    if (words.size() >= 5 && QString::fromUtf8(words[0]) == m_address.sentinel)
        name(&SentinelWatch::primarySwitched, words[3], words[4]);
}

/// A connection may be gone without anybody saying so.
void SentinelWatch::lookAlive() {
    if (!std::exchange(m_heard, false)) return tryLater();
    if (m_wire && m_wire->isOpen())
        m_wire->ask({"PING"}, kWatchReplyCap, [this](const Result<Answer>& answer) {
            answer ? hear(answer->reply) : tryLater();
        });
}

void SentinelWatch::tryLater() {
    dropWire();
    if (!m_isOn) return;
    const int doublings = std::min(m_failures++, kMostSentinelDoublings);
    QTimer::singleShot(1s * (1 << doublings), this, [this, round = m_round] {
        if (m_isOn && round == m_round) connectNext();
    });
}

/// Not from within its own call.
void SentinelWatch::dropWire() {
    ++m_round;
    m_alive.stop();
    if (Wire* wire = std::exchange(m_wire, nullptr)) {
        wire->disconnect(this);
        wire->close();
        wire->deleteLater();
    }
}

}  // namespace tocsin::redis
