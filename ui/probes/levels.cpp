#include "ui/probes/levels.h"

#include <QJsonArray>

#include "sdk/httpprobe.h"

namespace tocsin::ui {

QString levelWord(ProbeLevel level) {
    switch (level) {
        case ProbeLevel::Ok:
            return QStringLiteral("ok");
        case ProbeLevel::Maintenance:
            return QStringLiteral("maintenance");
        case ProbeLevel::Degraded:
            return QStringLiteral("degraded");
        case ProbeLevel::Partial:
            return QStringLiteral("partial outage");
        case ProbeLevel::Outage:
            return QStringLiteral("outage");
        case ProbeLevel::Unknown:
            break;
    }
    return QStringLiteral("unknown");
}

ProbeLevel worseLevel(ProbeLevel a, ProbeLevel b) {
    return worse(a, b);
}

QJsonObject evidenceOf(const ProbeReport& report) {
    QJsonArray components, notices;
    for (const ProbeComponent& component : report.components)
        components.append(QJsonObject{{QStringLiteral("name"), component.name},
                                      {QStringLiteral("level"), nameOf(component.level)},
                                      {QStringLiteral("detail"), component.detail}});
    for (const ProbeNotice& notice : report.notices)
        notices.append(
            QJsonObject{{QStringLiteral("title"), notice.title},
                        {QStringLiteral("status"), notice.status},
                        {QStringLiteral("level"), nameOf(notice.level)},
                        {QStringLiteral("since"), notice.since.toString(Qt::ISODateWithMs)},
                        {QStringLiteral("latest"), notice.latest},
                        {QStringLiteral("link"), notice.link.toString()}});
    return {{QStringLiteral("name"), report.name},
            {QStringLiteral("level"), nameOf(report.level)},
            {QStringLiteral("summary"), report.summary},
            {QStringLiteral("latency_ms"), static_cast<qint64>(report.latency.count())},
            {QStringLiteral("checked_at"), report.checkedAt.toString(Qt::ISODateWithMs)},
            {QStringLiteral("detail"), report.detail},
            {QStringLiteral("components"), components},
            {QStringLiteral("notices"), notices}};
}

}  // namespace tocsin::ui
