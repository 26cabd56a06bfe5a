#include <QTest>

#include "workspace/nearest.h"
#include "workspace/values.h"
#include "workspace/workspace.h"

using namespace tocsin;
using namespace tocsin::workspace;

class TestValues : public QObject {
    Q_OBJECT
private slots:
    void durations_data();
    void durations();
    void secrets_data();
    void secrets();
    void references_data();
    void references();
    void nearestWord_data();
    void nearestWord();
};

void TestValues::durations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("ms") << QStringLiteral("500ms") << qint64(500);
    QTest::newRow("s") << QStringLiteral("10s") << qint64(10000);
    QTest::newRow("m") << QStringLiteral("15m") << qint64(900000);
    QTest::newRow("h") << QStringLiteral("2h") << qint64(7200000);
    QTest::newRow("zero") << QStringLiteral("0") << qint64(0);
    QTest::newRow("zero minutes") << QStringLiteral("0m") << qint64(0);
    for (const char* bad : {"", "10", "s", "-5s", "1.5s", "5 m", "5d", "10S", "99999999999h",
                            "9999999999h", "5m30s", "٥s"})
        QTest::newRow(qPrintable(QStringLiteral("bad “%1”").arg(QString::fromUtf8(bad))))
            << QString::fromUtf8(bad) << qint64(-1);
}

void TestValues::durations() {
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    const auto duration = durationFromText(text);
    QCOMPARE(duration ? duration->count() : -1, milliseconds);
}

void TestValues::secrets_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* text, bool holds) {
        QTest::newRow(text) << QString::fromLatin1(text) << holds;
    };
    row("postgresql://oncall@db:5432/app", false);
    row("postgresql://oncall:pw@db:5432/app", true);
    row("redis://:pw@cache", true);
    row("http://127.0.0.1:9093/a@b", false);
    row("http://host/a:b@c", false);
    row("host=db dbname=app", false);
    row("host=db password=pw", true);
    row("postgresql://db/app?sslmode=require", false);
    row("postgresql://db/app?password=pw", true);
    row("https://discord.com/api/webhooks/123/aBc-_d", true);
    row("https://discord.com/api/webhooks/", false);
    row("https://x/?token=abc", true);
    row("a=b", false);
}

void TestValues::secrets() {
    QFETCH(QString, text);
    QFETCH(bool, holds);
    QCOMPARE(holdsSecret(text), holds);
}

void TestValues::references_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read");
    const auto row = [](const char* text, const char* read) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(read);
    };
    row("keychain:primary", "keychain:primary");
    row("env: PGPASSWORD ", "env:PGPASSWORD");
    row("file:/run/db", "file:/run/db");
    row("file:../db", "file:/team/db");
    row("keychain:", "");
    row("vault:x", "");
    row("https://discord.com/x", "");
    row("plain", "");
}

void TestValues::references() {
    QFETCH(QString, text);
    QFETCH(QString, read);
    const auto reference = secretReferenceFromText(text, QStringLiteral("/team/workspace"));
    QCOMPARE(reference ? reference->text() : QString(), read);
}

void TestValues::nearestWord_data() {
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("meant");
    QTest::newRow("letter missing")
        << QStringLiteral("conections") << QStringLiteral("connections");
    QTest::newRow("letters swapped") << QStringLiteral("soucres") << QStringLiteral("sources");
    QTest::newRow("capitals") << QStringLiteral("Sources") << QStringLiteral("sources");
    QTest::newRow("far away") << QStringLiteral("dashboards") << QString();
    QTest::newRow("endless") << QString(100000, QLatin1Char('s')) << QString();
}

void TestValues::nearestWord() {
    QFETCH(QString, word);
    QFETCH(QString, meant);
    QCOMPARE(nearest(word, {QStringLiteral("sources"), QStringLiteral("connections"),
                            QStringLiteral("url")}),
             meant);
}

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"
