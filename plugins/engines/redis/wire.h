#pragma once
#include <QElapsedTimer>
#include <QObject>
#include <QSslError>
#include <QSslSocket>
#include <chrono>
#include <functional>
#include <memory>

#include "plugins/engines/redis/address.h"
#include "plugins/engines/redis/resp.h"

namespace tocsin::redis {

/// A reply with what a receipt needs to know of it.
struct Answer {
    Reply reply;
    qint64 bytes = 0;   ///< on the wire
    QByteArray sha256;  ///< hex, over those bytes
    std::chrono::microseconds firstByte{0};
    std::chrono::microseconds total{0};
};

/// One connection: sends a command, hands back its reply. One command at a time; nothing is ever
/// sent again. Lives on the session's thread and never blocks it.
class Wire : public QObject {
    Q_OBJECT
public:
    using Opened = std::function<void(Result<void>)>;
    using Answered = std::function<void(Result<Answer>)>;

    explicit Wire(const Address& address, QObject* parent = nullptr);

    /// Connects, and shakes hands where TLS is asked for. Reads the certificate files.
    void open(Opened done);
    bool isOpen() const { return m_isOpen; }
    /// Sends. `byteCap` bounds the reply in memory. A server's error is a value: a Reply of kind
    /// Error.
    void ask(const QByteArrayList& arguments, qint64 byteCap, Answered done);
    /// Ends whatever is under way with `why`, and closes.
    void abort(const Error& why);
    void close();

signals:
    /// The connection ended while nothing was asked.
    void lost();

private:
    Result<void> applyCertificates();
    void onConnected();
    void onReadyRead();
    void onBroken(const QString& what);
    void onSslErrors(const QList<QSslError>& errors);
    Error connectionError(const QString& what) const;
    void settle(Result<Answer> result);

    Address m_address;
    QSslSocket* m_socket;
    std::unique_ptr<RespDecoder> m_decoder = std::make_unique<RespDecoder>();
    Opened m_opened;
    Answered m_answered;
    QString m_tlsProblem;
    QElapsedTimer m_timer;
    std::chrono::microseconds m_firstByte{-1};
    bool m_isOpen = false;
};

}  // namespace tocsin::redis
