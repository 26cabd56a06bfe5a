#include "plugins/probes/statuspage/summary.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>

#include "sdk/httpprobe.h"

namespace tocsin::statuspage {
namespace {

constexpr qsizetype kLatestLimit = 600;

ProbeLevel levelOfImpact(const QString& word) {
    if (word == QLatin1String("none")) return ProbeLevel::Ok;
    if (word == QLatin1String("maintenance")) return ProbeLevel::Maintenance;
    if (word == QLatin1String("minor")) return ProbeLevel::Degraded;
    if (word == QLatin1String("major")) return ProbeLevel::Partial;
    if (word == QLatin1String("critical")) return ProbeLevel::Outage;
    return ProbeLevel::Unknown;
}

ProbeLevel levelOfComponent(const QString& word) {
    if (word == QLatin1String("operational")) return ProbeLevel::Ok;
    if (word == QLatin1String("under_maintenance")) return ProbeLevel::Maintenance;
    if (word == QLatin1String("degraded_performance")) return ProbeLevel::Degraded;
    if (word == QLatin1String("partial_outage")) return ProbeLevel::Partial;
    if (word == QLatin1String("major_outage") || word == QLatin1String("full_outage"))
        return ProbeLevel::Outage;
    return ProbeLevel::Unknown;
}

bool isOver(const QString& status) {
    return status == QLatin1String("resolved") || status == QLatin1String("postmortem") ||
           status == QLatin1String("completed") || status == QLatin1String("maintenance_complete");
}

bool isRunning(const QString& maintenanceStatus) {
    return maintenanceStatus == QLatin1String("in_progress") ||
           maintenanceStatus == QLatin1String("verifying") ||
           maintenanceStatus == QLatin1String("maintenance_in_progress");
}

QString plain(const QString& text) {
    static const QRegularExpression tag(QStringLiteral("<[^>]{0,200}>"));
    return text.left(4 * kLatestLimit)
        .replace(tag, QStringLiteral(" "))
        .simplified()
        .left(kLatestLimit);
}

QString latestUpdate(const QJsonObject& incident) {
    const QJsonArray updates = incident[u"incident_updates"].toArray();
    QString newest, at;
    for (const QJsonValue& update : updates) {
        const QString when = update[u"created_at"].toString();
        if (!newest.isEmpty() && when <= at) continue;
        newest = update[u"body"].toString();
        at = when;
    }
    return plain(newest);
}

QDateTime startOf(const QJsonObject& incident) {
    for (const char* name : {"started_at", "scheduled_for", "created_at"}) {
        const QString text = incident[QLatin1String(name)].toString();
        if (const auto at = QDateTime::fromString(text, Qt::ISODateWithMs); at.isValid())
            return at.toUTC();
    }
    return {};
}

ProbeNotice noticeFrom(const QJsonObject& incident, ProbeLevel level) {
    return {incident[u"name"].toString(),
            incident[u"status"].toString(),
            level,
            startOf(incident),
            latestUpdate(incident),
            QUrl(incident[u"shortlink"].toString())};
}

bool isWanted(const QString& name, const QStringList& only) {
    return only.isEmpty() || std::any_of(only.begin(), only.end(), [&](const QString& part) {
               return name.contains(part, Qt::CaseInsensitive);
           });
}

bool concerns(const QJsonObject& incident, const QStringList& only) {
    if (only.isEmpty() || isWanted(incident[u"name"].toString(), only)) return true;
    const QJsonArray components = incident[u"components"].toArray();
    // incident.io names no components: then an incident may concern any.
    return components.isEmpty() ||
           std::any_of(components.begin(), components.end(), [&](const auto& c) {
               return isWanted(c.toObject()[u"name"].toString(), only);
           });
}

class Summary {
public:
    Summary(const QJsonObject& root, const QStringList& only) : m_root(root), m_only(only) {}

    ProbeReport report() {
        readIndicator();
        readComponents();
        readIncidents();
        readMaintenances();
        m_report.page = QUrl(m_root[u"page"][u"url"].toString());
        m_report.summary = sentence();
        return std::move(m_report);
    }

private:
    void take(ProbeLevel level) { m_report.level = worse(m_report.level, level); }

