#pragma once
#include <QHash>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <memory>

#include "plugins/engines/redis/resp.h"

namespace tocsin::redis::test {

/// Answers as it is told, in RESP, and an error to everything else: states of a server that a real
/// one is in for a moment only.
class FakeServer {
public:
    FakeServer() {
        if (!m_server.listen(QHostAddress::LocalHost)) qFatal("no free port");
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { meet(); });
    }

    quint16 port() const { return m_server.serverPort(); }
    /// Of the connections that asked `command`, the last one; says `line` there.
    void tell(const QByteArray& command, const QByteArray& line) {
        if (QTcpSocket* socket = m_askers.value(command)) socket->write(line);
    }
    /// Ends it, after what it was told.
    void hangUp(const QByteArray& command) {
        if (QTcpSocket* socket = m_askers.value(command)) socket->disconnectFromHost();
    }

    /// By command, or command and its first argument; an empty answer is none for now.
    QHash<QByteArray, QByteArray> answers;
    QByteArrayList asked;
    int connections = 0;

private:
    void meet() {
        ++connections;
        QTcpSocket* socket = m_server.nextPendingConnection();
        auto decoder = std::make_shared<RespDecoder>();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, decoder] {
            decoder->feed(socket->readAll());
            for (auto got = decoder->next(); got && *got; got = decoder->next())
                answer(socket, (*got)->children());
        });
    }
    void answer(QTcpSocket* socket, const ReplyChildren& words) {
        QByteArray name = words[0].text();
        if (words.size() > 1 && answers.contains(name + ' ' + words[1].text()))
            name += ' ' + words[1].text();
        asked << name;
        m_askers[name] = socket;
        socket->write(answers.value(name, "-ERR no\r\n"));
    }

    QTcpServer m_server;
    QHash<QByteArray, QPointer<QTcpSocket>> m_askers;
};

}  // namespace tocsin::redis::test
