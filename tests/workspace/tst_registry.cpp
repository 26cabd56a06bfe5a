#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "workspace/pluginmetadata.h"
#include "workspace/registry.h"

using namespace tocsin;
using namespace tocsin::workspace;

class TestRegistry : public QObject {
    Q_OBJECT
private slots:
    void readsMetadataWithoutLoading();
    void makesOnFirstUse();
    void thePluginMayRefuse();
    void unknownKind();
    void problems_data();
    void problems();
    void aBrokenLibraryIsAProblem();
    void promisesThatAreNotKept();
    void anEarlierFolderWins();
    void metadata_data();
    void metadata();

private:
    static QString folder(const char* plugin) {
        return QStringLiteral(TEST_PLUGINS "/") + QLatin1String(plugin);
    }
    TestClock m_clock;
};

static bool isLoaded(const QString& name) {
    QFile maps(QStringLiteral("/proc/self/maps"));
    return maps.open(QIODevice::ReadOnly) && maps.readAll().contains(name.toUtf8());
}

void TestRegistry::readsMetadataWithoutLoading() {
    const Registry registry({folder("echo")});
    QVERIFY(registry.problems().isEmpty());
    QCOMPARE(registry.plugins().size(), 1);
    const PluginInfo* echo = registry.find(QStringLiteral("probe"), QStringLiteral("echo"));
    QVERIFY(echo);
    QCOMPARE(echo->title, QStringLiteral("Echo"));
    QCOMPARE(echo->fields.size(), 2);
    QVERIFY(!isLoaded(QStringLiteral("echo.so")));
}

void TestRegistry::makesOnFirstUse() {
    Registry registry({folder("echo")});
    Settings settings;
    settings.name = QStringLiteral("here");
    settings.kind = QStringLiteral("echo");
    const auto probe = registry.createProbe(settings, m_clock);
    QVERIFY(probe.has_value());
    QVERIFY(isLoaded(QStringLiteral("echo.so")));
    QCOMPARE((*probe)->look().result().summary, QStringLiteral("here"));
    QVERIFY(registry.createProbe(settings, m_clock).has_value());
}

void TestRegistry::thePluginMayRefuse() {
    Registry registry({folder("echo")});
    Settings settings;
    settings.kind = QStringLiteral("echo");
    settings.values.insert(QStringLiteral("refuse"), true);
    const auto probe = registry.createProbe(settings, m_clock);
    QVERIFY(!probe);
    QCOMPARE(probe.error().message, QStringLiteral("Told to refuse."));
}

void TestRegistry::unknownKind() {
    Registry registry({folder("echo")});
    Settings settings;
    settings.kind = QStringLiteral("echo");
    const auto source = registry.createSource(settings, m_clock);
    QVERIFY(!source);
    QCOMPARE(source.error().code, ErrorCode::NotFound);
    settings.kind = QStringLiteral("nagios");
    QCOMPARE(registry.createProbe(settings, m_clock).error().code, ErrorCode::NotFound);
}

void TestRegistry::problems_data() {
    QTest::addColumn<QString>("folderName");
    QTest::addColumn<QString>("says");
    QTest::newRow("wrong api") << QStringLiteral("futureapi") << QStringLiteral("api 99");
    QTest::newRow("no plugin.json") << QStringLiteral("nojson") << QStringLiteral("plugin.json");
}

void TestRegistry::problems() {
    QFETCH(QString, folderName);
    QFETCH(QString, says);
    const Registry registry({folder(qPrintable(folderName)), folder("echo")});
    QCOMPARE(registry.plugins().size(), 1);  // the good one beside it still works
    QCOMPARE(registry.problems().size(), 1);
    QVERIFY(registry.problems().first().file.endsWith(folderName + QStringLiteral(".so")));
    QVERIFY2(registry.problems().first().message.contains(says),
             qPrintable(registry.problems().first().message));
}

void TestRegistry::aBrokenLibraryIsAProblem() {
    const QTemporaryDir broken;
    QFile file(broken.filePath(QStringLiteral("broken.so")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no library");
    file.close();
    // The beginning of a real one, as after an interrupted installation.
    QFile whole(folder("echo") + QStringLiteral("/probes/echo.so"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QFile half(broken.filePath(QStringLiteral("cut.so")));
    QVERIFY(half.open(QIODevice::WriteOnly));
    half.write(whole.read(200));
    half.close();

    const Registry registry({broken.path(), QStringLiteral("/nowhere"), folder("echo")});
    QCOMPARE(registry.plugins().size(), 1);
    QCOMPARE(registry.problems().size(), 2);
    for (const PluginProblem& problem : registry.problems())
        QVERIFY2(problem.message.contains(QStringLiteral("install")), qPrintable(problem.message));
}

void TestRegistry::promisesThatAreNotKept() {
    Registry registry({folder("liar")});
    QCOMPARE(registry.plugins().size(), 1);
    Settings settings;
    settings.kind = QStringLiteral("liar");
    const auto probe = registry.createProbe(settings, m_clock);
    QVERIFY(!probe);
    QCOMPARE(probe.error().code, ErrorCode::Config);
}

void TestRegistry::anEarlierFolderWins() {
    const QTemporaryDir own;
    const QString copy = own.filePath(QStringLiteral("echo.so"));
    QVERIFY(QFile::copy(folder("echo") + QStringLiteral("/probes/echo.so"), copy));
    const Registry registry({own.path(), folder("echo"), folder("echo")});
    QCOMPARE(registry.plugins().size(), 1);
    QCOMPARE(registry.plugins().first().file, copy);
    QVERIFY(registry.problems().isEmpty());
}

void TestRegistry::metadata_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* json, const char* says) {
        QTest::newRow(name) << QByteArray(json) << QString::fromUtf8(says);
    };
    row("good", R"({"api":1,"category":"probe","type":"x"})", "");
    row("no api", R"({"category":"probe","type":"x"})", "api “none”");
    row("api as text", R"({"api":"1","category":"probe","type":"x"})", "api “none”");
    row("category", R"({"api":1,"category":"gauge","type":"x"})", "“gauge”");
    row("type", R"({"api":1,"category":"probe"})", "no type");
    row("other interface", R"({"api":1,"category":"engine","type":"x"})", "exports");
    row("field kind",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"a","kind":"colour"}]})",
        "colour");
    row("field twice",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"a","kind":"text"},{"name":"a","kind":"text"}]})",
        "“a” is there twice");
    row("field every entry has",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"kind","kind":"text"}]})",
        "“kind”");
    row("default",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"a","kind":"duration","default":10}]})",
        "default of field “a”");
    row("secret default",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"a","kind":"secret","default":"x"}]})",
        "default of field “a”");
    row("choices",
        R"({"api":1,"category":"probe","type":"x","fields":[{"name":"a","kind":"choice"}]})",
        "without choices");
}

void TestRegistry::metadata() {
    QFETCH(QByteArray, json);
    QFETCH(QString, says);
    const QJsonObject metadata{
        {QStringLiteral("IID"), QStringLiteral(TOCSIN_PROBE_IID)},
        {QStringLiteral("MetaData"), QJsonDocument::fromJson(json).object()}};
    const auto info = pluginInfo(metadata, QStringLiteral("/somewhere/x.so"));
    QCOMPARE(info.has_value(), says.isEmpty());
    if (!info) QVERIFY2(info.error().message.contains(says), qPrintable(info.error().message));
}

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
