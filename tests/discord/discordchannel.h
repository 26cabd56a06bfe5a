#pragma once
#include <QFutureWatcher>
#include <QSignalSpy>

#include "drill/standindiscord.h"
#include "plugins/notifiers/discord/discordnotifier.h"

namespace tocsin::test {

/// What a workspace would hand to the plugin for one channel of the stand-in.
inline Settings discordSettings() {
    Settings settings;
    settings.name = QStringLiteral("incidents");
    settings.kind = QStringLiteral("discord");
    settings.values = {{QStringLiteral("timeout"), qint64(400)},
                       {QStringLiteral("mentions"),
                        QVariantMap{{QStringLiteral("on-call-primary"), QStringLiteral("111")}}}};
    return settings;
}

inline Settings webhookSettings(const QString& webhook) {
    Settings settings = discordSettings();
    settings.secrets.insert(QStringLiteral("webhook"), Secret(webhook));
    return settings;
}

inline Settings botSettings(const drill::StandInDiscord& discord,
                            const drill::StandInDiscord::Bot& bot) {
    Settings settings = discordSettings();
    settings.values[QStringLiteral("channel_id")] = bot.channelId;
    settings.values[QStringLiteral("base")] = discord.url().toString();
    settings.secrets.insert(QStringLiteral("bot"), Secret(bot.token));
    return settings;
}

/// Waits for a one-shot of the network; the answer of a stand-in comes from this thread too.
template <typename T>
T outcome(const QFuture<T>& future) {
    QFutureWatcher<T> watcher;
    QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
    watcher.setFuture(future);
    if (finished.isEmpty()) finished.wait(10000);
    return watcher.result();
}

}  // namespace tocsin::test
