#include "tests/delivery/killmatrix.h"

using namespace tocsin;
using namespace tocsin::test;

/// kill −9 before every single write and sync of the store in one life, from the first look at the
/// file to the last record; and in the middle of writes. Two channels share the borders: one has
/// the odd ones, the other the even ones.
class KillStoreTest : public QObject {
    Q_OBJECT
private slots:
    void everyBorder_data();
    void everyBorder();

private:
    static int readCount(const QString& file) {
        QFile count(file);
        return count.open(QIODevice::ReadOnly) ? count.readAll().trimmed().toInt() : 0;
    }
};

void KillStoreTest::everyBorder_data() {
    QTest::addColumn<bool>("bot");
    QTest::newRow("webhook") << false;
    QTest::newRow("bot") << true;
}

void KillStoreTest::everyBorder() {
    QFETCH(bool, bot);
    KillMatrix matrix(bot);
    matrix.listen();
    matrix.set("LD_PRELOAD", QStringLiteral(DIEPOINT));
    matrix.set("DIEPOINT_FILE", QStringLiteral("tocsin.db"));
    // One life in peace says how many borders there are; later ones are as long or longer.
    matrix.set("DIEPOINT_COUNT", matrix.path("count"));
    QVERIFY(!matrix.live());
    QVERIFY(!matrix.live());
    const int borders = readCount(matrix.path("count"));
    QVERIFY2(borders >= 300, qPrintable(QString::number(borders)));
    constexpr int kDeathsInARow = 8;
    for (int border = bot ? 2 : 1; border <= borders; border += 2) {
        matrix.set("DIEPOINT_AT", QString::number(border));
        matrix.set("DIEPOINT_TORN",
                   border / 2 % 3 == 0 ? QStringLiteral("1") : QStringLiteral("0"));
        matrix.live();
        matrix.lookAround();
        matrix.set("DIEPOINT_AT", QStringLiteral("0"));
        // So that later deaths find little, and much, that was left behind.
        if (border / 2 % kDeathsInARow == 0) matrix.live();
        if (QTest::currentTestFailed()) return;
    }
    QVERIFY(!matrix.live());
    qInfo("%d borders in one life", borders);
    QVERIFY2(matrix.kills >= borders / 2 * 9 / 10, qPrintable(QString::number(matrix.kills)));
    matrix.account();
}

QTEST_GUILESS_MAIN(KillStoreTest)
#include "tst_killstore.moc"
