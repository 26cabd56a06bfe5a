#include "drill/redistalk.h"

#include <QHostAddress>
#include <optional>

namespace tocsin::drill {
namespace {

/// The reply at the front of `bytes`, taken from it; nothing while it is not complete.
std::optional<QByteArray> takeReply(QByteArray& bytes) {
    const qsizetype lineEnd = bytes.indexOf("\r\n");
    if (lineEnd < 1) return std::nullopt;
    const QByteArray line = bytes.mid(1, lineEnd - 1);
    if (bytes[0] != '$') {
        bytes.remove(0, lineEnd + 2);
        return line;
    }
    const qsizetype length = line.toLongLong();
    if (length < 0) {
        bytes.remove(0, lineEnd + 2);
        return QByteArray();
    }
    if (bytes.size() < lineEnd + 4 + length) return std::nullopt;
    QByteArray text = bytes.mid(lineEnd + 2, length);
    bytes.remove(0, lineEnd + 4 + length);
    return text.isNull() ? QByteArray("") : text;
}

}  // namespace

RedisTalk::RedisTalk(quint16 port, const QString& password, QObject* parent) : QObject(parent) {
    connect(&m_socket, &QTcpSocket::readyRead, this, &RedisTalk::read);
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    if (!password.isEmpty()) send({"AUTH", password.toUtf8()});
}

void RedisTalk::send(const QList<QByteArray>& words, const Then& then) {
    QByteArray command = '*' + QByteArray::number(words.size()) + "\r\n";
    for (const QByteArray& word : words)
        command += '$' + QByteArray::number(word.size()) + "\r\n" + word + "\r\n";
    m_waiting.enqueue(then);
    m_socket.write(command);
}

void RedisTalk::read() {
    m_received += m_socket.readAll();
    while (!m_waiting.isEmpty()) {
        const auto reply = takeReply(m_received);
        if (!reply) return;
        if (const Then then = m_waiting.dequeue()) then(*reply);
    }
}

}  // namespace tocsin::drill
