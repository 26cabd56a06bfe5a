// One entry of tocsin.yaml is changed and nothing else; what cannot be changed safely is refused.
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "workspace/entryedit.h"
#include "workspace/yamltree.h"

using namespace tocsin;
using namespace tocsin::workspace;

namespace {

const QString kSection = QStringLiteral("connections");

EntryEdit made(const QVector<KeyChange>& changes) {
    return {kSection, {}, changes};
}

const QVector<KeyChange> kNew{{QStringLiteral("name"), {}, QStringLiteral("replica")},
                              {QStringLiteral("kind"), {}, QStringLiteral("postgres")},
                              {QStringLiteral("host"), {}, QStringLiteral("db-2")}};
const QByteArray kLine = "- {name: replica, kind: postgres, host: db-2}\n";

}  // namespace

class TestEntryEdit : public QObject {
    Q_OBJECT
private slots:
    void adds_data();
    void adds();
    void changes_data();
    void changes();
    void refuses_data();
    void refuses();
    void anyValueComesBack_data();
    void anyValueComesBack();
    void readsTexts();
    void noticesOthers();
    void writesTheFile();
    void keepsTheFileWhenItCannotBeWritten();
    void anyCutIsSurvived();
};

void TestEntryEdit::adds_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("no file") << QByteArray() << QByteArray("connections:\n  " + kLine);
    QTest::newRow("no section") << QByteArray("workspace: {name: A}\n")
                                << QByteArray("workspace: {name: A}\nconnections:\n  " + kLine);
    QTest::newRow("no line end") << QByteArray("workspace: {name: A}")
                                 << QByteArray("workspace: {name: A}\nconnections:\n  " + kLine);
    QTest::newRow("only comments")
        << QByteArray("# connections:\n#   - {name: a}\n")
        << QByteArray("# connections:\n#   - {name: a}\nconnections:\n  " + kLine);
    QTest::newRow("empty section")
        << QByteArray("connections:\n# of the team\nprobes: []\n")
        << QByteArray("connections:\n  " + kLine + "# of the team\nprobes: []\n");
    QTest::newRow("empty brackets") << QByteArray("connections: []\nprobes: []\n")
                                    << QByteArray("connections: \n  " + kLine + "probes: []\n");
    QTest::newRow("last of its section")
        << QByteArray(
               "connections:\n  - {name: a, kind: redis}  # the cache\n\n# pages\nprobes: []\n")
        << QByteArray("connections:\n  - {name: a, kind: redis}  # the cache\n  " + kLine +
                      "\n# pages\nprobes: []\n");
    QTest::newRow("at the end, without a line end")
        << QByteArray("connections:\n  - name: a\n    kind: redis")
        << QByteArray("connections:\n  - name: a\n    kind: redis\n  " + kLine);
    QTest::newRow("not indented") << QByteArray("connections:\n- name: a\n")
                                  << QByteArray("connections:\n- name: a\n" + kLine);
    QTest::newRow("other line ends")
        << QByteArray("connections:\r\n  - name: a\r\nprobes: []\r\n")
        << QByteArray("connections:\r\n  - name: a\r\n  " + kLine.trimmed() + "\r\nprobes: []\r\n");
}

void TestEntryEdit::adds() {
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    const auto result = edited(before, made(kNew));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(*result, after);
}

