#pragma once
#include <QObject>
#include <QQueue>
#include <QTcpSocket>
#include <functional>

namespace tocsin::drill {

/// The stand-in application's conversation with the local Redis: commands in, replies in order.
/// Knows only what the drills use. GUI thread; never blocks it.
class RedisTalk : public QObject {
    Q_OBJECT
public:
    /// Integers as text; nil as a null QByteArray; arrays are not understood.
    using Then = std::function<void(const QByteArray& reply)>;

    RedisTalk(quint16 port, const QString& password, QObject* parent);

    void send(const QList<QByteArray>& words, const Then& then = {});

private:
    void read();

    QTcpSocket m_socket;
    QByteArray m_received;
    QQueue<Then> m_waiting;
};

}  // namespace tocsin::drill
