#include "sdk/plugin.h"
#include "plugins/notifiers/discord/discordnotifier.h"

namespace tocsin::discord {

class DiscordPlugin : public QObject, public NotifierPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_NOTIFIER_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::NotifierPlugin)
public:
    Result<std::unique_ptr<Notifier>> createNotifier(const Settings& settings,
                                                     Clock& clock) override {
        return DiscordNotifier::create(settings, clock);
    }
};

}  // namespace tocsin::discord

#include "plugin.moc"
