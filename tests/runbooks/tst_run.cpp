#include <QSignalSpy>
#include <QtTest>

#include "runbooks/library.h"
#include "runbooks/run.h"

using namespace tocsin;
using namespace tocsin::runbooks;

class TestRun : public QObject {
    Q_OBJECT

private slots:
    void sameNames_data() {
        QTest::addColumn<QString>("placeholder");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("same");
        const auto row = [](const char* a, const char* b, bool same) {
            QTest::addRow("%s %s", a, b)
                << QString::fromLatin1(a) << QString::fromLatin1(b) << same;
        };
        row("PID_HERE", "pid", true);
        row("your-org", "org", true);
        row("USER_ID", "userId", true);
        row("user_id", "user-id", true);
        row("QUEUE", "queue", true);
        row("PID", "ppid", false);
        row("HERE", "", false);
        row("X", "", false);
    }

    void sameNames() {
        QFETCH(QString, placeholder);
        QFETCH(QString, name);
        QFETCH(bool, same);
        QCOMPARE(sameName(placeholder, name), same);
    }

    void bindsByItself() {
        Run run(sample());
        QCOMPARE(run.bindings().value("APP_URL"), (Binding{"http://localhost:1", "default"}));
        QSignalSpy changed(&run, &Run::bindingsChanged);
        Alert alert;
        alert.labels = {{"queue", "mail"}, {"app_url", "http://app"}};
        run.bindLabels(alert);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(run.bindings().value("QUEUE"), (Binding{"mail", "label queue"}));
        QCOMPARE(run.bindings().value("APP_URL").value, QStringLiteral("http://app"));
        run.bindVariables({{"queue", "other"}, {"pid", "7"}});
        QCOMPARE(run.bindings().value("QUEUE").value, QStringLiteral("mail"));
        QCOMPARE(run.bindings().value("PID_HERE").origin, QStringLiteral("variable pid"));
    }

    void fillsAndTellsWhatIsMissing() {
        Run run(sample());
        const auto& blocks = run.runbook().sections[0].steps[0].blocks;
        QCOMPARE(run.unbound(blocks[0]), QStringList{"PID_HERE"});
        QCOMPARE(run.text(blocks[0]), QStringLiteral("SELECT [PID_HERE], [PID_HERE];"));
        run.bind("PID_HERE", {"12", "typed"});
        QCOMPARE(run.text(blocks[0]), QStringLiteral("SELECT 12, 12;"));
        run.unbind("PID_HERE");
        QCOMPARE(run.unbound(blocks[0]), QStringList{"PID_HERE"});
        QCOMPARE(run.holes(), (QStringList{"PID_HERE", "QUEUE", "APP_URL"}));
    }

    void keepsProgress() {
        Run run(sample());
        QSignalSpy changed(&run, &Run::progressChanged);
        run.setProgress(0, 0, {StepState::Done, "3 rows", "you", {}});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(run.progress(0, 0).outcome, QStringLiteral("3 rows"));
        QVERIFY(run.progress(0, 1).state == StepState::Open);
    }

private:
    static Runbook sample() {
        return parseDocument(
                   "# A\n\n**Alert:** `a`\n\n## Steps\n\n1. **One**\n   ```bash\n   psql -c "
                   "'SELECT [PID_HERE], [PID_HERE];'\n   redis-cli LLEN bull:[QUEUE]:wait\n   curl "
                   "--max-time 5 \"${APP_URL:-http://localhost:1}/x\"\n   ```\n",
                   QStringLiteral("a.md"))
            .runbooks.value(0);
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
