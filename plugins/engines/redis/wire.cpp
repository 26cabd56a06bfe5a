#include "plugins/engines/redis/wire.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>

#include "plugins/engines/redis/commandline.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kWritten = 64LL * 1024;  // of a long pipeline, at once

std::chrono::microseconds since(const QElapsedTimer& timer) {
    return std::chrono::microseconds(timer.nsecsElapsed() / 1000);
}

Result<QByteArray> contents(const QString& path, const Address& address, const QString& field) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Config,
                    u"Connection “%1”: the file “%2” of %3: cannot be read; check the path."_s.arg(
                        address.name, path, field),
                    file.errorString());
    return file.readAll();
}

}  // namespace

Wire::Wire(const Address& address, QObject* parent)
    : QObject(parent), m_address(address), m_socket(new QSslSocket(this)) {
    connect(m_socket, &QSslSocket::readyRead, this, &Wire::onReadyRead);
    connect(m_socket, &QSslSocket::sslErrors, this, &Wire::onSslErrors);
    connect(m_socket, &QSslSocket::errorOccurred, this,
            [this] { onBroken(m_socket->errorString()); });
    connect(m_socket, &QSslSocket::disconnected, this,
            [this] { onBroken(u"the server closed it"_s); });
    connect(m_socket, address.tls ? &QSslSocket::encrypted : &QSslSocket::connected, this,
            &Wire::onConnected);
    if (!address.socket.isEmpty()) makeLocal();
}

void Wire::makeLocal() {
    m_local = new QLocalSocket(this);
    connect(m_local, &QLocalSocket::readyRead, this, &Wire::onReadyRead);
    connect(m_local, &QLocalSocket::errorOccurred, this,
            [this] { onBroken(m_local->errorString()); });
    connect(m_local, &QLocalSocket::disconnected, this,
            [this] { onBroken(u"the server closed it"_s); });
    connect(m_local, &QLocalSocket::connected, this, &Wire::onConnected);
}

void Wire::flush() {
    m_local ? m_local->flush() : m_socket->flush();
}

QIODevice& Wire::device() {
    if (m_local) return *m_local;
    return *m_socket;
}

void Wire::open(Opened done) {
    m_decoder = std::make_unique<RespDecoder>();
    m_tlsProblem.clear();
    m_opened = std::move(done);
    const Place way = m_way.value_or(Place{m_address.host, m_address.port});
    if (m_local)
        m_local->connectToServer(m_address.socket);
    else if (m_address.tls)
        connectTls(way);
    else
        m_socket->connectToHost(way.host, way.port);
}

void Wire::connectTls(const Place& way) {
    if (auto applied = applyCertificates(); !applied) return abort(applied.error());
    const QString name = m_address.serverName.isEmpty() ? m_address.host : m_address.serverName;
    // The name goes into SNI and is what the certificate must carry.
    m_socket->connectToHostEncrypted(way.host, way.port, name);
}

Result<void> Wire::applyCertificates() {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_address.caFile.isEmpty()) {
        const auto pem = contents(m_address.caFile, m_address, u"ca"_s);
        if (!pem) return tl::unexpected<Error>(pem.error());
        const auto authorities = QSslCertificate::fromData(*pem, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(ErrorCode::Config, u"Connection “%1”: “%2” holds no PEM certificate."_s.arg(
                                               m_address.name, m_address.caFile));
        tls.setCaCertificates(authorities);
    }
    if (!m_address.certificateFile.isEmpty()) {
        const auto chain = contents(m_address.certificateFile, m_address, u"certificate"_s);
        if (!chain) return tl::unexpected<Error>(chain.error());
        const auto keyPem = contents(m_address.keyFile, m_address, u"key"_s);
        if (!keyPem) return tl::unexpected<Error>(keyPem.error());
        QSslKey key(*keyPem, QSsl::Rsa);
        if (key.isNull()) key = QSslKey(*keyPem, QSsl::Ec);
        if (key.isNull())
            return fail(
                ErrorCode::Config,
                u"Connection “%1”: “%2” holds no RSA or EC private key without passphrase."_s.arg(
                    m_address.name, m_address.keyFile));
        tls.setLocalCertificateChain(QSslCertificate::fromData(*chain, QSsl::Pem));
        tls.setPrivateKey(key);
    }
    m_socket->setSslConfiguration(tls);
    return {};
}

void Wire::onConnected() {
    m_isOpen = true;
    if (!m_local) {
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    }
    if (const Opened done = std::exchange(m_opened, nullptr)) done({});
}

void Wire::ask(const QByteArrayList& arguments, qint64 byteCap, Answered done) {
    askAll({arguments}, byteCap, std::move(done));
}

void Wire::askAll(const QVector<QByteArrayList>& commands, qint64 byteCap, Answered each,
                  qsizetype aside) {
    if (!m_isOpen) return each(tl::unexpected<Error>(connectionError(u"it is closed"_s)));
    RespDecoder::Limits limits;
    limits.bytes = byteCap;
    m_decoder->setLimits(limits);
    m_answered = std::move(each);
    m_left = commands.size();
    m_leftInHash = m_left - aside;
    m_firstByte = std::chrono::microseconds(-1);
    m_timer.start();
    QByteArray bytes;
    for (const QByteArrayList& command : commands) {
        encodeInto(bytes, command);
        if (bytes.size() < kWritten) continue;
        // The server begins with the first ones while the others are put into words.
        device().write(std::exchange(bytes, {}));
        bytes.reserve(kWritten + kWritten / 2);
        flush();
    }
    device().write(bytes);
}

