#pragma once
#include <QElapsedTimer>
#include <QLocalSocket>
#include <QObject>
#include <QSslError>
#include <QSslSocket>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "plugins/engines/redis/address.h"
#include "plugins/engines/redis/resp.h"

namespace tocsin::redis {

/// A reply with what a receipt needs to know of it.
struct Answer {
    Reply reply;
    qint64 bytes = 0;   ///< on the wire
    QByteArray sha256;  ///< hex, over those bytes; of a pipeline's last reply: over all of them
    std::chrono::microseconds firstByte{0};
    std::chrono::microseconds total{0};
    QString place = {};  ///< of the node that answered, where that is not the session's own
};

/// One connection: sends commands, hands back their replies. One question at a time, which may be
/// a pipeline; nothing is ever sent again. Lives on the session's thread and never blocks it.
class Wire : public QObject {
    Q_OBJECT
public:
    using Opened = std::function<void(Result<void>)>;
    using Answered = std::function<void(Result<Answer>)>;

    explicit Wire(const Address& address, QObject* parent = nullptr);

    /// Connects, and shakes hands where TLS is asked for. Reads the certificate files.
    void open(Opened done);
    bool isOpen() const { return m_isOpen; }
    /// Where the next open() connects to. `way` is where that is reached from here, as by a tunnel;
    /// certificate and messages stay those of the place.
    void setPlace(const Place& place, const std::optional<Place>& way = std::nullopt) {
        m_address.host = place.host;
        m_address.port = place.port;
        m_way = way;
    }
    /// Sends. `byteCap` bounds the reply in memory. A server's error is a value: a Reply of kind
    /// Error.
    void ask(const QByteArrayList& arguments, qint64 byteCap, Answered done);
    /// Sends all of them in one go. `each` is called for every reply, in order; an error of the
    /// connection comes once and ends it. `commands` must not be empty. The replies of the first
    /// `aside` of them are not in the hash of the others.
    void askAll(const QVector<QByteArrayList>& commands, qint64 byteCap, Answered each,
                qsizetype aside = 0);
    /// From now on every reply that nobody asked for goes to `heard`: MONITOR, subscriptions.
    void listen(std::function<void(Reply)> heard) { m_heard = std::move(heard); }
    /// Ends whatever is under way with `why`, and closes.
    void abort(const Error& why);
    void close();

signals:
    /// The connection ended while nothing was asked.
    void lost();

private:
    void makeLocal();
    void connectTls(const Place& way);
    QIODevice& device();
    void flush();
    Result<void> applyCertificates();
    void onConnected();
    void onReadyRead();
    void take(Reply reply);
    void onBroken(const QString& what);
    void onSslErrors(const QList<QSslError>& errors);
    Error connectionError(const QString& what) const;
    std::optional<Error> knownError(const QString& what) const;
    std::optional<Error> localError(const QString& what) const;
    void settle(Result<Answer> result);

    Address m_address;
    std::optional<Place> m_way;
    QSslSocket* m_socket;
    QLocalSocket* m_local = nullptr;  ///< instead of it, where the address is a socket's path
    std::unique_ptr<RespDecoder> m_decoder = std::make_unique<RespDecoder>();
    Opened m_opened;
    Answered m_answered;
    qsizetype m_left = 0;  ///< replies that m_answered still waits for
    qsizetype m_leftInHash = 0;
    std::function<void(Reply)> m_heard;
    QString m_tlsProblem;
    QElapsedTimer m_timer;
    std::chrono::microseconds m_firstByte{-1};
    bool m_isOpen = false;
};

}  // namespace tocsin::redis
