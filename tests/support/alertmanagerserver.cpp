#include "tests/support/alertmanagerserver.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <csignal>

#include "sdk/http.h"
#include "tests/support/await.h"

namespace tocsin::support {

using namespace Qt::StringLiterals;

AlertmanagerServer::AlertmanagerServer(QObject* parent)
    : LocalServer(u"Alertmanager"_s, SIGTERM, parent) {
}

QUrl AlertmanagerServer::url(const QString& path) const {
    return QUrl(u"http://%1:%2%3"_s.arg(host()).arg(port()).arg(path));
}

Result<void> AlertmanagerServer::locate() {
    if (QStandardPaths::findExecutable(u"prometheus-alertmanager"_s).isEmpty())
        return fail(ErrorCode::NotFound, u"Install prometheus-alertmanager."_s);
    return {};
}

void AlertmanagerServer::prepare() {
    const auto written = writeFile(u"alertmanager.yml"_s,
                                   "route:\n  receiver: nobody\n  group_by: [alertname]\n"
                                   "receivers:\n  - name: nobody\n");
    if (!written) return giveUp(written.error());
    prepared();
}

Result<drill::LocalServer::Command> AlertmanagerServer::command() {
    return Command{
        QStandardPaths::findExecutable(u"prometheus-alertmanager"_s),
        {u"--config.file=%1/alertmanager.yml"_s.arg(folder()),
         u"--storage.path=%1/data"_s.arg(folder()),
         u"--web.listen-address=%1:%2"_s.arg(host()).arg(port()), u"--cluster.listen-address="_s}};
}

QByteArray AlertmanagerServer::readyText() const {
    return "Listening on";
}

QByteArray AlertmanagerServer::send(const QByteArray& method, const QString& path,
                                    const QByteArray& body, int* status) {
    HttpClient http;
    HttpRequest request;
    request.method = method;
    request.url = url(path);
    request.headers = {{QByteArray("Content-Type"), QByteArray("application/json")}};
    request.body = body;
    const Result<HttpReply> reply = test::await(http.send(request));
    if (status) *status = reply ? reply->status : 0;
    return reply ? reply->body : QByteArray();
}

int AlertmanagerServer::post(const QJsonArray& alerts) {
    int status = 0;
    send("POST", u"/api/v2/alerts"_s, QJsonDocument(alerts).toJson(QJsonDocument::Compact),
         &status);
    return status;
}

QString AlertmanagerServer::silence(const QString& alertName, const QString& by,
                                    const QString& comment) {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QJsonObject silence{{u"matchers"_s, QJsonArray{QJsonObject{{u"name"_s, u"alertname"_s},
                                                                     {u"value"_s, alertName},
                                                                     {u"isRegex"_s, false},
                                                                     {u"isEqual"_s, true}}}},
                              {u"startsAt"_s, now.toString(Qt::ISODate)},
                              {u"endsAt"_s, now.addSecs(7200).toString(Qt::ISODate)},
                              {u"createdBy"_s, by},
                              {u"comment"_s, comment}};
    const QByteArray answer =
        send("POST", u"/api/v2/silences"_s, QJsonDocument(silence).toJson(), nullptr);
    return QJsonDocument::fromJson(answer).object()[u"silenceID"].toString();
}

QJsonArray AlertmanagerServer::manyAlerts(int count) {
    QJsonArray alerts;
    for (int i = 0; i < count; ++i)
        alerts.append(QJsonObject{
            {u"labels"_s, QJsonObject{{u"alertname"_s, u"synthetic_%1"_s.arg(i % 10)},
                                      {u"severity"_s, i % 3 == 0 ? u"critical"_s : u"warning"_s},
                                      {u"instance"_s, u"worker-%1:9100"_s.arg(i)},
                                      {u"cluster"_s, u"eu-central"_s},
                                      {u"job"_s, u"node"_s}}},
            {u"annotations"_s,
             QJsonObject{{u"summary"_s, u"Synthetic condition on worker-%1"_s.arg(i)},
                         {u"description"_s, u"Made for a measurement; value is %1."_s.arg(i)},
                         {u"runbook_url"_s, u"https://runbooks.example.org/synthetic"_s}}},
            {u"generatorURL"_s, u"http://prometheus.example.org/graph?g0.expr=up"_s}});
    return alerts;
}

}  // namespace tocsin::support
