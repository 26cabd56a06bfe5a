#pragma once
#include <QFuture>
#include <QTcpSocket>
#include <QTest>

#include "plugins/engines/redis/commandline.h"
#include "plugins/engines/redis/engine.h"
#include "plugins/engines/redis/resp.h"

namespace tocsin::redis::test {

/// Turns the loop until the future has its result; a minute at most.
template <typename T>
Result<T> settled(QFuture<Result<T>> future) {
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 60'000))
        return fail(ErrorCode::Internal, QStringLiteral("the future never finished"));
    return future.result();
}

inline Result<QueryResult> ask(QueryEngine& engine, const QString& text,
                               std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    Query query;
    query.text = text;
    query.timeout = timeout;
    return settled(engine.run(query));
}

inline Address addressOfPort(quint16 port) {
    Address address;
    address.name = QStringLiteral("cache");
    address.host = QStringLiteral("127.0.0.1");
    address.port = port;
    return address;
}

/// A second, unguarded client: what the tests look at the server with. Blocking; only for tests.
class Plain {
public:
    explicit Plain(quint16 port) {
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        m_socket.waitForConnected();
    }

    Reply command(const QByteArrayList& arguments) {
        m_socket.write(encode(arguments));
        for (;;) {
            const auto reply = m_decoder.next();
            if (!reply) return Reply(Reply::Kind::Error, reply.error().message.toUtf8());
            if (*reply) return **reply;
            if (!m_socket.waitForReadyRead(20'000)) return Reply(Reply::Kind::Error, "no answer");
            m_decoder.feed(m_socket.readAll());
        }
    }

private:
    QTcpSocket m_socket;
    RespDecoder m_decoder;
};

}  // namespace tocsin::redis::test
