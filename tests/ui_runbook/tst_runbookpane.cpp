#include <QAbstractButton>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "ui/runbook/runbookpane.h"
#include "ui/runbook/stepcard.h"

using namespace tocsin;
using namespace tocsin::ui;

class TestRunbookPane : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        write(
            "# Pool\n\n**Alert:** `pool` - x\n\n## Symptoms\n\n- slow\n\n## Immediate actions\n\n"
            "1. **Look**\n   ```sql\n   SELECT 1;\n   ```\n"
            "2. **End**\n   ```sql\n   -- Find\n   SELECT pid FROM t;\n   -- End\n"
            "   SELECT pg_terminate_backend(pid) FROM t WHERE pid = [PID_HERE];\n   ```\n"
            "3. **Talk**\n\n## Investigation\n\n1. **Ask**\n   ```bash\n"
            "   # Status: https://status.mux.com\n   curl --max-time 5 http://h/\n   df -h "
            "[DISK]\n   ```\n");
        m_library = std::make_unique<runbooks::Library>();
        QFuture<void> loaded = m_library->load({m_folder->path()}, false);
        QTRY_VERIFY(loaded.isFinished());
        m_pane = std::make_unique<RunbookPane>(m_theme, *m_library, m_clock);
        m_pane->resize(600, 700);
        m_pane->show();
        inspection::ConnectionInfo primary;
        primary.name = QStringLiteral("primary");
        primary.kind = QStringLiteral("postgres");
        m_pane->setConnections({primary});
    }
    void cleanup() {
        m_pane.reset();
        m_library.reset();
    }

    void emptyState() {
        QVERIFY(find<QLabel>("runbookEmpty"));
        QVERIFY(!m_pane->run());
        m_pane->showAlert(alert(QStringLiteral("unknown")));
        QVERIFY(find<QLabel>("runbookEmpty")->text().contains(QStringLiteral("No runbook")));
    }

    void showsCards() {
        m_pane->showAlert(alert());
        QCOMPARE(find<QLabel>("runbookTitle")->text(), QStringLiteral("Pool"));
        QVERIFY(
            find<QLabel>("runbookReason")->text().contains(QStringLiteral("matched by key pool")));
        QCOMPARE(find<QLabel>("runbookSection_1")->text(),
                 QStringLiteral("IMMEDIATE ACTIONS · 0 OF 3"));
        QVERIFY(find<StepCard>("stepCard_1_0")->isOpen());
        QCOMPARE(find<QLabel>("stepOutcome_1_0")->text(), QStringLiteral("primary"));
        QCOMPARE(find<QLabel>("stepOutcome_1_2")->text(), QStringLiteral("by hand"));
        QVERIFY(!find<QPushButton>("runBlock_1_1_0"));  // made when opened
    }

    void runsReadOnlyBlock() {
        m_pane->showAlert(alert());
        QSignalSpy run(m_pane.get(), &RunbookPane::runRequested);
        QTest::mouseClick(find<QPushButton>("runBlock_1_0_0"), Qt::LeftButton);
        QCOMPARE(run.count(), 1);
        QCOMPARE(run[0][1].toString(), QStringLiteral("SELECT 1;"));
        QCOMPARE(run[0][2].toInt(), 1);
        QCOMPARE(run[0][3].toInt(), 0);
    }

    void changingBlockIsRehearsed() {
        m_pane->showAlert(alert());
        QSignalSpy wanted(m_pane.get(), &RunbookPane::verdictWanted);
        m_pane->goToStep(1, 1);
        QCOMPARE(wanted.count(), 2);
        QVERIFY(
            wanted[1][1].toString().contains(QStringLiteral("pid = 1;")));  // the hole stands for 1
        Verdict changes;
        changes.effect = Effect::Changes;
        m_pane->setVerdict(1, 1, 1, changes);
        auto* button = find<QPushButton>("runBlock_1_1_1");
        QCOMPARE(button->text(), QStringLiteral("Rehearse…"));
        QCOMPARE(find<QLabel>("note_1_1_1")->text(),
                 QStringLiteral("changes production: rehearse first"));
        QVERIFY(!button->isEnabled());

        m_pane->offerBinding(QStringLiteral("24817"), QStringLiteral("cell pid of row 1"));
        QCOMPARE(find<QLineEdit>("binding_PID_HERE")->text(), QStringLiteral("24817"));
        QVERIFY(button->isEnabled());
        QSignalSpy run(m_pane.get(), &RunbookPane::runRequested);
        QSignalSpy edit(m_pane.get(), &RunbookPane::editRequested);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(run.count(), 0);
        QCOMPARE(edit.count(), 1);
        QVERIFY(edit[0][1].toString().contains(QStringLiteral("pid = 24817;")));
    }

    void blocksGoWhereTheySay() {
        write(
            "# Pool\n\n**Alert:** `pool` - x\n\n## Immediate actions\n\n"
            "1. **Replica**\n   ```bash\n   psql $REPLICA_URL -c \"SELECT 1\"\n   ```\n"
            "2. **Staging**\n   ```bash\n   psql $STAGING_URL -c \"SELECT 1\"\n   ```\n");
        QTRY_COMPARE(m_library->find(QStringLiteral("pool"))->sections[0].steps.size(), 2);
        inspection::ConnectionInfo primary, replica;
        primary.name = QStringLiteral("primary");
        replica.name = QStringLiteral("replica");
        primary.kind = replica.kind = QStringLiteral("postgres");
        m_pane->setConnections({primary, replica});
        m_pane->showAlert(alert());
        QCOMPARE(find<QLabel>("stepOutcome_0_0")->text(), QStringLiteral("replica"));
        QCOMPARE(find<QPushButton>("runBlock_0_0_0")->toolTip(), QStringLiteral("On replica"));
        m_pane->goToStep(0, 1);
        QVERIFY(!find<QPushButton>("runBlock_0_1_0")->isEnabled());
        QCOMPARE(find<QLabel>("note_0_1_0")->text(),
                 QStringLiteral("no connection “staging” in this workspace"));
    }

    void typedBindingAsksAgain() {
        m_pane->showAlert(alert());
        m_pane->goToStep(1, 1);
        QSignalSpy wanted(m_pane.get(), &RunbookPane::verdictWanted);
        auto* field = find<QLineEdit>("binding_PID_HERE");
        QTest::keyClicks(field, QStringLiteral("7"));
        QCOMPARE(m_pane->run()->bindings().value(QStringLiteral("PID_HERE")).origin,
                 QStringLiteral("typed"));
        QCOMPARE(wanted.count(), 1);
        QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
        field->setFocus();
        m_pane->offerBinding(QStringLiteral("9"), QStringLiteral("cell other of row 2"));
        QCOMPARE(field->text(), QStringLiteral("9"));
    }

    void keyboard() {
        m_pane->showAlert(alert());
        QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
        auto* first = find<StepCard>("stepCard_1_0");
        first->setFocus();
        QSignalSpy ticked(m_pane.get(), &RunbookPane::stepTicked);
        QTest::keyClick(first, Qt::Key_Space);
        QCOMPARE(ticked.count(), 1);
        QVERIFY(find<QCheckBox>("stepCheck_1_0")->isChecked());
        QCOMPARE(find<QLabel>("runbookSection_1")->text(),
                 QStringLiteral("IMMEDIATE ACTIONS · 1 OF 3"));
        QTest::keyClick(first, Qt::Key_Down);
        QVERIFY(find<StepCard>("stepCard_1_1")->isOpen());
        QVERIFY(!first->isOpen());
        QSignalSpy run(m_pane.get(), &RunbookPane::runRequested);
        QTest::keyClick(find<StepCard>("stepCard_1_1"), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(run.count(), 1);
        QCOMPARE(run[0][1].toString(), QStringLiteral("SELECT pid FROM t;"));
    }

    void outcomeMovesNothing() {
        m_pane->showAlert(alert());
        auto* second = find<StepCard>("stepCard_1_1");
        QCoreApplication::processEvents();
        const QRect before = second->geometry();
        m_pane->setOutcome(
            1, 0,
            {runbooks::StepState::Done, QString(300, u'x'), QStringLiteral("you"), m_clock.now()});
        QCoreApplication::processEvents();
        QCOMPARE(second->geometry(), before);
        QVERIFY(find<QLabel>("stepOutcome_1_0")->text().endsWith(QStringLiteral("you 12:00")));
    }

    void progressComesBack() {
        m_pane->showAlert(alert());
        find<QCheckBox>("stepCheck_1_2")->click();
        m_pane->showAlert(alert(QStringLiteral("unknown")));
        m_pane->showAlert(alert());
        QVERIFY(find<QCheckBox>("stepCheck_1_2")->isChecked());
    }

    void reloadKeepsProgress() {
        m_pane->showAlert(alert());
        m_pane->setOutcome(1, 0, {runbooks::StepState::Done, QStringLiteral("fine"), {}, {}});
        write(
            "# Pool\n\n**Alert:** `pool` - x\n\n## Symptoms\n\n- slow\n\n## Immediate actions\n\n"
            "1. **Look**\n   ```sql\n   SELECT 2;\n   ```\n");
        QTRY_COMPARE(m_pane->run()->runbook().sections[1].steps.size(), 1);
        QCOMPARE(find<QLabel>("stepOutcome_1_0")->text(), QStringLiteral("fine"));
    }

    void otherKinds() {
        m_pane->showAlert(alert());
        m_pane->goToStep(2, 0);
        QCOMPARE(find<QPushButton>("runBlock_2_0_0")->text(), QStringLiteral("▶ Look"));
        QCOMPARE(find<QPushButton>("runBlock_2_0_1")->text(), QStringLiteral("▶ Request"));
        QVERIFY(!find<QPushButton>("runBlock_2_0_2"));
        QTest::keyClicks(find<QLineEdit>("binding_DISK"), QStringLiteral("a b"));
        QTest::mouseClick(find<QPushButton>("copyBlock_2_0_2"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("df -h 'a b'"));
    }

    void declareHidesDuringIncident() {
        m_pane->showAlert(alert());
        auto* button = find<QPushButton>("declareFromRunbookButton");
        QVERIFY(button->isVisible());
        QSignalSpy declared(m_pane.get(), &RunbookPane::declareRequested);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(declared.count(), 1);
        m_pane->setIncidentOpen(true);
        QVERIFY(!button->isVisible());
    }

    void namesAreUniqueAndSpoken() {
        m_pane->showAlert(alert());
        for (const auto& [section, step] : {std::pair{1, 0}, {1, 1}, {1, 2}, {2, 0}})
            m_pane->goToStep(section, step);
        QSet<QString> names;
        for (const QWidget* widget : m_pane->findChildren<QWidget*>()) {
            const bool isTouched = qobject_cast<const QAbstractButton*>(widget) ||
                                   qobject_cast<const QLineEdit*>(widget);
            if (!isTouched) continue;
            QVERIFY2(!widget->objectName().isEmpty() && !names.contains(widget->objectName()),
                     qPrintable(widget->objectName()));
            names << widget->objectName();
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }

private:
    template <typename T>
    T* find(const char* name) const {
        return m_pane->findChild<T*>(QString::fromLatin1(name));
    }
    static Alert alert(const QString& key = QStringLiteral("pool")) {
        Alert made;
        made.key = key;
        made.fingerprint = key;
        return made;
    }
    void write(const QByteArray& text) const {
        QFile file(m_folder->filePath(QStringLiteral("pool.md")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    theme::Theme m_theme{theme::Mode::Dark};
    TestClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<runbooks::Library> m_library;
    std::unique_ptr<RunbookPane> m_pane;
};

QTEST_MAIN(TestRunbookPane)
#include "tst_runbookpane.moc"
