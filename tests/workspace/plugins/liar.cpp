// Its metadata promises a probe; its object is none.
#include <QObject>
#include <QtPlugin>

#include "sdk/plugin.h"

class LiarPlugin : public QObject {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "liar.json")
};

#include "liar.moc"
