#include "drill/standinserver.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>

namespace tocsin::drill {
namespace {

constexpr qsizetype kMostBytes = 64 * 1024 * 1024;

/// The request at the front of `bytes`, taken from it; nothing while it is not complete.
std::optional<StandInRequest> takeRequest(QByteArray& bytes) {
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0) return std::nullopt;
    const QList<QByteArray> lines = bytes.left(headEnd).split('\n');
    const QList<QByteArray> start = lines.first().trimmed().split(' ');
    if (start.size() < 2) return std::nullopt;

    StandInRequest request;
    request.method = start[0];
    const QUrl target(QString::fromUtf8(start[1]));
    request.path = target.path();
    request.query = QUrlQuery(target);
    for (const QByteArray& line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0) request.headers.append({line.left(colon), line.mid(colon + 1).trimmed()});
    }
    const qsizetype length = request.header("content-length").toLongLong();
    const qsizetype bodyAt = headEnd + 4;
    if (length < 0 || bytes.size() - bodyAt < length) return std::nullopt;
    request.body = bytes.mid(bodyAt, length);
    bytes.remove(0, bodyAt + length);
    return request;
}

QByteArray headOf(const StandInAnswer& answer) {
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " -\r\n";
    if (answer.status != 204)
        head += "Content-Type: " + answer.contentType +
                "\r\nContent-Length: " + QByteArray::number(answer.body.size()) + "\r\n";
    for (const auto& [name, value] : answer.headers)
        head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

}  // namespace

QByteArray StandInRequest::header(QByteArrayView name) const {
    for (const auto& [key, value] : headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0) return value;
    return {};
}

StandInAnswer jsonAnswer(const QJsonObject& body, int status) {
    return {status, "application/json", QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

StandInServer::StandInServer(QObject* parent) : QObject(parent) {
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = m_server.nextPendingConnection()) {
            m_received.insert(socket, {});
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
                m_received.remove(socket);
                socket->deleteLater();
            });
        }
    });
}

StandInServer::~StandInServer() {
    const auto sockets = m_received.keys();
    for (QTcpSocket* socket : sockets)
        socket->disconnect(this);
}

Result<void> StandInServer::listen() {
    if (m_server.isListening() || m_server.listen(QHostAddress::LocalHost)) return {};
    return fail(ErrorCode::Unavailable,
                QStringLiteral("Cannot listen on 127.0.0.1 (%1); check the machine's loopback.")
                    .arg(m_server.errorString()));
}

void StandInServer::close() {
    m_server.close();
    const auto sockets = m_received.keys();
    for (QTcpSocket* socket : sockets)
        socket->abort();
}

QUrl StandInServer::url(const QString& path) const {
    return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(port()).arg(path));
}

void StandInServer::read(QTcpSocket* socket) {
    QByteArray& bytes = m_received[socket];
    bytes += socket->readAll();
    if (bytes.size() > kMostBytes) return socket->abort();
    // Looked up each time: answering may close the connection.
    while (m_received.contains(socket)) {
        const auto request = takeRequest(m_received[socket]);
        if (!request) return;
        write(socket, answer(*request));
    }
}

void StandInServer::write(QTcpSocket* socket, const StandInAnswer& answer) {
    switch (answer.manner) {
        case StandInAnswer::Manner::Stalled:
            return;
        case StandInAnswer::Manner::Cut:
            return socket->abort();
        case StandInAnswer::Manner::Half:
            socket->write(headOf(answer) + answer.body.left(answer.body.size() / 2));
            return socket->disconnectFromHost();
        case StandInAnswer::Manner::Whole:
            socket->write(headOf(answer) + answer.body);
    }
}

}  // namespace tocsin::drill
