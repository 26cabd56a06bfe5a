// Made for a console that does not exist yet.
#include <QObject>
#include <QtPlugin>

#include "sdk/plugin.h"

class FuturePlugin : public QObject {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "futureapi.json")
};

#include "futureapi.moc"
