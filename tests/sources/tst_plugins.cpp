#include <QJsonObject>
#include <QPluginLoader>
#include <QTest>

#include "sdk/field.h"
#include "sdk/plugin.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

/// The built libraries, as the console meets them: metadata without loading, then the factory.
class PluginsTest : public QObject {
    Q_OBJECT
private slots:
    void makesWhatItSays_data();
    void makesWhatItSays();
    void badRuleIsAConfigError();
};

namespace {

QString libraryOf(const QString& folder, const QString& type) {
    return u"%1/%2/%3.so"_s.arg(qEnvironmentVariable("TOCSIN_PLUGINS"), folder, type);
}

}  // namespace

void PluginsTest::makesWhatItSays_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("type");
    for (const char* type : {"alertmanager", "metrics", "health"})
        QTest::newRow(type) << u"sources"_s << QString::fromLatin1(type);
    for (const char* type : {"statuspage", "stripe", "aws", "http"})
        QTest::newRow(type) << u"probes"_s << QString::fromLatin1(type);
}

void PluginsTest::makesWhatItSays() {
    QFETCH(QString, folder);
    QFETCH(QString, type);
    QPluginLoader loader(libraryOf(folder, type));
    const QJsonObject meta = loader.metaData()[u"MetaData"].toObject();
    QVERIFY2(!meta.isEmpty(), qPrintable(loader.errorString()));
    QCOMPARE(meta[u"api"].toInt(), kPluginApi);
    QCOMPARE(meta[u"type"].toString(), type);
    QCOMPARE(meta[u"category"].toString() + u's', folder);
    QVERIFY(!meta[u"title"].toString().isEmpty() && !meta[u"description"].toString().isEmpty());
    const auto fields = fieldsFromJson(meta[u"fields"].toArray());
    QVERIFY2(fields, fields ? "" : qPrintable(fields.error().message));
    for (const Field& field : *fields)
        QVERIFY2(!field.help.isEmpty(), qPrintable(field.name));

    TestClock clock;
    const Settings settings{u"prod"_s, type, {{u"url"_s, u"http://127.0.0.1:9/"_s}}, {}};
    if (folder == u"sources"_s) {
        auto* plugin = qobject_cast<SourcePlugin*>(loader.instance());
        QVERIFY2(plugin, qPrintable(loader.errorString()));
        QVERIFY(plugin->createSource(settings, clock));
    } else {
        auto* plugin = qobject_cast<ProbePlugin*>(loader.instance());
        QVERIFY2(plugin, qPrintable(loader.errorString()));
        const auto probe = plugin->createProbe(settings, clock);
        QVERIFY(probe && (*probe)->page().isValid());
    }
}

void PluginsTest::badRuleIsAConfigError() {
    QPluginLoader loader(libraryOf(u"sources"_s, u"metrics"_s));
    auto* plugin = qobject_cast<SourcePlugin*>(loader.instance());
    QVERIFY(plugin);
    TestClock clock;
    const QVariantMap rule{{u"key"_s, u"k"_s}, {u"warning"_s, u"lots"_s}};
    const auto source = plugin->createSource(
        {u"app"_s, u"metrics"_s, {{u"url"_s, u"http://x"_s}, {u"rules"_s, QVariantList{rule}}}, {}},
        clock);
    QVERIFY(!source);
    QCOMPARE(source.error().code, ErrorCode::Config);
}

QTEST_GUILESS_MAIN(PluginsTest)
#include "tst_plugins.moc"
