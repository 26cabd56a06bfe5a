#pragma once
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QUrl>

namespace tocsin::support {

/// The active silences of an Alertmanager, as its own tool tells them; a null document when the
/// tool fails.
inline QJsonDocument activeSilences(const QUrl& alertmanager) {
    QProcess amtool;
    amtool.start(
        QStringLiteral("amtool"),
        {QStringLiteral("--alertmanager.url=") + alertmanager.toString(), QStringLiteral("silence"),
         QStringLiteral("query"), QStringLiteral("-o"), QStringLiteral("json")});
    constexpr int kPatienceMs = 20000;
    if (!amtool.waitForFinished(kPatienceMs) || amtool.exitCode() != 0) return {};
    return QJsonDocument::fromJson(amtool.readAllStandardOutput());
}

}  // namespace tocsin::support
