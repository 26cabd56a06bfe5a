#pragma once
#include <QJsonArray>
#include <QUrl>

#include "drill/localserver.h"
#include "tests/support/started.h"

namespace tocsin::support {

/// A real Alertmanager for a test, alone (no cluster):
/// `AlertmanagerServer server; QCOMPARE(server.start(), QString());`
class AlertmanagerServer : public drill::LocalServer {
    Q_OBJECT
public:
    explicit AlertmanagerServer(QObject* parent = nullptr);

    /// Blocks until usable; returns what went wrong.
    QString start() { return started(*this); }
    QUrl url(const QString& path = {}) const;
    /// Posts alerts; returns the HTTP status.
    int post(const QJsonArray& alerts);
    /// Silences one alert name for two hours; returns the silence's id.
    QString silence(const QString& alertName, const QString& by, const QString& comment);

    /// `count` alerts with labels and annotations of ordinary size, under ten names.
    static QJsonArray manyAlerts(int count);

protected:
    Result<void> locate() override;
    void prepare() override;
    Result<Command> command() override;
    QByteArray readyText() const override;

private:
    QByteArray send(const QByteArray& method, const QString& path, const QByteArray& body,
                    int* status);
};

}  // namespace tocsin::support
