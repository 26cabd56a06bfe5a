#include "plugins/probes/stripe/current.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "sdk/httpprobe.h"

namespace tocsin::stripe {
namespace {

ProbeLevel levelOf(const QString& word) {
    if (word == QLatin1String("up")) return ProbeLevel::Ok;
    if (word == QLatin1String("degraded")) return ProbeLevel::Degraded;
    if (word == QLatin1String("down")) return ProbeLevel::Outage;
    return ProbeLevel::Unknown;
}

}  // namespace

QUrl currentAddress(const QUrl& page) {
    QUrl url = page.adjusted(QUrl::RemoveFragment | QUrl::RemoveQuery);
    QString path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    if (!path.endsWith(QLatin1String("/current"))) path += QStringLiteral("/current");
    url.setPath(path);
    return url;
}

ProbeReport reportFromCurrent(const HttpReply& reply) {
    if (reply.status != 200) return unexpectedStatus(reply);
    const QJsonObject root = QJsonDocument::fromJson(reply.body).object();
    const QString largest = root[u"largestatus"].toString();
    if (largest.isEmpty())
        return unknownReport(
            QStringLiteral("%1 sent no status in the known shape; open the page to see "
                           "for yourself.")
                .arg(reply.url.host()),
            QString::fromUtf8(reply.body.left(1000)));
    ProbeReport report;
    report.level = levelOf(largest);
    const QJsonObject statuses = root[u"statuses"].toObject();
    for (auto it = statuses.begin(); it != statuses.end(); ++it) {
        const QString word = it->toString();
        report.components.append({it.key(), levelOf(word), word});
        report.level = worse(report.level, levelOf(word));
    }
    report.summary = root[u"message"].toString(QStringLiteral("Stripe says “%1”.").arg(largest));
    return report;
}

}  // namespace tocsin::stripe
