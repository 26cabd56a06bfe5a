#include "sdk/plugin.h"

#include "plugins/probes/statuspage/summary.h"
#include "sdk/httpprobe.h"

namespace tocsin::statuspage {

class Plugin : public QObject, public ProbePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::ProbePlugin)
public:
    Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock) override {
        const QUrl page = settings.url(QStringLiteral("url"));
        HttpRequest request;
        request.url = summaryAddress(page);
        const QStringList only = settings.list(QStringLiteral("components"));
        return std::make_unique<HttpProbe>(
            settings.name, page, request,
            [only](const HttpReply& reply) { return reportFromSummary(reply, only); }, clock);
    }
};

}  // namespace tocsin::statuspage

#include "plugin.moc"