void TestEntryEdit::changes_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("was");
    QTest::addColumn<QString>("now");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* name, const char* before, const char* key, const char* was,
                        const char* now, const char* after) {
        QTest::newRow(name) << QByteArray("connections:\n") + before << QString::fromUtf8(key)
                            << QString::fromUtf8(was) << QString::fromUtf8(now)
                            << QByteArray("connections:\n") + after;
    };
    row("in braces", " - {name: a, host: db, port: 1}  # x\n", "host", "db", "db-2",
        " - {name: a, host: db-2, port: 1}  # x\n");
    row("the last in braces", " - {name: a, host: db}\n", "host", "db", "b c",
        " - {name: a, host: \"b c\"}\n");
    row("quoted", " - {name: a, url: \"p://x, y}\"}\n", "url", "p://x, y}", "p://z",
        " - {name: a, url: \"p://z\"}\n");
    row("quoted with marks inside", " - {name: a, note: 'it''s # {so}', port: 1}\n", "note",
        "it's # {so}", "is", " - {name: a, note: is, port: 1}\n");
    row("added in braces", " - {name: a, mentions: {x: y}}\n", "host", "", "db",
        " - {name: a, host: db, mentions: {x: y}}\n");
    row("taken from braces", " - {name: a, host: db, port: 1}\n", "host", "db", "",
        " - {name: a, port: 1}\n");
    row("the last taken from braces", " - {name: a, host: db}\n", "host", "db", "",
        " - {name: a}\n");
    row("the first taken from braces", " - {host: db, name: a}\n", "host", "db", "",
        " - { name: a}\n");
    row("in a block", " - name: a  # first\n   host: db  # which one\n   port: 1\n", "host", "db",
        "db-2", " - name: a  # first\n   host: db-2  # which one\n   port: 1\n");
    row("added to a block", " - name: a\n   port: 1  # usual\n - name: b\n", "host", "", "db",
        " - name: a\n   port: 1  # usual\n   host: db\n - name: b\n");
    row("taken from a block", " - name: a\n   host: db  # old\n   port: 1\n", "host", "db", "",
        " - name: a\n   port: 1\n");
    row("empty in a block", " - name: a\n   host:\n   port: 1\n", "host", "", "db",
        " - name: a\n   host: db\n   port: 1\n");
    row("empty with a comment", " - name: a\n   host: # which?\n", "host", "", "db",
        " - name: a\n   host: db # which?\n");
    row("empty in braces", " - {name: a, host: , port: 1}\n", "host", "", "db",
        " - {name: a, host: db, port: 1}\n");
    row("the second of three", " - {name: x}\n - {name: a, port: 1}\n - {name: b, port: 1}\n",
        "port", "1", "2", " - {name: x}\n - {name: a, port: 2}\n - {name: b, port: 1}\n");
    row("renamed", " - {name: a, port: 1}\n", "name", "a", "ä b", " - {name: \"ä b\", port: 1}\n");
    row("behind other letters", " - {name: a, note: \"größe 🚑\", port: 1}\n", "port", "1", "2",
        " - {name: a, note: \"größe 🚑\", port: 2}\n");
}

void TestEntryEdit::changes() {
    QFETCH(QByteArray, before);
    QFETCH(QString, key);
    QFETCH(QString, was);
    QFETCH(QString, now);
    QFETCH(QByteArray, after);
    const auto result = edited(before, {kSection, QStringLiteral("a"), {{key, was, now}}});
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(*result, after);
}

void TestEntryEdit::refuses_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* before, const char* says) {
        QTest::newRow(name) << QByteArray(before) << QString::fromUtf8(says);
    };
    row("a mistake", "connections:\n  - {name: a, host: db\n", "mend it first");
    row("gone", "connections:\n  - {name: b, host: db}\n", "no “a” any more");
    row("no longer a list", "connections: text\n", "line 1");
    row("an alias", "base: &base {host: db}\nconnections:\n  - {<<: *base, name: a}\n",
        "in an editor");
    row("folded", "connections:\n  - name: a\n    host: >-\n      db\n", "in an editor");
    row("with an anchor", "connections:\n  - name: a\n    host: &h db\n    also: *h\n",
        "in an editor");
    row("with a tag", "connections:\n  - name: a\n    host: !!str db\n", {});
    row("over several lines",
        "connections:\n  - name: a\n    host: \"d\\\n      b\"\n    x: host\n", {});
}

void TestEntryEdit::refuses() {
    QFETCH(QByteArray, before);
    QFETCH(QString, says);
    const auto result =
        edited(before, {kSection,
                        QStringLiteral("a"),
                        {{QStringLiteral("host"), QStringLiteral("db"), QStringLiteral("new")}}});
    if (says.isEmpty()) {  // a value that can be replaced after all says what was asked for
        QVERIFY(result);
        QCOMPARE(entryTexts(*result, kSection, QStringLiteral("a"))->value(QStringLiteral("host")),
                 QStringLiteral("new"));
        return;
    }
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
}

void TestEntryEdit::anyValueComesBack_data() {
    QTest::addColumn<QString>("value");
    int row = 0;
    for (const char* value : {"null",
                              "~",
                              "yes",
                              "0x10",
                              "1e3",
                              "a: b",
                              "a #b",
                              "#",
                              "- x",
                              "{a: b}",
                              "[",
                              "*x",
                              "&x",
                              "!x",
                              "|",
                              ">",
                              "%",
                              "@",
                              "`",
                              "'",
                              "\"",
                              "\\",
                              "\\n",
                              " lead",
                              "trail ",
                              "a\tb",
                              "a\nb",
                              "ü",
                              "日本",
                              "🚑",
                              "key: \"keychain:x\"",
                              "postgresql://o@h:5432/d?sslmode=verify-full",
                              "a, b}",
                              "a\\",
                              "\x01"})
        QTest::addRow("%d", ++row) << QString::fromUtf8(value);
}

