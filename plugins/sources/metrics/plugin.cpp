#include "sdk/plugin.h"

#include "plugins/sources/metrics/metricssource.h"

namespace tocsin::metrics {

class Plugin : public QObject, public SourcePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_SOURCE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::SourcePlugin)
public:
    Result<std::unique_ptr<AlertSource>> createSource(const Settings& settings,
                                                      Clock& clock) override {
        Result<QVector<Rule>> rules = rulesFromSettings(settings);
        if (!rules) return tl::unexpected(rules.error());
        return std::make_unique<MetricsSource>(settings, std::move(*rules), clock);
    }
};

}  // namespace tocsin::metrics

#include "plugin.moc"
