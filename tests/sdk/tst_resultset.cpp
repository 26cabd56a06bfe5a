#include <QTest>
#include <thread>

#include "sdk/resultset.h"

using namespace tocsin;

class ResultSetTest : public QObject {
    Q_OBJECT
private slots:
    void keepsBytesNullsAndEmpties();
    void keepsCellsLargerThanABlock();
    void readersSeeOnlyWholeRows();
};

namespace {

QByteArray text(const ResultSet& set, qsizetype row, qsizetype column) {
    const auto cell = set.cell(row, column);
    return cell ? cell->toByteArray() : QByteArray("<null>");
}

}  // namespace

void ResultSetTest::keepsBytesNullsAndEmpties() {
    ResultSet set({{QStringLiteral("a"), {}, false},
                   {QStringLiteral("b"), {}, false},
                   {QStringLiteral("c"), {}, false}});
    const char* values[] = {"one", nullptr, ""};
    const int lengths[] = {3, -1, 0};
    set.appendRow(values, lengths);
    const char* nulls[] = {nullptr, nullptr, "\0x"};
    const int nullLengths[] = {-1, -1, 2};
    set.appendRow(nulls, nullLengths);
    QCOMPARE(set.rowCount(), 2);
    QCOMPARE(text(set, 0, 0), QByteArray("one"));
    QVERIFY(!set.cell(0, 1));
    QCOMPARE(text(set, 0, 2), QByteArray(""));
    QVERIFY(!set.cell(1, 0));
    QCOMPARE(text(set, 1, 2), QByteArray("\0x", 2));
}

void ResultSetTest::keepsCellsLargerThanABlock() {
    ResultSet set({{QStringLiteral("a"), {}, false}});
    const QByteArray small("small"), large(9 * 1024 * 1024, 'L');
    for (const QByteArray& value : {small, large, small}) {
        const char* values[] = {value.constData()};
        const int lengths[] = {static_cast<int>(value.size())};
        set.appendRow(values, lengths);
    }
    QCOMPARE(text(set, 0, 0), small);
    QVERIFY(text(set, 1, 0) == large);
    QCOMPARE(text(set, 2, 0), small);
}

void ResultSetTest::readersSeeOnlyWholeRows() {
    ResultSet set({{QStringLiteral("n"), {}, true}});
    constexpr int rows = 50000;
    std::thread writer([&] {
        for (int i = 0; i < rows; ++i) {
            const QByteArray value = QByteArray::number(i);
            const char* values[] = {value.constData()};
            const int lengths[] = {static_cast<int>(value.size())};
            set.appendRow(values, lengths);
        }
    });
    qsizetype checked = 0;
    while (checked < rows) {
        const qsizetype count = set.rowCount();
        for (; checked < count; ++checked) {
            if (text(set, checked, 0) == QByteArray::number(checked)) continue;
            writer.join();
            QFAIL("a row was visible before it was whole");
        }
    }
    writer.join();
}

QTEST_GUILESS_MAIN(ResultSetTest)
#include "tst_resultset.moc"
