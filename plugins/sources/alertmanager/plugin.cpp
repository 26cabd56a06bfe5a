#include <QRegularExpression>

#include "sdk/plugin.h"

#include "plugins/sources/alertmanager/alertmanagersource.h"

namespace tocsin::alertmanager {

class Plugin : public QObject, public SourcePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_SOURCE_IID FILE "plugin.json")
    Q_INTERFACES(tocsin::SourcePlugin)
public:
    Result<std::unique_ptr<AlertSource>> createSource(const Settings& settings,
                                                      Clock& clock) override {
        const QRegularExpression receiver(settings.text(QStringLiteral("receiver")));
        if (!receiver.isValid())
            return fail(ErrorCode::Config,
                        QStringLiteral("“receiver” must be a regular expression, not “%1”: %2.")
                            .arg(receiver.pattern(), receiver.errorString()));
        return std::make_unique<AlertmanagerSource>(settings, clock);
    }
};

}  // namespace tocsin::alertmanager

#include "plugin.moc"