void Wire::onReadyRead() {
    if (m_answered && m_firstByte.count() < 0) m_firstByte = since(m_timer);
    m_decoder->feed(device().readAll());
    for (;;) {
        auto reply = m_decoder->next();
        if (!reply) return abort(reply.error());
        if (!*reply) return;
        take(std::move(**reply));
        if (!m_isOpen) return;
    }
}

void Wire::take(Reply reply) {
    const bool isAsked = m_answered && reply.kind() != Reply::Kind::Push;
    if (isAsked) {
        // The hash is only worth its time once: over the whole question.
        const bool endsHash = m_left == 1 || m_left == m_leftInHash + 1;
        const QByteArray hash = endsHash ? m_decoder->takeSha256() : QByteArray();
        return settle(
            Answer{std::move(reply), m_decoder->wireBytes(), hash, m_firstByte, since(m_timer)});
    }
    if (m_heard) return m_heard(std::move(reply));
    if (reply.kind() == Reply::Kind::Push) return;  // out of band: client-side caching and the like
    abort(
        {ErrorCode::Protocol,
         u"%1 sent an answer to nothing; the connection was closed. Check that the address is that of a Redis server."_s
             .arg(m_address.place()),
         {}});
}

void Wire::onSslErrors(const QList<QSslError>& errors) {
    QStringList said;
    for (const QSslError& error : errors)
        said << error.errorString();
    said.removeDuplicates();
    m_tlsProblem = said.join(u", "_s);
}

/// What the system says of a socket's path.
std::optional<Error> Wire::localError(const QString& what) const {
    const QString path = m_address.socket;
    switch (m_local->error()) {
        case QLocalSocket::ServerNotFoundError:
        case QLocalSocket::ConnectionRefusedError:
            return Error{
                ErrorCode::Network,
                u"Nothing listens at the socket %1; check that Redis runs on this machine, and its setting unixsocket."_s
                    .arg(path),
                what};
        case QLocalSocket::SocketAccessError:
            return Error{
                ErrorCode::Auth,
                u"You may not use the socket %1; ask for the group it belongs to (Redis' setting unixsocketperm)."_s
                    .arg(path),
                what};
        default:
            return std::nullopt;
    }
}

std::optional<Error> Wire::knownError(const QString& what) const {
    const QString place = m_address.place();
    switch (m_socket->error()) {
        case QAbstractSocket::ConnectionRefusedError:
            return Error{
                ErrorCode::Network,
                u"Nothing listens at %1; check that Redis runs there, and the port."_s.arg(place),
                what};
        case QAbstractSocket::HostNotFoundError:
            return Error{
                ErrorCode::Network,
                u"The name “%1” is not known; check the url and the VPN."_s.arg(m_address.host),
                what};
        case QAbstractSocket::SslHandshakeFailedError:
        case QAbstractSocket::SslInternalError:
            return Error{
                ErrorCode::Network,
                u"%1 does not shake hands over TLS (%2); check that the port is its TLS port (without TLS the url begins with redis://), and whether it wants a client certificate (certificate: and key:)."_s
                    .arg(place, what),
                what};
        default:
            return std::nullopt;
    }
}

Error Wire::connectionError(const QString& what) const {
    const QString place = m_address.place();
    if (!m_tlsProblem.isEmpty())
        return {
            ErrorCode::Network,
            u"The certificate of %1 is not trusted (%2); set ca: to the file of the authority that signed it, or server_name: to the name it carries."_s
                .arg(place, m_tlsProblem),
            what};
    if (const auto known = m_local ? localError(what) : knownError(what)) return *known;
    const QString hint =
        m_local          ? QString()
        : !m_address.tls ? u" If it speaks TLS on this port, write rediss:// in the url."_s
        : m_isOpen       ? QString()
                         : u" If it speaks no TLS on this port, write redis:// in the url."_s;
    return {
        ErrorCode::Network,
        u"The connection to %1 broke (%2). Nothing was sent again; run it again to reconnect.%3"_s
            .arg(place, what, hint),
        what};
}

void Wire::onBroken(const QString& what) {
    if (!m_isOpen && !m_opened) return;
    if (m_opened || m_answered) return abort(connectionError(what));
    close();
    emit lost();
}

void Wire::abort(const Error& why) {
    close();
    if (const Opened done = std::exchange(m_opened, nullptr)) done(tl::unexpected<Error>(why));
    settle(tl::unexpected<Error>(why));
}

void Wire::close() {
    m_isOpen = false;
    m_left = 0;
    const QSignalBlocker silent(&device());
    if (m_local) return m_local->abort();
    m_socket->abort();
}

void Wire::settle(Result<Answer> result) {
    if (!m_answered) return;
    Answered each = std::exchange(m_answered, nullptr);
    m_left = result ? m_left - 1 : 0;
    const bool goesOn = m_left > 0;
    each(std::move(result));
    // Whoever was called may have closed the connection, or asked the next question.
    if (goesOn && m_isOpen && !m_answered) m_answered = std::move(each);
}

}  // namespace tocsin::redis
