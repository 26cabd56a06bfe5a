#include "plugins/engines/redis/node.h"

#include "plugins/engines/redis/sentences.h"

namespace tocsin::redis {

constexpr qint64 kLoginCap = 1024LL * 1024;

Node::Node(const Address& address, const Place& place, QObject* parent)
    : QObject(parent), m_address(address), m_place(place), m_wire(address) {
    m_address.host = place.host;
    m_address.port = place.port;
    m_wire.setPlace(place);
}

void Node::askAll(const QVector<QByteArrayList>& commands, qint64 byteCap, Wire::Answered each) {
    m_commands = commands;
    m_byteCap = byteCap;
    m_each = std::move(each);
    if (m_isReady && m_wire.isOpen()) return send();
    m_isReady = false;
    m_wire.open([this](const Result<void>& opened) { opened ? logIn() : fail(opened.error()); });
}

/// RESP3 where it is known, as the session speaks; a server before Redis 6 is no cluster of ours to
/// map, and answers in RESP2.
void Node::logIn() {
    QVector<QByteArrayList> login;
    if (!m_address.password.isEmpty()) {
        QByteArrayList auth{"AUTH"};
        if (!m_address.user.isEmpty()) auth << m_address.user.toUtf8();
        login << (auth << m_address.password.reveal().toUtf8());
    }
    login << QByteArrayList{"HELLO", "3"} << QByteArrayList{"CLIENT", "SETNAME", "tocsin"}
          << QByteArrayList{"CLIENT", "NO-TOUCH", "ON"};
    const bool hasAuth = login.size() > 3;
    auto left = std::make_shared<qsizetype>(login.size());
    m_wire.askAll(login, kLoginCap, [this, hasAuth, left](const Result<Answer>& answer) {
        if (!answer) return fail(answer.error());
        const bool isFirst = --*left == (hasAuth ? 3 : 2);
        if (isFirst && hasAuth && answer->reply.isError()) {
            m_wire.close();
            return fail(errorFromServer(answer->reply.text(), m_address.place(), m_address.user));
        }
        if (*left > 0) return;
        m_isReady = true;
        send();
    });
}

void Node::send() {
    m_wire.askAll(std::exchange(m_commands, {}), m_byteCap,
                  [each = std::exchange(m_each, nullptr),
                   place = m_address.place()](Result<Answer> answer) {
                      if (answer) answer->place = place;
                      each(std::move(answer));
                  });
}

void Node::fail(const Error& why) {
    if (const Wire::Answered each = std::exchange(m_each, nullptr))
        each(tl::unexpected<Error>(why));
}

void Node::forget() {
    m_each = nullptr;
    m_wire.close();
}

}  // namespace tocsin::redis
