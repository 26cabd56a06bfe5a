#pragma once
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

namespace tocsin::postgres {

/// Stands between the console and the server, and loses what it is told to lose.
class Proxy : public QObject {
public:
    explicit Proxy(quint16 target) : m_target(target) {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, &Proxy::accept);
    }
    quint16 port() const { return m_server.serverPort(); }
    int cancelsLost() const { return m_cancelsLost; }
    void loseCancels() { m_losesCancels = true; }
    /// From now on nothing passes and nothing is closed: a cable that was cut.
    void cut() { m_cut = true; }

private:
    // Length 16 and this code: the whole of a cancel request (PostgreSQL's protocol, 55.7).
    static bool isCancel(const QByteArray& bytes) {
        return bytes.size() == 16 && bytes.startsWith(QByteArray::fromHex("0000001004d2162e"));
    }
    void accept() {
        QTcpSocket* near = m_server.nextPendingConnection();
        auto* far = new QTcpSocket(near);
        far->connectToHost(QHostAddress::LocalHost, m_target);
        connect(near, &QTcpSocket::readyRead, this, [this, near, far] {
            const QByteArray bytes = near->readAll();
            if (m_losesCancels && isCancel(bytes)) {
                ++m_cancelsLost;
                return near->abort();
            }
            if (!m_cut) far->write(bytes);
        });
        connect(far, &QTcpSocket::readyRead, this, [this, near, far] {
            const QByteArray bytes = far->readAll();
            if (!m_cut) near->write(bytes);
        });
        connect(far, &QTcpSocket::disconnected, near, &QTcpSocket::disconnectFromHost);
        connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
    }

    QTcpServer m_server;
    quint16 m_target;
    bool m_losesCancels = false;
    bool m_cut = false;
    int m_cancelsLost = 0;
};

}  // namespace tocsin::postgres
