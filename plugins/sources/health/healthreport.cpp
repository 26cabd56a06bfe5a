#include "plugins/sources/health/healthreport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <optional>

namespace tocsin::health {
namespace {

constexpr int kDetailLimit = 200;

struct Word {
    Condition condition;
    QString text;
};

std::optional<Word> wordIn(const QJsonValue& value) {
    if (value.isBool())
        return Word{value.toBool() ? Condition::Healthy : Condition::Unhealthy,
                    value.toBool() ? QStringLiteral("true") : QStringLiteral("false")};
    if (!value.isString()) return std::nullopt;
    return Word{conditionFromText(value.toString()), value.toString()};
}

std::optional<Word> wordOf(const QJsonObject& object) {
    for (const char* name : {"status", "state", "health", "healthy", "ok", "up", "connected"})
        if (const auto word = wordIn(object[QLatin1String(name)])) return word;
    return std::nullopt;
}

QString detailOf(const QJsonObject& object) {
    for (const char* name : {"error", "message", "detail", "reason", "output", "description"}) {
        const QJsonValue value = object[QLatin1String(name)];
        if (value.isString() && !value.toString().isEmpty())
            return value.toString().simplified().left(kDetailLimit);
        if (const QString inner = value.toObject()[u"message"].toString(); !inner.isEmpty())
            return inner.simplified().left(kDetailLimit);
    }
    return {};
}

std::optional<Service> serviceFrom(const QString& name, const QJsonValue& value) {
    if (value.isArray()) {  // RFC draft "health+json": a list of measurements under each name
        std::optional<Service> worst;
        for (const QJsonValue& entry : value.toArray()) {
            const auto service = serviceFrom(name, entry);
            if (service && (!worst || service->condition > worst->condition)) worst = service;
        }
        return worst;
    }
    const auto word = value.isObject() ? wordOf(value.toObject()) : wordIn(value);
    if (!word) return std::nullopt;
    return Service{name, word->condition, word->text, detailOf(value.toObject())};
}

void addServices(const QJsonValue& value, QVector<Service>& services) {
    const QJsonObject map = value.toObject();
    for (auto it = map.begin(); it != map.end(); ++it)
        if (const auto service = serviceFrom(it.key(), it.value())) services.append(*service);
    for (const QJsonValue& entry : value.toArray())
        if (const QString name = entry[u"name"].toString(); !name.isEmpty())
            if (const auto service = serviceFrom(name, entry)) services.append(*service);
}

Result<HealthReport> fromPlainText(int httpStatus, const QByteArray& body) {
    const QString word = QString::fromUtf8(body.left(64)).trimmed();
    const Condition condition = conditionFromText(word);
    if (condition == Condition::Unclear)
        return fail(ErrorCode::Parse, QStringLiteral("neither JSON nor a word such as “ok”"));
    HealthReport report;
    report.overall = httpStatus / 100 == 2 ? condition : Condition::Unhealthy;
    report.word = word;
    return report;
}

}  // namespace

Condition conditionFromText(const QString& text) {
    const QString word = text.trimmed().toLower();
    static const QStringList good{
        QStringLiteral("ok"),          QStringLiteral("healthy"), QStringLiteral("up"),
        QStringLiteral("pass"),        QStringLiteral("passing"), QStringLiteral("connected"),
        QStringLiteral("ready"),       QStringLiteral("alive"),   QStringLiteral("available"),
        QStringLiteral("operational"), QStringLiteral("running"), QStringLiteral("green"),
        QStringLiteral("success"),     QStringLiteral("true")};
    static const QStringList poor{QStringLiteral("degraded"), QStringLiteral("warn"),
                                  QStringLiteral("warning"),  QStringLiteral("partial"),
                                  QStringLiteral("slow"),     QStringLiteral("yellow")};
    static const QStringList bad{QStringLiteral("unhealthy"),   QStringLiteral("down"),
                                 QStringLiteral("fail"),        QStringLiteral("failed"),
                                 QStringLiteral("failing"),     QStringLiteral("error"),
                                 QStringLiteral("critical"),    QStringLiteral("disconnected"),
                                 QStringLiteral("unavailable"), QStringLiteral("out_of_service"),
                                 QStringLiteral("not_ready"),   QStringLiteral("red"),
                                 QStringLiteral("timeout"),     QStringLiteral("false")};
    if (good.contains(word)) return Condition::Healthy;
    if (poor.contains(word)) return Condition::Degraded;
    if (bad.contains(word)) return Condition::Unhealthy;
    return Condition::Unclear;
}

Result<HealthReport> healthFromAnswer(int httpStatus, const QByteArray& body) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(body, &problem);
    if (!document.isObject()) {
        const QByteArray start = body.left(64).trimmed();
        if (start.startsWith('{') || start.startsWith('['))
            return fail(
                ErrorCode::Parse,
                document.isArray()
                    ? QStringLiteral("a JSON list, where an object with a status was expected")
                    : QStringLiteral("%1 at byte %2")
                          .arg(problem.errorString())
                          .arg(problem.offset));
        return fromPlainText(httpStatus, body);
    }
    const QJsonObject object = document.object();
    HealthReport report;
    for (const char* name :
         {"services", "checks", "components", "dependencies", "details", "info", "error"})
        addServices(object[QLatin1String(name)], report.services);
    const auto word = wordOf(object);
    if (!word && report.services.isEmpty() && httpStatus / 100 == 2)
        return fail(ErrorCode::Parse, QStringLiteral("JSON without any status"));
    report.overall = word                    ? word->condition
                     : httpStatus / 100 == 2 ? Condition::Healthy
                                             : Condition::Unhealthy;
    report.word = word ? word->text : QStringLiteral("HTTP %1").arg(httpStatus);
    // A word that says "ok", or nothing that is known, does not outweigh an answer that says 503.
    if (httpStatus / 100 != 2 && report.overall < Condition::Degraded) {
        report.overall = Condition::Unhealthy;
        report.word = QStringLiteral("HTTP %1").arg(httpStatus);
    }
    report.detail = detailOf(object);
    return report;
}

}  // namespace tocsin::health
