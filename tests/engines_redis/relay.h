#pragma once
#include <QTcpServer>
#include <QTcpSocket>
#include <memory>

#include "plugins/engines/redis/resp.h"

namespace tocsin::redis::test {

/// Stands between a client and a real server, and counts what goes over the wire: a round trip
/// begins with a command that is sent when every one before it was answered. Exact for pipelines of
/// up to some 20 kB, which a socket takes in one piece.
class Relay {
public:
    explicit Relay(quint16 server) : m_to(server) {
        if (!m_server.listen(QHostAddress::LocalHost)) qFatal("no free port");
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { meet(); });
    }
    quint16 port() const { return m_server.serverPort(); }

    int roundTrips = 0;
    int commands = 0;

private:
    struct Talk {
        RespDecoder asked, answered;
        int open = 0;  ///< commands without an answer
    };
    static int count(RespDecoder& decoder, const QByteArray& bytes) {
        int all = 0;
        decoder.feed(bytes);
        for (auto got = decoder.next(); got && *got; got = decoder.next())
            all += (*got)->kind() != Reply::Kind::Push;
        return all;
    }
    void meet() {
        QTcpSocket* client = m_server.nextPendingConnection();
        auto* server = new QTcpSocket(client);
        auto talk = std::make_shared<Talk>();
        server->connectToHost(QHostAddress::LocalHost, m_to);
        QObject::connect(client, &QTcpSocket::readyRead, server, [this, client, server, talk] {
            const QByteArray bytes = client->readAll();
            const int sent = count(talk->asked, bytes);
            if (talk->open == 0 && sent > 0) ++roundTrips;
            talk->open += sent;
            commands += sent;
            server->write(bytes);
        });
        QObject::connect(server, &QTcpSocket::readyRead, client, [client, server, talk] {
            const QByteArray bytes = server->readAll();
            talk->open -= count(talk->answered, bytes);
            client->write(bytes);
        });
    }

    quint16 m_to;
    QTcpServer m_server;
};

}  // namespace tocsin::redis::test
