#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include "plugins/notifiers/discord/cutting.h"

using namespace tocsin::discord;

namespace {

QString letters(const QString& text) {
    QString out;
    for (const QChar c : text)
        if (!c.isSpace() && c != u'`') out += c;
    return out;
}

bool hasHalfPair(const QString& part) {
    return part.front().isLowSurrogate() || part.back().isHighSurrogate();
}

}  // namespace

class CuttingTest : public QObject {
    Q_OBJECT
private slots:
    void whatFitsIsUnchanged();
    void prefersParagraphs();
    void keepsFencesClosed_data();
    void keepsFencesClosed();
    void keepsTheLanguageAndTheIndentation();
    void keepsMentionsWhole_data();
    void keepsMentionsWhole();
    void keepsCharactersWhole();
    void firstPartHasItsOwnLimit();
    void survivesRandomText();
};

void CuttingTest::whatFitsIsUnchanged() {
    const QString text = QStringLiteral("  a\n\nb  ").leftJustified(2000, u'x');
    QCOMPARE(cutMarkdown(text, 2000, 2000), QStringList{text});
    QCOMPARE(cutMarkdown({}, 2000, 2000), QStringList{QString()});
}

void CuttingTest::prefersParagraphs() {
    const QString first = QString(120, u'a') + QStringLiteral(". More. ") + QString(20, u'b');
    const QString second = QString(100, u'c');
    QCOMPARE(cutMarkdown(first + QStringLiteral("\n\n") + second, 200, 200),
             (QStringList{first, second}));
}

void CuttingTest::keepsFencesClosed_data() {
    QTest::addColumn<QString>("text");
    QString rows;
    for (int i = 0; i < 60; ++i)
        rows += QStringLiteral("SELECT %1;\n").arg(i);
    QTest::newRow("one fence") << QStringLiteral("Intro\n```sql\n") + rows +
                                      QStringLiteral("```\nEnd");
    QTest::newRow("never closed") << QStringLiteral("Intro\n```\n") + rows;
    QTest::newRow("many") << QStringLiteral("```a\nx\n```\nword ").repeated(40);
    QTest::newRow("one line") << QStringLiteral("```") + QStringLiteral("abc ").repeated(200) +
                                     QStringLiteral("```");
    QTest::newRow("no breaks") << QStringLiteral("```js\n") + QString(900, u'x') +
                                      QStringLiteral("\n```");
}

void CuttingTest::keepsFencesClosed() {
    QFETCH(QString, text);
    const QStringList parts = cutMarkdown(text, 200, 200);
    QVERIFY(parts.size() > 1);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        QVERIFY2(parts[i].size() <= 200, qPrintable(parts[i]));
        const bool mayBeOpen = i == parts.size() - 1 && text.count(QStringLiteral("```")) % 2 == 1;
        QVERIFY2(parts[i].count(QStringLiteral("```")) % 2 == 0 || mayBeOpen, qPrintable(parts[i]));
        QVERIFY2(!parts[i].contains(QStringLiteral("````")), qPrintable(parts[i]));
    }
}

void CuttingTest::keepsTheLanguageAndTheIndentation() {
    const QString text = QStringLiteral("```sql\n") +
                         QStringLiteral("    indented line\n").repeated(30) + QStringLiteral("```");
    const QStringList parts = cutMarkdown(text, 200, 200);
    QVERIFY(parts.size() > 2);
    for (const QString& part : parts) {
        QVERIFY2(part.startsWith(QStringLiteral("```sql\n    indented")), qPrintable(part));
        QVERIFY2(part.endsWith(QStringLiteral("```")), qPrintable(part));
    }
}

void CuttingTest::keepsMentionsWhole_data() {
    QTest::addColumn<QString>("token");
    for (const char* token :
         {"<@&123456789012345678>", "<@123456789012345678>", "<@!12345678901234567>",
          "<#123456789012345678>", "<:fire:123456789012345678>", "<t:1767225600:R>",
          "https://status.example.org/incidents/a1b2c3d4e5"})
        QTest::newRow(token) << QString::fromLatin1(token);
}

void CuttingTest::keepsMentionsWhole() {
    QFETCH(QString, token);
    for (int before = 150; before < 210; ++before) {
        const QString text = QString(before, u'x') + token + QString(100, u'y');
        const QStringList parts = cutMarkdown(text, 200, 200);
        int whole = 0;
        for (const QString& part : parts)
            whole += static_cast<int>(part.count(token));
        QCOMPARE(whole, 1);
        QCOMPARE(parts.join(QString()), text);
    }
}

void CuttingTest::keepsCharactersWhole() {
    // A surrogate pair; a family joined from four; a letter with a combining mark.
    for (const QString& c : {QStringLiteral("🔥"), QStringLiteral("👨‍👩‍👧‍👦"),
                             QStringLiteral("e\u0301")}) {
        for (int before = 0; before < 12; ++before) {
            const QString text = QString(before, u'x') + c.repeated(150);
            const QStringList parts = cutMarkdown(text, 200, 200);
            QCOMPARE(parts.join(QString()), text);
            for (const QString& part : parts.mid(1))
                QVERIFY2(part.startsWith(c), qPrintable(part));
        }
    }
    // A "character" longer than a part is broken, but never a pair.
    for (const QString& part :
         cutMarkdown(QStringLiteral("🔥") + QStringLiteral("\u200d🔥").repeated(300), 200, 200))
        QVERIFY(part.size() <= 200 && !hasHalfPair(part));
}

void CuttingTest::firstPartHasItsOwnLimit() {
    const QStringList parts = cutMarkdown(QStringLiteral("word ").repeated(400), 300, 900);
    QVERIFY(parts.first().size() <= 300);
    QVERIFY(parts[1].size() > 300 && parts[1].size() <= 900);
}

void CuttingTest::survivesRandomText() {
    const QStringList pieces{
        QStringLiteral("```"),      QStringLiteral("```sql\n"),       QStringLiteral("\n"),
        QStringLiteral("\n\n"),     QStringLiteral("word "),          QStringLiteral("🔥"),
        QStringLiteral("<@&1234>"), QStringLiteral("e\u0301"),        QStringLiteral("`"),
        QStringLiteral("****"),     QStringLiteral("https://a.b/c "), QString(70, u'(')};
    QRandomGenerator random(42);
    for (int round = 0; round < 400; ++round) {
        QString text;
        for (int i = random.bounded(5, 200); i > 0; --i)
            text += pieces[random.bounded(static_cast<int>(pieces.size()))];
        QString joined;
        for (const QString& part : cutMarkdown(text, 250, 300)) {
            QVERIFY2(part.size() <= 300, qPrintable(text));
            QVERIFY2(text.size() <= 250 || !part.trimmed().isEmpty(), qPrintable(text));
            if (!part.isEmpty()) QVERIFY(!hasHalfPair(part));
            joined += part;
        }
        // Nothing is lost; only fences and their language may be repeated.
        QCOMPARE(letters(joined).remove(QStringLiteral("sql")),
                 letters(text).remove(QStringLiteral("sql")));
    }
}

QTEST_GUILESS_MAIN(CuttingTest)
#include "tst_cutting.moc"
