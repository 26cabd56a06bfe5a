// A Qt plugin of ours that forgot its plugin.json.
#include <QObject>
#include <QtPlugin>

#include "sdk/plugin.h"

class NoJsonPlugin : public QObject {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID)
};

#include "nojson.moc"
