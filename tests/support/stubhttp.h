#pragma once
#include <QHash>
#include <QTcpServer>
#include <QUrl>

namespace tocsin::support {

/// What a StubHttp says on one path, and how badly it behaves while saying it.
struct StubAnswer {
    enum class Manner {
        Whole,
        CutInHalf,  ///< promises the whole length and hangs up after half
        Stall,      ///< takes the request and says nothing
        HangUp,     ///< closes at once
    };

    int status = 200;
    QByteArray body = {};
    QByteArray contentType = "application/json";
    QByteArray headers = {};  ///< further ones, each ended by \r\n
    Manner manner = Manner::Whole;
};

/// An HTTP server that answers as told, on a free port of 127.0.0.1. Paths without an answer are
/// 404.
class StubHttp : public QTcpServer {
    Q_OBJECT
public:
    StubHttp();

    void answer(const QString& path, const StubAnswer& answer) { m_answers[path] = answer; }
    QUrl url(const QString& path) const;
    /// Heads of all requests so far, oldest first.
    const QByteArrayList& requests() const { return m_requests; }

private:
    void serve();
    void reply(QTcpSocket* socket, const QByteArray& head);

    QHash<QString, StubAnswer> m_answers;
    QByteArrayList m_requests;
};

}  // namespace tocsin::support
