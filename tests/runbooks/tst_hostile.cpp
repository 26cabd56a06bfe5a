#include <QRandomGenerator>
#include <QtTest>

#include "runbooks/library.h"

using namespace tocsin::runbooks;

namespace {

QStringList rulesIn(const QByteArray& bytes) {
    const auto document = parseDocument(bytes, QStringLiteral("x.md"));
    QStringList rules;
    for (const Finding& finding : document.findings)
        rules << finding.rule;
    return rules;
}

/// What must hold for anything at all: holes lie in their text, lines in the document.
void checkSound(const ParsedDocument& document, int lines) {
    for (const auto* list : {&document.runbooks, &document.documents})
        for (const Runbook& runbook : *list)
            for (const Section& section : runbook.sections)
                for (const Step& step : section.steps)
                    for (const Block& block : step.blocks) {
                        QVERIFY(block.line >= 0 && block.line <= lines);
                        for (const Placeholder& hole : block.placeholders)
                            QVERIFY(hole.offset >= 0 &&
                                    hole.offset + hole.length <= block.text.size());
                    }
}

}  // namespace

class TestHostile : public QObject {
    Q_OBJECT

private slots:
    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("rule");
        QTest::newRow("10 MB") << QByteArray(10 * 1024 * 1024, 'a') << QStringLiteral("too-large");
        QTest::newRow("nul") << QByteArray("# A\n\0b", 6) << QStringLiteral("not-text");
        QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)
                                 << QStringLiteral("not-text");
        QTest::newRow("utf-16") << QByteArray("\xFF\xFE#\0 \0", 6) << QStringLiteral("not-utf8");
        QTest::newRow("latin-1") << QByteArray("# \xFC") << QStringLiteral("not-utf8");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
        QTest::newRow("no end of front matter")
            << QByteArray("---\na: b\n# A\n") << QStringLiteral("front-matter");
        QTest::newRow("broken front matter")
            << QByteArray("---\na: [b\n---\n# A\n") << QStringLiteral("front-matter");
        QTest::newRow("unclosed") << QByteArray("# A\n\n```bash\ndf -h\n")
                                  << QStringLiteral("unclosed-fence");
    }

    void saysWhatIsWrong() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, rule);
        QVERIFY2(rulesIn(bytes).contains(rule), qPrintable(rulesIn(bytes).join(u' ')));
    }

    void cutAnywhere() {
        QFile file(QFINDTESTDATA("data/combined.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (qsizetype end = 0; end < whole.size(); end += end < 1200 ? 1 : 7)
            checkSound(parseDocument(whole.left(end), QStringLiteral("x.md")),
                       static_cast<int>(whole.count('\n')) + 2);
    }

    void scrambled() {
        QFile file(QFINDTESTDATA("data/combined.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        QRandomGenerator random(7);
        for (int round = 0; round < 300; ++round) {
            QByteArray bytes = whole;
            for (int change = 0; change < 20; ++change)
                bytes[random.bounded(static_cast<int>(bytes.size()))] =
                    "`\"'#\n[]<>$ {}\\-*1."[random.bounded(19)];
            checkSound(parseDocument(bytes, QStringLiteral("x.md")),
                       static_cast<int>(bytes.count('\n')) + 2);
        }
    }

    void manyBlocks() {
        QByteArray bytes = "# A\n\n**Alert:** `a`\n\n## Steps\n\n1. **One**\n";
        while (bytes.size() < 256 * 1024)
            bytes +=
                "   ```bash\n   echo it's [PID] $X \"open\n   redis-cli LLEN bull:q:waiting\n   "
                "```\n";
        const auto document = parseDocument(bytes, QStringLiteral("x.md"));
        QCOMPARE(document.runbooks.size(), 1);
        QVERIFY(document.runbooks[0].sections[0].steps[0].blocks.size() > 2000);
    }
};

QTEST_GUILESS_MAIN(TestHostile)
#include "tst_hostile.moc"
