#pragma once
#include <QHash>
#include <QObject>
#include <QSet>
#include <QTcpServer>
#include <QUrl>
#include <QUrlQuery>

#include "sdk/http.h"

class QTcpSocket;

namespace tocsin::drill {

struct StandInRequest {
    QByteArray method;
    QString path;  ///< decoded, without the query
    QUrlQuery query;
    HttpHeaders headers;
    QByteArray body;

    QByteArray header(QByteArrayView name) const;  ///< empty when absent
};

struct StandInAnswer {
    /// How it reaches the client.
    enum class Manner {
        Whole,
        Stalled,  ///< never; the connection stays open
        Cut,      ///< the connection is closed without a byte
        Half,     ///< the headers and half the body, then closed
    };

    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
    HttpHeaders headers = {};
    Manner manner = Manner::Whole;
};

/// A small HTTP/1.1 server on a free port of 127.0.0.1 that can also misbehave on the wire, which a
/// well-mannered server class cannot. For drills and tests only. Lives on the thread that made it.
class StandInServer : public QObject {
    Q_OBJECT
public:
    explicit StandInServer(QObject* parent = nullptr);

    ~StandInServer() override;

    Result<void> listen();
    /// Closes every connection and stops listening; the next client is refused.
    void close();
    quint16 port() const { return m_server.serverPort(); }
    QUrl url(const QString& path = {}) const;  ///< "http://127.0.0.1:port" and the path

protected:
    virtual StandInAnswer answer(const StandInRequest& request) = 0;

private:
    void read(QTcpSocket* socket);
    void write(QTcpSocket* socket, const StandInAnswer& answer);

    QTcpServer m_server;
    QHash<QTcpSocket*, QByteArray> m_received;
};

/// One more JSON object or array as an answer.
StandInAnswer jsonAnswer(const QJsonObject& body, int status = 200);

}  // namespace tocsin::drill
