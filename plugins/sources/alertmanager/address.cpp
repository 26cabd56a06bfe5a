#include "plugins/sources/alertmanager/address.h"

#include <QUrlQuery>

namespace tocsin::alertmanager {
namespace {

// 50 000 alerts are 30 MB; this leaves room for twice that.
constexpr qint64 kSizeLimit = 128LL * 1024 * 1024;

QByteArray authorization(const Settings& settings) {
    if (const Secret token = settings.secret(QStringLiteral("token")); !token.isEmpty())
        return "Bearer " + token.reveal().toUtf8();
    const QString user = settings.text(QStringLiteral("username"));
    if (user.isEmpty()) return {};
    const QString password = settings.secret(QStringLiteral("password")).reveal();
    return "Basic " + (user + QLatin1Char(':') + password).toUtf8().toBase64();
}

void addFilters(QUrl& url, const Settings& settings) {
    // Not QUrlQuery::addQueryItem alone: it leaves "+" as it is, which a server reads as a space.
    QStringList items;
    const auto add = [&](const QString& name, const QString& value) {
        items << name + QLatin1Char('=') + QString::fromLatin1(QUrl::toPercentEncoding(value));
    };
    for (const QString& matcher : settings.list(QStringLiteral("filter")))
        add(QStringLiteral("filter"), matcher);
    if (const QString receiver = settings.text(QStringLiteral("receiver")); !receiver.isEmpty())
        add(QStringLiteral("receiver"), receiver);
    if (!items.isEmpty()) url.setQuery(items.join(QLatin1Char('&')));
}

}  // namespace

QUrl apiAddress(const QUrl& written, const QString& resource) {
    QUrl url = written.adjusted(QUrl::RemoveFragment | QUrl::RemoveQuery);
    QString path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    if (path.endsWith(QLatin1String("/api/v2"))) path.chop(7);
    url.setPath(path + QStringLiteral("/api/v2/") + resource);
    return url;
}

HttpRequest apiRequest(const Settings& settings, const QString& resource) {
    HttpRequest request;
    request.url = apiAddress(settings.url(QStringLiteral("url")), resource);
    if (resource == QLatin1String("alerts")) addFilters(request.url, settings);
    request.headers.emplaceBack("Accept", "application/json");
    if (const QByteArray value = authorization(settings); !value.isEmpty())
        request.headers.emplaceBack("Authorization", value);
    if (const auto timeout = settings.duration(QStringLiteral("timeout")); timeout.count() > 0)
        request.timeout = timeout;
    request.sizeLimit = kSizeLimit;
    return request;
}

}  // namespace tocsin::alertmanager
