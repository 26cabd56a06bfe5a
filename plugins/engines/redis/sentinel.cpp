#include "plugins/engines/redis/sentinel.h"

namespace tocsin::redis {

using namespace Qt::StringLiterals;

// A Sentinel that is alive answers in a moment; the others are asked when one is not.
constexpr int kSentinelPatienceMs = 1'500;
constexpr qint64 kSentinelReplyCap = 64LL * 1024;

Sentinel::Sentinel(const Address& address, QObject* parent) : QObject(parent), m_address(address) {
    m_patience.setSingleShot(true);
    m_patience.setInterval(kSentinelPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        giveUp({ErrorCode::Timeout, u"it did not answer within 1.5 s"_s, {}});
    });
}

void Sentinel::find(Found done) {
    m_done = std::move(done);
    m_at = 0;
    m_last = {};
    askNext();
}

void Sentinel::askNext() {
    if (!m_done) return;
    if (m_at >= m_address.sentinels.size()) {
        if (m_last.code == ErrorCode::Config) return end(tl::unexpected<Error>(m_last));
        QStringList all;
        for (const Place& place : m_address.sentinels)
            all << u"%1:%2"_s.arg(place.host).arg(place.port);
        return end(
            fail(ErrorCode::Network,
                 u"No Sentinel of “%1” answers (%2); check the url, sentinels: and the VPN."_s.arg(
                     m_address.name, all.join(u", "_s)),
                 m_last.message));
    }
    Address address = m_address;
    address.host = m_address.sentinels[m_at].host;
    address.port = m_address.sentinels[m_at].port;
    m_wire = new Wire(address, this);
    m_patience.start();
    m_wire->open([this](const Result<void>& opened) { opened ? ask() : giveUp(opened.error()); });
}

void Sentinel::ask() {
    QVector<QByteArrayList> commands;
    if (!m_address.sentinelPassword.isEmpty())
        commands << QByteArrayList{"AUTH", m_address.sentinelPassword.reveal().toUtf8()};
    commands << QByteArrayList{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", m_address.sentinel.toUtf8()};
    auto left = std::make_shared<qsizetype>(commands.size());
    m_wire->askAll(commands, kSentinelReplyCap, [this, left](const Result<Answer>& answer) {
        if (!answer) return giveUp(answer.error());
        if (answer->reply.isError())
            return giveUp({ErrorCode::Auth, QString::fromUtf8(answer->reply.text()), {}});
        if (--*left == 0) take(answer->reply);
    });
}

void Sentinel::take(ReplyView reply) {
    if (reply.children().size() == 2) {
        const auto port = reply.children()[1].text().toUShort();
        return end(Place{QString::fromUtf8(reply.children()[0].text()), port});
    }
    giveUp({ErrorCode::Config,
            u"The Sentinels of “%1” watch no primary called “%2”; SENTINEL MASTERS on one of them "
            u"lists the names."_s.arg(m_address.name, m_address.sentinel),
            {}});
}

/// The next one may know better.
void Sentinel::giveUp(const Error& why) {
    if (!m_done) return;
    m_last = why;
    dropWire();
    ++m_at;
    QMetaObject::invokeMethod(this, &Sentinel::askNext, Qt::QueuedConnection);
}

void Sentinel::end(Result<Place> result) {
    dropWire();
    if (const Found done = std::exchange(m_done, nullptr)) done(std::move(result));
}

/// Not from within its own call.
void Sentinel::dropWire() {
    m_patience.stop();
    if (Wire* wire = std::exchange(m_wire, nullptr)) {
        wire->disconnect(this);
        wire->close();
        wire->deleteLater();
    }
}

}  // namespace tocsin::redis
