#include "plugins/probes/http/expectation.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "sdk/httpprobe.h"

namespace tocsin::http {
namespace {

constexpr qsizetype kDetailLimit = 2000;

std::optional<QString> fieldOf(const QByteArray& body, const QString& path) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    QJsonValue value =
        document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    for (const QString& part : path.split(QLatin1Char('.'))) {
        bool isNumber = false;
        const int at = part.toInt(&isNumber);
        value = value.isArray() && isNumber ? value[at] : value[part];
    }
    if (value.isUndefined() || value.isNull() || value.isObject() || value.isArray())
        return std::nullopt;
    return value.toVariant().toString();
}

ProbeLevel levelOfWrongStatus(int status) {
    if (status == 401 || status == 403 || status == 429) return ProbeLevel::Unknown;
    return status >= 500 ? ProbeLevel::Outage : ProbeLevel::Degraded;
}

ProbeReport judged(ProbeLevel level, const QString& summary, const HttpReply& reply) {
    ProbeReport report;
    report.level = level;
    report.summary = summary;
    report.detail = QString::fromUtf8(reply.body.left(kDetailLimit));
    return report;
}

}  // namespace

Result<QVector<QPair<int, int>>> statusesFromText(const QString& text) {
    QVector<QPair<int, int>> ranges;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const QStringList ends = part.trimmed().split(QLatin1Char('-'));
        bool isFirst = false, isLast = false;
        const int first = ends.first().toInt(&isFirst);
        const int last = ends.last().toInt(&isLast);
        if (!isFirst || !isLast || ends.size() > 2 || first < 100 || last > 599 || first > last)
            return fail(
                ErrorCode::Config,
                QStringLiteral("“%1” is not a status or a range of them; write 200 or 200-299.")
                    .arg(part.trimmed()));
        ranges.append({first, last});
    }
    if (ranges.isEmpty()) ranges.append({200, 299});
    return ranges;
}

Result<Expectation> expectationFrom(const Settings& settings) {
    Expectation expectation;
    auto statuses = statusesFromText(settings.text(QStringLiteral("status")));
    if (!statuses) return tl::unexpected(statuses.error());
    expectation.statuses = *statuses;
    expectation.field = settings.text(QStringLiteral("field"));
    expectation.equals = settings.text(QStringLiteral("equals"));
    expectation.slow = settings.duration(QStringLiteral("slow"));
    return expectation;
}

ProbeReport judge(const HttpReply& reply, const Expectation& expectation) {
    const auto fits = [&](const auto& range) {
        return reply.status >= range.first && reply.status <= range.second;
    };
    if (std::none_of(expectation.statuses.begin(), expectation.statuses.end(), fits))
        return judged(levelOfWrongStatus(reply.status), QStringLiteral("HTTP %1").arg(reply.status),
                      reply);
    QString summary = QStringLiteral("HTTP %1").arg(reply.status);
    if (!expectation.field.isEmpty()) {
        const auto value = fieldOf(reply.body, expectation.field);
        if (!value)
            return judged(ProbeLevel::Unknown,
                          QStringLiteral("HTTP %1, but no JSON field “%2” in the answer")
                              .arg(reply.status)
                              .arg(expectation.field),
                          reply);
        summary += QStringLiteral(", %1 is “%2”").arg(expectation.field, value->left(80));
        if (!expectation.equals.isEmpty() && *value != expectation.equals)
            return judged(ProbeLevel::Outage,
                          summary + QStringLiteral(", expected “%1”").arg(expectation.equals),
                          reply);
    }
    if (expectation.slow.count() > 0 && reply.latency > expectation.slow)
        return judged(ProbeLevel::Degraded,
                      summary + QStringLiteral(", slow: %1 ms").arg(reply.latency.count()), reply);
    return judged(ProbeLevel::Ok, summary, reply);
}

}  // namespace tocsin::http
