#include "sdk/plugin.h"

#include "plugins/sources/health/healthsource.h"

namespace tocsin::health {

class Plugin : public QObject, public SourcePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_SOURCE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::SourcePlugin)
public:
    Result<std::unique_ptr<AlertSource>> createSource(const Settings& settings,
                                                      Clock& clock) override {
        return std::make_unique<HealthSource>(settings, clock);
    }
};

}  // namespace tocsin::health

#include "plugin.moc"
