#include "schemas.h"

#include <QJsonDocument>

namespace tocsin::test {
namespace {

workspace::PluginInfo plugin(const char* category, const char* type, const char* fields) {
    const QJsonArray array = QJsonDocument::fromJson(fields).array();
    return {QString::fromLatin1(category),
            QString::fromLatin1(type),
            {},
            {},
            fieldsFromJson(array).value(),
            {}};
}

}  // namespace

QVector<workspace::PluginInfo> plugins() {
    static const char* polled =
        R"([{"name":"url","kind":"url","required":true,"schemes":["http","https"]},
        {"name":"every","kind":"duration","default":"10s"},
        {"name":"labels","kind":"text-map"}, {"name":"receivers","kind":"text-list"},
        {"name":"password","kind":"secret"}])";
    static const char* engine = R"([{"name":"url","kind":"url","required":true},
        {"name":"password","kind":"secret"}, {"name":"rows","kind":"number","default":1000},
        {"name":"tls","kind":"boolean","default":true},
        {"name":"mode","kind":"choice","choices":["plain","strict"],"default":"strict"},
        {"name":"signal_through","kind":"text"}])";
    static const char* discord = R"([{"name":"webhook","kind":"secret"},
        {"name":"bot","kind":"secret"}, {"name":"channel_id","kind":"text"},
        {"name":"fallback","kind":"text"}, {"name":"mentions","kind":"text-map",
        "pattern":"(user:)?\\d{1,20}","expects":"a map of names to ids"}])";
    static const char* http = R"([{"name":"url","kind":"url"},{"name":"slow","kind":"duration"},
        {"name":"timeout","kind":"duration"}])";
    auto channel = plugin("notifier", "discord", discord);
    channel.alternatives = {{QStringLiteral("webhook")},
                            {QStringLiteral("bot"), QStringLiteral("channel_id")}};
    return {plugin("source", "alertmanager", polled),
            plugin("source", "metrics", polled),
            plugin("engine", "postgres", engine),
            plugin("engine", "redis", engine),
            plugin("probe", "statuspage", polled),
            plugin("probe", "http", http),
            channel};
}

}  // namespace tocsin::test
