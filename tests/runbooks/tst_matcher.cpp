#include <QtTest>

#include "runbooks/library.h"

using namespace tocsin;
using namespace tocsin::runbooks;

class TestMatcher : public QObject {
    Q_OBJECT

private slots:
    void matches_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QMap<QString, QString>>("labels");
        QTest::addColumn<QMap<QString, QString>>("annotations");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("reason");
        using Map = QMap<QString, QString>;
        QTest::newRow("key") << "error_rate" << Map() << Map{{"runbook_url", "https://h/slow.md"}}
                             << "errors"
                             << "matched by key error_rate";
        QTest::newRow("alertname") << "" << Map{{"alertname", "error_rate"}} << Map() << "errors"
                                   << "matched by key error_rate";
        QTest::newRow("anchor") << "x" << Map()
                                << Map{{"runbook_url", "https://h/all.md#high-load"}} << "load"
                                << "matched by its runbook_url";
        QTest::newRow("file") << "x" << Map() << Map{{"runbook_url", "https://h/docs/slow.md"}}
                              << "answers-slowly"
                              << "matched by its runbook_url";
        QTest::newRow("name") << "x" << Map() << Map{{"runbook", "load"}} << "load"
                              << "matched by its runbook";
        QTest::newRow("title") << "x" << Map() << Map{{"runbook", "High load"}} << "load"
                               << "matched by its runbook";
        QTest::newRow("file of many is no answer")
            << "x" << Map() << Map{{"runbook_url", "https://h/all.md"}} << "process"
            << "no runbook has the key x: the general response process";
        QTest::newRow("labels") << "x" << Map{{"team", "shop"}, {"env", "prod-1"}} << Map()
                                << "answers-slowly"
                                << "matched by label rule env=/prod.*/, team=shop";
        QTest::newRow("labels, whole value")
            << "x" << Map{{"team", "shop"}, {"env", "preprod"}} << Map() << "process"
            << "no runbook has the key x: the general response process";
        QTest::newRow("nothing") << "x" << Map() << Map() << "process"
                                 << "no runbook has the key x: the general response process";
    }

    void matches() {
        QFETCH(QString, key);
        using Map = QMap<QString, QString>;
        QFETCH(Map, labels);
        QFETCH(Map, annotations);
        QFETCH(QString, name);
        QFETCH(QString, reason);
        Alert alert;
        alert.key = key;
        alert.labels = labels;
        alert.annotations = annotations;
        const Match match = matchAlert(alert, runbooks(), {process()});
        QCOMPARE(match.runbook, name);
        QCOMPARE(match.reason, reason);
    }

    void withoutProcess() {
        const Match match = matchAlert({}, {}, {});
        QVERIFY(match.runbook.isEmpty());
        QVERIFY(!match.reason.isEmpty());
    }

private:
    static Runbook named(const QString& name, const QString& title, const QString& file,
                         const QString& anchor = {}) {
        Runbook runbook;
        runbook.name = name;
        runbook.title = title;
        runbook.file = file;
        runbook.anchor = anchor;
        return runbook;
    }
    static QVector<Runbook> runbooks() {
        Runbook errors = named("errors", "Errors", "/r/all.md", "errors");
        errors.keys = QStringList{"error_rate"};
        Runbook slow = named("answers-slowly", "Answers slowly", "/r/slow.md");
        slow.matchLabels = {{"team", "shop"}, {"env", "/prod.*/"}};
        return {errors, named("load", "High load", "/r/all.md", "high-load"), slow};
    }
    static Runbook process() {
        Runbook runbook = named("process", "Process", "/r/p.md");
        runbook.kind = DocumentKind::Process;
        return runbook;
    }
};

QTEST_GUILESS_MAIN(TestMatcher)
#include "tst_matcher.moc"