    void readIndicator() {
        const QJsonValue status = m_root[u"status"];
        m_report.level =
            m_only.isEmpty() ? levelOfImpact(status[u"indicator"].toString()) : ProbeLevel::Ok;
        m_description = status[u"description"].toString();
    }

    void readComponents() {
        for (const QJsonValue& value : m_root[u"components"].toArray()) {
            const QString name = value[u"name"].toString();
            if (value[u"group"].toBool() || !isWanted(name, m_only)) continue;
            const QString word = value[u"status"].toString();
            const ProbeLevel level = levelOfComponent(word);
            m_report.components.append(
                {name, level,
                 level == ProbeLevel::Unknown ? QStringLiteral("“%1”").arg(word) : QString()});
            if (!m_only.isEmpty()) take(level);
        }
        if (!m_only.isEmpty() && m_report.components.isEmpty()) {
            take(ProbeLevel::Unknown);
            m_description =
                QStringLiteral("No component of the page is called %1; check “components”.")
                    .arg(m_only.join(QStringLiteral(" or ")));
        }
    }

    void readIncidents() {
        for (const QJsonValue& value : m_root[u"incidents"].toArray()) {
            const QJsonObject incident = value.toObject();
            if (isOver(incident[u"status"].toString()) || !concerns(incident, m_only)) continue;
            ProbeLevel level = levelOfImpact(incident[u"impact"].toString());
            // An open incident of impact "none", or of none given, is still an incident.
            if (level == ProbeLevel::Ok || level == ProbeLevel::Unknown)
                level = ProbeLevel::Degraded;
            m_report.notices.append(noticeFrom(incident, level));
            take(level);
            ++m_incidents;
        }
    }

    void readMaintenances() {
        for (const QJsonValue& value : m_root[u"scheduled_maintenances"].toArray()) {
            const QJsonObject maintenance = value.toObject();
            const QString status = maintenance[u"status"].toString();
            if (isOver(status) || !concerns(maintenance, m_only)) continue;
            m_report.notices.append(noticeFrom(maintenance, ProbeLevel::Maintenance));
            if (isRunning(status)) take(ProbeLevel::Maintenance);
        }
    }

    QString sentence() const {
        if (m_incidents > 0)
            return QStringLiteral("%1: %2").arg(
                m_incidents == 1 ? QStringLiteral("Open incident")
                                 : QStringLiteral("%1 open incidents").arg(m_incidents),
                m_report.notices.first().title);
        if (!m_only.isEmpty() && !m_report.components.isEmpty())
            return m_report.level == ProbeLevel::Ok
                       ? QStringLiteral("%1 operational").arg(m_only.join(QStringLiteral(", ")))
                       : QStringLiteral("%1: %2").arg(m_only.join(QStringLiteral(", ")),
                                                      nameOf(m_report.level));
        return m_description;
    }

    const QJsonObject& m_root;
    const QStringList& m_only;
    ProbeReport m_report;
    QString m_description;
    int m_incidents = 0;
};

}  // namespace

QUrl summaryAddress(const QUrl& page) {
    QUrl url = page.adjusted(QUrl::RemoveFragment | QUrl::RemoveQuery);
    QString path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    if (!path.endsWith(QLatin1String(".json"))) path += QStringLiteral("/api/v2/summary.json");
    url.setPath(path);
    return url;
}

ProbeReport reportFromSummary(const HttpReply& reply, const QStringList& only) {
    if (reply.status != 200) return unexpectedStatus(reply);
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(reply.body, &problem);
    const QJsonObject root = document.object();
    if (!root[u"status"][u"indicator"].isString())
        return unknownReport(
            QStringLiteral("%1 sent no Statuspage summary (%2); open the page to see for yourself.")
                .arg(reply.url.host(), problem.error == QJsonParseError::NoError
                                           ? QStringLiteral("other JSON")
                                           : problem.errorString()),
            QString::fromUtf8(reply.body.left(1000)));
    return Summary(root, only).report();
}

}  // namespace tocsin::statuspage
