// The section `incidents`, and what is said about its mistakes.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "workspace/reader.h"

using namespace tocsin::workspace;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class IncidentsReaderTest : public QObject {
    Q_OBJECT
private slots:
    void readsEverything();
    void hasDefaults();
    void aTemplateIsRead();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();

private:
    Workspace parse(const QByteArray& yaml) { return parseWorkspace(yaml, u"/team"_s, {}); }
};

void IncidentsReaderTest::readsEverything() {
    const Workspace w = parse(R"(incidents:
  severity:
    - {key: "database_*", severity: critical, propose: p1}
    - {labels: {env: staging}, propose: P4}
  updates:
    P3: {first: 15m, every: 1h}
  verify: 0
  silence: 30m
  attach: no
)");
    for (const Mistake& mistake : w.mistakes)
        qWarning() << mistake.line << mistake.message;
    QVERIFY(w.mistakes.isEmpty());
    QCOMPARE(w.incidents.severity.size(), 2);
    QCOMPARE(w.incidents.severity[0].key, u"database_*"_s);
    QCOMPARE(w.incidents.severity[0].propose, u"P1"_s);
    QCOMPARE(w.incidents.severity[1].labels.value(u"env"_s), u"staging"_s);
    QCOMPARE(w.incidents.updates.value(u"P3"_s).first,
             std::optional<std::chrono::milliseconds>(15min));
    QVERIFY(!w.incidents.updates.value(u"P3"_s).later);
    QCOMPARE(w.incidents.verify.count(), 0);
    QCOMPARE(w.incidents.silence, std::chrono::milliseconds(30min));
    QVERIFY(!w.incidents.attach);
}

void IncidentsReaderTest::hasDefaults() {
    const Workspace w = parse("incidents:\n");
    QVERIFY(w.mistakes.isEmpty());
    QCOMPARE(w.incidents.verify, std::chrono::milliseconds(15min));
    QCOMPARE(w.incidents.silence, std::chrono::milliseconds(2h));
    QVERIFY(w.incidents.attach);
}

void IncidentsReaderTest::aTemplateIsRead() {
    QTemporaryDir folder;
    QFile file(folder.filePath(u"ours.md"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("# {{title}}\n\n{{timelin}}\n\nbefore {{drawing}}\n{{timeline}}\n");
    file.close();
    const Workspace w = parseWorkspace("incidents: {post_mortem: ours.md}\n", folder.path(), {});
    QVERIFY(w.incidents.postMortem.startsWith(u"# {{title}}"_s));
    QCOMPARE(w.mistakes.size(), 2);
    QCOMPARE(w.mistakes[0].rule, u"unknown-placeholder"_s);
    QVERIFY2(w.mistakes[0].message.contains(u"timeline"_s), qPrintable(w.mistakes[0].message));
    QCOMPARE(w.mistakes[1].rule, u"misplaced-placeholder"_s);
}

void IncidentsReaderTest::saysWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, const char* yaml, const char* rule, const char* named) {
        QTest::newRow(name) << QByteArray("incidents: ") + yaml + "\n"
                            << QString::fromLatin1(rule) << QString::fromUtf8(named);
    };
    row("not a map", "soon", "wrong-type", "“incidents” must be a map");
    row("unknown key", "{verfy: 15m}", "unknown-key", "verify");
    row("rules not a list", "{severity: P1}", "wrong-type", "must be a list");
    row("a rule not a map", "{severity: [P1]}", "wrong-type", "{key: error_rate, propose: P1}");
    row("nothing proposed", "{severity: [{key: a}]}", "missing-key", "“propose”");
    row("no such proposal", "{severity: [{key: a, propose: P9}]}", "bad-severity", "P1, P2, P3");
    row("no such severity", "{severity: [{severity: critcal, propose: P1}]}", "bad-severity",
        "critical");
    row("labels not a map", "{severity: [{labels: x, propose: P1}]}", "wrong-type", "“labels”");
    row("updates not a map", "{updates: 5m}", "wrong-type", "“updates”");
    row("no such priority", "{updates: {P7: {first: 5m}}}", "unknown-key", "P1, P2, P3 and P4");
    row("rhythm not a map", "{updates: {P1: 5m}}", "wrong-type", "{first: 5m, every: 20m}");
    row("never", "{updates: {P1: {every: 0}}}", "bad-duration", "it is 20m until then");
    row("no duration", "{verify: soon}", "bad-duration", "it is 15m until then");
    row("no silence", "{silence: [1]}", "bad-duration", "it is 2h until then");
    row("neither yes nor no", "{attach: perhaps}", "wrong-type", "true or false");
}

void IncidentsReaderTest::saysWhatIsWrong() {
    QFETCH(QByteArray, yaml);
    QFETCH(QString, rule);
    QFETCH(QString, named);
    const Workspace w = parse(yaml);
    QCOMPARE(w.mistakes.size(), 1);
    QCOMPARE(w.mistakes.first().rule, rule);
    QCOMPARE(w.mistakes.first().line, 1);
    QVERIFY2(w.mistakes.first().message.contains(named), qPrintable(w.mistakes.first().message));
}

QTEST_GUILESS_MAIN(IncidentsReaderTest)
#include "tst_incidentsreader.moc"
