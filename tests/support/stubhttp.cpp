#include "tests/support/stubhttp.h"

#include <QTcpSocket>

namespace tocsin::support {

StubHttp::StubHttp() {
    if (!listen(QHostAddress::LocalHost)) qFatal("no free port for a stub server");
    connect(this, &QTcpServer::newConnection, this, &StubHttp::serve);
}

QUrl StubHttp::url(const QString& path) const {
    return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path));
}

void StubHttp::serve() {
    while (QTcpSocket* socket = nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            const QByteArray head = socket->peek(64 * 1024);
            if (!head.contains("\r\n\r\n")) return;
            socket->readAll();
            m_requests.append(head);
            reply(socket, head);
        });
    }
}

void StubHttp::reply(QTcpSocket* socket, const QByteArray& head) {
    const QString target = QString::fromLatin1(head.split(' ').value(1));
    StubAnswer answer =
        m_answers.value(target.section(QLatin1Char('?'), 0, 0), {404, "not here", "text/plain"});
    if (answer.manner == StubAnswer::Manner::Stall) return;
    if (answer.manner == StubAnswer::Manner::HangUp) return socket->abort();
    socket->write("HTTP/1.1 " + QByteArray::number(answer.status) +
                  " Said\r\nContent-Type: " + answer.contentType +
                  "\r\nContent-Length: " + QByteArray::number(answer.body.size()) +
                  "\r\nConnection: close\r\n" + answer.headers + "\r\n");
    if (answer.manner == StubAnswer::Manner::CutInHalf)
        answer.body.truncate(answer.body.size() / 2);
    socket->write(answer.body);
    socket->disconnectFromHost();
}

}  // namespace tocsin::support
