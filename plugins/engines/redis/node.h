#pragma once
#include <QObject>

#include "plugins/engines/redis/wire.h"

namespace tocsin::redis {

/// A connection to another node of the cluster that a session is in: opened and logged in when
/// first asked, and kept. Asks only what its owner judged. Session's thread.
class Node : public QObject {
    Q_OBJECT
public:
    /// Logs in as `address` says, at `place`.
    Node(const Address& address, const Place& place, QObject* parent = nullptr);

    const Place& place() const { return m_place; }
    /// As Wire::askAll(). Errors of the login as well. One question at a time.
    void askAll(const QVector<QByteArrayList>& commands, qint64 byteCap, Wire::Answered each);
    /// Ends what is under way without a word.
    void forget();

private:
    void logIn();
    void send();
    void fail(const Error& why);

    Address m_address;
    Place m_place;
    Wire m_wire;
    bool m_isReady = false;
    QVector<QByteArrayList> m_commands;  ///< that wait for the login
    qint64 m_byteCap = 0;
    Wire::Answered m_each;
};

}  // namespace tocsin::redis
