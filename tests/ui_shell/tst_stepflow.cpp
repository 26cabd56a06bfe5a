// Steps of a runbook, run from the whole window against a real server.
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include "tests/support/postgresserver.h"
#include "tests/ui_shell/desk.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;

namespace {

const char kRunbook[] =
    "# Pool\n\n**Alert:** `pool` - x\n\n## Immediate actions\n\n"
    "1. **Slow**\n   ```sql\n   SELECT pg_sleep(0.5);\n   ```\n"
    "2. **Quick**\n   ```sql\n   SELECT 'quick';\n   ```\n"
    "3. **Change**\n   ```sql\n   UPDATE content SET status = 'DONE' WHERE id = 2;\n   ```\n"
    "4. **Elsewhere**\n   ```bash\n   psql $STAGING_URL -c \"SELECT 1\"\n   ```\n";

}  // namespace

class TestStepFlow : public Desk {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { close(); }
    void aStepKeepsItsOwnOutcome();
    void aStepThatIsTakenBackStaysOpen();
    void aStepIsNeverRunElsewhere();

private:
    runbooks::StepState state(int step) {
        return find<RunbookPane>("runbookPane")->run()->progress(0, step).state;
    }
    QString outcome(int step) {
        return find<RunbookPane>("runbookPane")->run()->progress(0, step).outcome;
    }
    void pressStep(int step) {
        find<RunbookPane>("runbookPane")->goToStep(0, step);
        auto* button = find<QPushButton>(qPrintable(u"runBlock_0_%1_0"_s.arg(step)));
        QTRY_VERIFY(button->isEnabled());
        button->click();
    }

    support::PostgresServer m_server;
    QTemporaryDir m_runbooks;
};

void TestStepFlow::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(m_server.sql(u"CREATE TABLE content(id int PRIMARY KEY, status text); "
                          "INSERT INTO content SELECT g, 'READY' FROM generate_series(1, 9) g;"
                          "CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret';"
                          "GRANT SELECT, UPDATE ON content TO oncall"_s),
             QString());
    QFile file(m_runbooks.filePath(u"pool.md"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kRunbook);
}

void TestStepFlow::init() {
    qputenv("TOCSIN_TEST_PASSWORD", "oncall-secret");
    open(
        u"workspace: {name: Studio}\n"
        "runbooks: [\"%1\"]\n"
        "connections:\n"
        "  - {name: primary, kind: postgres, url: \"%2\", password: "
        "\"env:TOCSIN_TEST_PASSWORD\"}\n"_s.arg(m_runbooks.path(), m_server.url(u"oncall"_s))
            .toUtf8());
    auto* runbook = find<RunbookPane>("runbookPane");
    QTRY_VERIFY(m_console->library().find(u"pool"_s));
    runbook->showRunbook(u"pool"_s);
    QTRY_VERIFY(runbook->run());
}

void TestStepFlow::aStepKeepsItsOwnOutcome() {
    QSignalSpy ran(m_window->findChild<SqlPane*>(), &SqlPane::ran);
    pressStep(0);
    QCOMPARE(state(0), runbooks::StepState::Running);
    pressStep(1);
    QVERIFY2(outcome(1).startsWith(u"Another statement"_s), qPrintable(outcome(1)));
    QCOMPARE(state(1), runbooks::StepState::Open);
    QTRY_COMPARE(ran.size(), 2);
    QCOMPARE(state(0), runbooks::StepState::Done);
    QVERIFY(outcome(0).startsWith(u"1 row"_s));
    QCOMPARE(state(1), runbooks::StepState::Open);
}

void TestStepFlow::aStepThatIsTakenBackStaysOpen() {
    QSignalSpy ran(m_window->findChild<SqlPane*>(), &SqlPane::ran);
    find<RunbookPane>("runbookPane")->goToStep(0, 2);
    auto* button = find<QPushButton>("runBlock_0_2_0");
    QTRY_COMPARE(button->text(), u"Rehearse…"_s);
    button->click();
    QTRY_VERIFY(find<QWidget>("sqlConfirm")->isVisible());
    press("sqlConfirmBack");
    QCOMPARE(ran.size(), 1);
    QCOMPARE(state(2), runbooks::StepState::Open);
    QCOMPARE(outcome(2), u"Not run"_s);
    auto* pane = m_window->findChild<SqlPane*>();
    pane->edit(u"primary"_s, u"SELECT 1"_s);
    press("sqlRun");
    QTRY_COMPARE(ran.size(), 2);
    QVERIFY(ran.last()[0].value<Outcome>().ok);
    QCOMPARE(state(2), runbooks::StepState::Open);
}

void TestStepFlow::aStepIsNeverRunElsewhere() {
    auto* runbook = find<RunbookPane>("runbookPane");
    QSignalSpy ran(m_window->findChild<SqlPane*>(), &SqlPane::ran);
    runbook->goToStep(0, 3);
    QVERIFY(!find<QPushButton>("runBlock_0_3_0")->isEnabled());
    const auto& block = runbook->run()->runbook().sections[0].steps[3].blocks[0];
    emit runbook->runRequested(block, block.text, 0, 3);
    QCOMPARE(ran.size(), 0);
    QCOMPARE(state(3), runbooks::StepState::Failed);
    QCOMPARE(outcome(3), u"no connection “staging” in this workspace"_s);
}

QTEST_MAIN(TestStepFlow)
#include "tst_stepflow.moc"
