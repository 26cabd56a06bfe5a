#include "sdk/plugin.h"

#include "plugins/probes/http/expectation.h"
#include "sdk/httpprobe.h"

namespace tocsin::http {

class Plugin : public QObject, public ProbePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::ProbePlugin)
public:
    Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock) override {
        const Result<Expectation> expectation = expectationFrom(settings);
        if (!expectation) return tl::unexpected(expectation.error());
        HttpRequest request;
        request.url = settings.url(QStringLiteral("url"));
        request.method = settings.text(QStringLiteral("method")).toLatin1();
        if (request.method.isEmpty()) request.method = "GET";
        if (const auto timeout = settings.duration(QStringLiteral("timeout")); timeout.count() > 0)
            request.timeout = timeout;
        const QMap<QString, QString> headers = settings.map(QStringLiteral("headers"));
        for (auto it = headers.begin(); it != headers.end(); ++it)
            request.headers.emplaceBack(it.key().toUtf8(), it.value().toUtf8());
        if (const Secret token = settings.secret(QStringLiteral("token")); !token.isEmpty())
            request.headers.emplaceBack("Authorization", "Bearer " + token.reveal().toUtf8());
        return std::make_unique<HttpProbe>(
            settings.name, request.url, request,
            [wanted = *expectation](const HttpReply& reply) { return judge(reply, wanted); },
            clock);
    }
};

}  // namespace tocsin::http

#include "plugin.moc"
