#include <QtPlugin>

#include "plugins/engines/postgres/engine.h"
#include "sdk/plugin.h"

namespace tocsin::postgres {

class PostgresPlugin : public QObject, public EnginePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_ENGINE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::EnginePlugin)
public:
    Result<std::unique_ptr<QueryEngine>> createEngine(const Settings& settings,
                                                      Clock& clock) override {
        auto target = targetFrom(settings);
        if (!target) return tl::unexpected(target.error());
        return std::make_unique<PostgresEngine>(std::move(*target), clock);
    }
};

}  // namespace tocsin::postgres

#include "plugin.moc"
