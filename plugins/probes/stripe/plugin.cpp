#include "sdk/plugin.h"

#include "plugins/probes/stripe/current.h"
#include "sdk/httpprobe.h"

namespace tocsin::stripe {

class Plugin : public QObject, public ProbePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::ProbePlugin)
public:
    Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock) override {
        QUrl page = settings.url(QStringLiteral("url"));
        if (page.isEmpty()) page = QUrl(QStringLiteral("https://status.stripe.com"));
        HttpRequest request;
        request.url = currentAddress(page);
        return std::make_unique<HttpProbe>(settings.name, page, request, reportFromCurrent, clock);
    }
};

}  // namespace tocsin::stripe

#include "plugin.moc"
