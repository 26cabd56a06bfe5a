#include "sdk/plugin.h"

#include "plugins/probes/aws/currentevents.h"
#include "sdk/httpprobe.h"

namespace tocsin::aws {

class Plugin : public QObject, public ProbePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::ProbePlugin)
public:
    Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock) override {
        HttpRequest request;
        request.url = settings.url(QStringLiteral("url"));
        if (request.url.isEmpty())
            request.url =
                QUrl(QStringLiteral("https://health.aws.amazon.com/public/currentevents"));
        const QStringList regions = settings.list(QStringLiteral("regions"));
        const QStringList services = settings.list(QStringLiteral("services"));
        return std::make_unique<HttpProbe>(
            settings.name, QUrl(QStringLiteral("https://health.aws.amazon.com/health/status")),
            request,
            [regions, services](const HttpReply& reply) {
                return reportFromEvents(reply, regions, services);
            },
            clock);
    }
};

}  // namespace tocsin::aws

#include "plugin.moc"
