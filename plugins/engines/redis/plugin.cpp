#include "sdk/plugin.h"
#include "plugins/engines/redis/engine.h"

namespace tocsin::redis {

class RedisPlugin : public QObject, public EnginePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_ENGINE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::EnginePlugin)
public:
    Result<std::unique_ptr<QueryEngine>> createEngine(const Settings& settings,
                                                      Clock& clock) override {
        const auto address = addressOf(settings);
        if (!address) return tl::unexpected<Error>(address.error());
        return std::make_unique<Engine>(*address, clock);
    }
};

}  // namespace tocsin::redis

#include "plugin.moc"
