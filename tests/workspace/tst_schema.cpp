// The editors’ schema knows every plugin and every field, and the reader’s other keys. When this
// fails, run resources/schema/generate.py.
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

class TestSchema : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyPlugin_data();
    void everyPlugin();
    void everySection();

private:
    static QJsonObject read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                              : QJsonObject();
    }
    QJsonObject m_properties;
};

void TestSchema::initTestCase() {
    const QJsonObject schema = read(QStringLiteral(SOURCE "/resources/schema/tocsin.schema.json"));
    m_properties = schema[u"properties"].toObject();
    QVERIFY(!m_properties.isEmpty());
}

void TestSchema::everyPlugin_data() {
    QTest::addColumn<QString>("file");
    QDirIterator it(QStringLiteral(SOURCE "/plugins"), {QStringLiteral("plugin.json")}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString file = it.next();
        QTest::newRow(qPrintable(file.section(QLatin1Char('/'), -3, -2))) << file;
    }
}

void TestSchema::everyPlugin() {
    QFETCH(QString, file);
    const QJsonObject plugin = read(file);
    const QMap<QString, QString> sections{{QStringLiteral("source"), QStringLiteral("sources")},
                                          {QStringLiteral("engine"), QStringLiteral("connections")},
                                          {QStringLiteral("probe"), QStringLiteral("probes")},
                                          {QStringLiteral("notifier"), QStringLiteral("channels")}};
    const QJsonObject items =
        m_properties[sections[plugin[u"category"].toString()]][u"items"].toObject();
    QJsonObject entry;
    for (const QJsonValue& one : items[u"oneOf"].toArray())
        if (one[u"properties"][u"kind"][u"const"] == plugin[u"type"]) entry = one.toObject();
    QVERIFY(!entry.isEmpty());
    const QJsonObject fields = entry[u"properties"].toObject();
    for (const QJsonValue& field : plugin[u"fields"].toArray()) {
        const QString name = field[u"name"].toString();
        QVERIFY2(fields.contains(name), qPrintable(name));
        QCOMPARE(entry[u"required"].toArray().contains(name), field[u"required"].toBool());
    }
}

void TestSchema::everySection() {
    for (const char* key : {"workspace", "runbooks", "bundled", "sources", "rules", "connections",
                            "probes", "channels", "escalation", "variables"})
        QVERIFY2(m_properties.contains(QLatin1String(key)), key);
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
