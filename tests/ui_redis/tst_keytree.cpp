#include "ui/redis/keytree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tocsin::ui;

/// Keys as a tree.
class KeyTreeTest : public QObject {
    Q_OBJECT
private slots:
    void growsByTheSeparator();
    void countsWhatItDoesNotKeep();
    void countsAKeyOnce();
    void addsRowsOnlyAtTheEnd();
};

void KeyTreeTest::growsByTheSeparator() {
    KeyTree tree;
    const QAbstractItemModelTester tester(&tree,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    tree.add({"bull:mail:wait", "bull:mail:meta", "bull:video:wait", "plain", "bull"});
    QTRY_COMPARE(tree.rowCount(), 2);
    const QModelIndex bull = tree.index(0, 0);
    QCOMPARE(bull.data().toString(), QStringLiteral("bull:"));
    QCOMPARE(bull.siblingAtColumn(1).data().toString(), QStringLiteral("4"));
    QCOMPARE(bull.data(KeyTree::KeyRole).toByteArray(), QByteArray("bull"));  // a key as well
    tree.fetchMore(bull);
    QCOMPARE(tree.rowCount(bull), 2);
    const QModelIndex mail = tree.index(0, 0, bull);
    tree.fetchMore(mail);
    QCOMPARE(tree.index(0, 0, mail).data(KeyTree::KeyRole).toByteArray(),
             QByteArray("bull:mail:wait"));
    QVERIFY(mail.data(KeyTree::KeyRole).toByteArray().isEmpty());
    QCOMPARE(tree.index(1, 0).data(KeyTree::KeyRole).toByteArray(), QByteArray("plain"));
    tree.clear("|");
    QCOMPARE(tree.rowCount(), 0);
    tree.add({"a:b|c"});
    QTRY_COMPARE(tree.rowCount(), 1);
    QCOMPARE(tree.index(0, 0).data().toString(), QStringLiteral("a:b|"));
}

/// Ten million names would not fit; their numbers do.
void KeyTreeTest::countsWhatItDoesNotKeep() {
    KeyTree tree;
    constexpr int kKeys = 200'000;
    for (int i = 0; i < kKeys; i += 1000) {
        QByteArrayList some;
        for (int k = i; k < i + 1000; ++k)
            some << "session:" + QByteArray::number(k);
        tree.add(some);
    }
    QCOMPARE(tree.keyCount(), qint64(kKeys));
    QVERIFY(tree.keptCount() <= KeyTree::kMostShown + 1);
    QTRY_COMPARE(tree.rowCount(), 1);
    QCOMPARE(tree.index(0, 1).data().toString(), QStringLiteral("200 000"));
    // Many groups of many members: a bound for all of them.
    for (int group = 0; group < 400; ++group) {
        QByteArrayList some;
        for (int k = 0; k < 1000; ++k)
            some << "user:" + QByteArray::number(group) + ':' + QByteArray::number(k);
        tree.add(some);
    }
    QCOMPARE(tree.keyCount(), qint64(600'000));
    QVERIFY(tree.keptCount() <= KeyTree::kMostKept + 1);
    QVERIFY(tree.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("first")));
    // What comes then is a group all the same.
    for (int group = 0; group < 300; ++group)
        tree.add({"user:late" + QByteArray::number(group) + ":1"});
    tree.add({"bull:mail:meta", "bull:mail:wait"});
    QTRY_COMPARE(tree.rowCount(), 3);
    const QModelIndex bull = tree.index(2, 0);
    QCOMPARE(bull.data().toString(), QStringLiteral("bull:"));
    QCOMPARE(bull.siblingAtColumn(1).data().toString(), QStringLiteral("2"));
    QVERIFY(bull.data(Qt::ToolTipRole).toString().contains(QStringLiteral("not listed")));
}

void KeyTreeTest::countsAKeyOnce() {
    KeyTree tree;
    tree.add({"a:b", "a:b", "a:c", "a"});
    tree.add({"a:b", "a"});
    QCOMPARE(tree.keyCount(), qint64(3));
}

void KeyTreeTest::addsRowsOnlyAtTheEnd() {
    KeyTree tree;
    tree.add({"b", "a"});
    QTRY_COMPARE(tree.rowCount(), 2);
    QSignalSpy inserted(&tree, &QAbstractItemModel::rowsInserted);
    QSignalSpy reset(&tree, &QAbstractItemModel::modelReset);
    tree.add({"0", "b:c"});
    QTRY_COMPARE(inserted.count(), 1);
    QCOMPARE(tree.index(0, 0).data().toString(), QStringLiteral("b:"));
    QCOMPARE(tree.index(2, 0).data().toString(), QStringLiteral("0"));
    QCOMPARE(reset.count(), 0);
}

QTEST_GUILESS_MAIN(KeyTreeTest)
#include "tst_keytree.moc"