void TestEntryEdit::anyValueComesBack() {
    QFETCH(QString, value);
    auto changes = kNew;
    changes.append({QStringLiteral("note"), {}, value});
    const QByteArray before = "connections:\n  - {name: a, note: x}\n  - name: b\n    note: x\n";
    const auto added = edited(before, made(changes));
    QVERIFY2(added.has_value(), added ? "" : qPrintable(added.error().message));
    QCOMPARE(entryTexts(*added, kSection, QStringLiteral("replica"))->value(QStringLiteral("note")),
             value);
    for (const char* entry : {"a", "b"}) {
        const QString name = QString::fromLatin1(entry);
        const auto changed = edited(
            *added, {kSection, name, {{QStringLiteral("note"), QStringLiteral("x"), value}}});
        QVERIFY2(changed.has_value(), changed ? "" : qPrintable(changed.error().message));
        QCOMPARE(entryTexts(*changed, kSection, name)->value(QStringLiteral("note")), value);
    }
}

void TestEntryEdit::readsTexts() {
    const auto texts = entryTexts("connections:\n  - {name: a, port: 05, list: [x], none: }\n",
                                  kSection, QStringLiteral("a"));
    QVERIFY(texts);
    QCOMPARE(*texts, (QMap<QString, QString>{{QStringLiteral("name"), QStringLiteral("a")},
                                             {QStringLiteral("port"), QStringLiteral("05")}}));
}

void TestEntryEdit::noticesOthers() {
    const auto result =
        edited("connections:\n  - {name: a, host: other}\n",
               {kSection,
                QStringLiteral("a"),
                {{QStringLiteral("host"), QStringLiteral("db"), QStringLiteral("new")}}});
    QVERIFY(!result);
    QVERIFY(result.error().message.contains(QStringLiteral("changed meanwhile")));
    const auto twice = edited("connections:\n  - {name: replica}\n", made(kNew));
    QVERIFY(!twice);
    QVERIFY(twice.error().message.contains(QStringLiteral("another name")));
}

void TestEntryEdit::writesTheFile() {
    QTemporaryDir folder;
    const QString place = folder.filePath(QStringLiteral("deep/er"));
    QVERIFY(editWorkspaceFile(place, made(kNew)));
    QFile file(workspaceFile(place));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("connections:\n  " + kLine));
}

void TestEntryEdit::keepsTheFileWhenItCannotBeWritten() {
    // A folder where the file should be: for a superuser the only thing that cannot be written.
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("tocsin.yaml/x")));
    const auto result = editWorkspaceFile(folder.path(), made(kNew));
    QVERIFY(!result);
    QVERIFY(result.error().message.contains(QStringLiteral("cannot be")));
}

/// Every beginning of a file, and every file with one byte struck out, is edited or refused.
void TestEntryEdit::anyCutIsSurvived() {
    const QByteArray whole =
        "workspace: {name: A}\nconnections:\n  - {name: a, host: \"d\\\"b\", port: 1}\n"
        "  - name: b\n    host: 'd''b'  # x\n    list: [a, {b: c}]\nprobes: []\n";
    const EntryEdit change{kSection,
                           QStringLiteral("a"),
                           {{QStringLiteral("port"), QStringLiteral("1"), QStringLiteral("2")},
                            {QStringLiteral("user"), {}, QStringLiteral("o n")}}};
    for (qsizetype cut = 0; cut < whole.size(); ++cut) {
        for (const QByteArray& text : {whole.left(cut), QByteArray(whole).remove(cut, 1)}) {
            (void)edited(text, made(kNew));
            const auto result = edited(text, change);
            if (!result) {
                QVERIFY(!result.error().message.isEmpty());
                continue;
            }
            const auto texts = entryTexts(*result, kSection, QStringLiteral("a"));
            QCOMPARE(texts->value(QStringLiteral("port")), QStringLiteral("2"));
            QCOMPARE(texts->value(QStringLiteral("user")), QStringLiteral("o n"));
        }
    }
}

QTEST_GUILESS_MAIN(TestEntryEdit)
#include "tst_entryedit.moc"
