#include <QTest>

#include "workspace/yamltree.h"

using namespace tocsin::workspace;

class TestYamlTree : public QObject {
    Q_OBJECT
private slots:
    void keepsPlacesAndQuotes();
    void mergesAndAliases();
    void mistakes_data();
    void mistakes();
    void keepsWhatStoodBeforeASyntaxError();
    void anAliasBombIsStopped();
    void deepNestingIsStopped();
    void aRingOfAliasesIsStopped();
};

static const QString kFile = QStringLiteral("tocsin.yaml");

void TestYamlTree::keepsPlacesAndQuotes() {
    const YamlDocument document = parseYaml("a: \"1\"\nb:\n  - x\n  - ~\nc: {d: e}\n", kFile);
    QVERIFY(document.mistakes.isEmpty());
    const YamlNode* a = document.root.find(QStringLiteral("a"));
    QVERIFY(a && a->quoted && a->isScalar());
    QCOMPARE(a->column, 4);
    const YamlNode* b = document.root.find(QStringLiteral("b"));
    QVERIFY(b && b->isSequence());
    QCOMPARE(b->items[0].line, 3);
    QCOMPARE(b->items[0].column, 5);
    QVERIFY(!b->items[0].quoted);
    QVERIFY(b->items[1].isNull());
    QVERIFY(document.root.find(QStringLiteral("c"))->find(QStringLiteral("d")));
    QVERIFY(!document.root.find(QStringLiteral("z")));
}

void TestYamlTree::mergesAndAliases() {
    const YamlDocument document =
        parseYaml("x: &base {every: 10s, kind: a}\ny:\n  <<: *base\n  kind: b\nz: *base\n", kFile);
    QVERIFY(document.mistakes.isEmpty());
    const YamlNode* y = document.root.find(QStringLiteral("y"));
    QCOMPARE(y->find(QStringLiteral("every"))->text, QStringLiteral("10s"));
    QCOMPARE(y->find(QStringLiteral("kind"))->text, QStringLiteral("b"));
    const YamlNode* z = document.root.find(QStringLiteral("z"));
    QCOMPARE(z->find(QStringLiteral("kind"))->text, QStringLiteral("a"));
    QCOMPARE(z->line, 5);
}

void TestYamlTree::mistakes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rule");
    QTest::newRow("huge") << QByteArray(1024 * 1024 + 1, '#') << QStringLiteral("too-large");
    QTest::newRow("NUL") << QByteArray("a: b\0c", 6) << QStringLiteral("not-text");
    QTest::newRow("latin1") << QByteArray("a: gr\xfc\xdf") << QStringLiteral("not-text");
    QTest::newRow("elf") << QByteArray(
                                "\x7f"
                                "ELF\x02\x01\x01\0\0",
                                9)
                         << QStringLiteral("not-text");
    QTest::newRow("tab") << QByteArray("a:\n\tb: c\n") << QStringLiteral("tab-indent");
    QTest::newRow("quote") << QByteArray("a: \"b\nc: \"d\"\n") << QStringLiteral("yaml-syntax");
    QTest::newRow("indent") << QByteArray("a: b\n c: d\n") << QStringLiteral("yaml-syntax");
    QTest::newRow("unknown alias") << QByteArray("a: *b\n") << QStringLiteral("yaml-syntax");
    QTest::newRow("twice") << QByteArray("a: 1\na: 2\n") << QStringLiteral("duplicate-key");
}

void TestYamlTree::mistakes() {
    QFETCH(QByteArray, text);
    QFETCH(QString, rule);
    const YamlDocument document = parseYaml(text, kFile);
    QCOMPARE(document.mistakes.size(), 1);
    QCOMPARE(document.mistakes.first().rule, rule);
    QCOMPARE(document.mistakes.first().file, kFile);
    QVERIFY(!document.mistakes.first().message.isEmpty());
}

void TestYamlTree::keepsWhatStoodBeforeASyntaxError() {
    const YamlDocument document = parseYaml(
        "workspace: {name: a}\nsources:\n  - {name: one}\n  - {name: two\nrest: 1\n", kFile);
    QCOMPARE(document.mistakes.size(), 1);
    QVERIFY(document.root.find(QStringLiteral("workspace")));
    const YamlNode* sources = document.root.find(QStringLiteral("sources"));
    QVERIFY(sources);
    QCOMPARE(sources->items.size(), std::size_t(1));
}

void TestYamlTree::anAliasBombIsStopped() {
    QByteArray bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 30; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        const QByteArray name = "a" + QByteArray::number(i);
        bomb += name + ": &" + name + " [" + QByteArrayList(10, before).join(", ") + "]\n";
    }
    const YamlDocument document = parseYaml(bomb, kFile);
    QCOMPARE(document.mistakes.size(), 1);
    QCOMPARE(document.mistakes.first().rule, QStringLiteral("alias-limit"));
    QVERIFY(document.mistakes.first().line > 1);
}

void TestYamlTree::deepNestingIsStopped() {
    for (const char c : {'[', '{'}) {
        const YamlDocument document = parseYaml("a: " + QByteArray(100000, c), kFile);
        QCOMPARE(document.mistakes.size(), 1);
        QCOMPARE(document.mistakes.first().rule, QStringLiteral("yaml-syntax"));
    }
}

void TestYamlTree::aRingOfAliasesIsStopped() {
    parseYaml("a: &a [*a]\n", kFile);
    parseYaml("&a {*a : *a}\n", kFile);
    parseYaml("a: &a {<<: *a}\n", kFile);
}

QTEST_GUILESS_MAIN(TestYamlTree)
#include "tst_yamltree.moc"
