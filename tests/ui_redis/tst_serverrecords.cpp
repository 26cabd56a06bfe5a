#include "ui/redis/serverrecords.h"

#include <QTest>

using namespace tocsin::ui;
using tocsin::inspection::ServerFigures;

/// What the figures of a server say.
class ServerRecordsTest : public QObject {
    Q_OBJECT
private slots:
    void hidesNoMisses_data();
    void hidesNoMisses();
};

void ServerRecordsTest::hidesNoMisses_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<QString>("words");
    QTest::newRow("all") << 1.0 << QStringLiteral("100.0 %");
    QTest::newRow("all but few") << 0.99999 << QStringLiteral("> 99.9 %");
    QTest::newRow("most") << 0.57 << QStringLiteral("57.0 %");
    QTest::newRow("none") << 0.0 << QStringLiteral("0.0 %");
}

void ServerRecordsTest::hidesNoMisses() {
    QFETCH(double, rate);
    ServerFigures now;
    now.hitRate = rate;
    QString shown;
    for (const FigureStrip::Figure& figure : serverFigures({now}))
        if (figure.name == QStringLiteral("hit rate")) shown = figure.value;
    QTEST(shown, "words");
}

QTEST_GUILESS_MAIN(ServerRecordsTest)
#include "tst_serverrecords.moc"
