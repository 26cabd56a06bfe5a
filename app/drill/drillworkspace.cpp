#include "drill/drillworkspace.h"

#include <QDir>
#include <QFile>
#include <cmath>

namespace tocsin::drill {
namespace {

// In real seconds: what a rehearsal has patience for.
constexpr double kLookEvery = 2;
constexpr double kHoldFor = 4;
constexpr double kFeedEvery = 4;

/// A duration of `seconds` real time on a clock that runs `speed` times as fast.
QString duration(double seconds, double speed) {
    return QStringLiteral("%1ms").arg(static_cast<qint64>(std::round(seconds * 1000 * speed)));
}

Result<void> writeFile(const QString& path, const QByteArray& content) {
    QFile file(path);
    const bool written = file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
                         file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         file.write(content) == content.size() && file.flush();
    if (written) return {};
    return fail(ErrorCode::Disk,
                QStringLiteral("Cannot write %1 (%2).").arg(path, file.errorString()));
}

}  // namespace

Result<QString> filledTemplate(const QString& name, const QMap<QString, QString>& values) {
    QFile file(QStringLiteral(":/drills/") + name);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Internal, QStringLiteral("The drill's %1 is missing.").arg(name));
    QString text = QString::fromUtf8(file.readAll());
    for (auto it = values.begin(); it != values.end(); ++it)
        text.replace(QStringLiteral("{{%1}}").arg(it.key()), it.value());
    return text;
}

Result<void> writeWorkspace(const QString& folder, const Addresses& addresses) {
    const QString secrets = folder + QStringLiteral("/secrets");
    if (!QDir().mkpath(secrets))
        return fail(ErrorCode::Disk, QStringLiteral("Cannot make the folder %1.").arg(secrets));
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    for (auto it = addresses.secrets.begin(); it != addresses.secrets.end(); ++it)
        if (auto done = writeFile(secrets + u'/' + it.key(), it.value().toUtf8()); !done)
            return done;
    const auto text =
        filledTemplate(QStringLiteral("workspace.tmpl"),
                       {{QStringLiteral("scenario"), addresses.scenario},
                        {QStringLiteral("app_url"), addresses.app},
                        {QStringLiteral("vendors_url"), addresses.vendors},
                        {QStringLiteral("monitoring_url"), addresses.monitoring},
                        {QStringLiteral("postgres_url"), addresses.postgres},
                        {QStringLiteral("redis_url"), addresses.redis},
                        {QStringLiteral("secrets"), secrets},
                        {QStringLiteral("every"), duration(kLookEvery, addresses.speed)},
                        {QStringLiteral("feed_every"), duration(kFeedEvery, addresses.speed)},
                        {QStringLiteral("over"), duration(kHoldFor, addresses.speed)}});
    if (!text) return tl::unexpected<Error>(text.error());
    return writeFile(folder + QStringLiteral("/tocsin.yaml"), text->toUtf8());
}

}  // namespace tocsin::drill
