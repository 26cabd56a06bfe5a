#include <QAbstractItemModelTester>
#include <QApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include "ui/shell/fuzzy.h"
#include "ui/shell/layoutmemory.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/panetabs.h"
#include "ui/shell/sourcechips.h"
#include "ui/shell/statusstrip.h"
#include "ui/shell/workspacedraft.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestShellParts : public QObject {
    Q_OBJECT
private slots:
    void fuzzyFinds_data();
    void fuzzyFinds();
    void fuzzyRanks();
    void paletteIsCutAndOrdered();
    void panesTearOffAndReturn();
    void layoutIsRemembered();
    void unknownSourceStaysInSight();
    void nothingKnownIsNotNone();
    void draftCannotBreakOut();
    void draftDoesNotOverwrite();
};

void TestShellParts::fuzzyFinds_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("found");
    QTest::newRow("empty") << u""_s << u"anything"_s << true;
    QTest::newRow("phrase") << u"conn"_s << u"Database connections"_s << true;
    QTest::newRow("initials") << u"dc"_s << u"database_connections"_s << true;
    QTest::newRow("case") << u"DECLARE"_s << u"Declare an incident"_s << true;
    QTest::newRow("spaces") << u"theme dark"_s << u"Theme: dark"_s << true;
    QTest::newRow("order") << u"cd"_s << u"dc"_s << false;
    QTest::newRow("missing letter") << u"xyz"_s << u"Declare"_s << false;
    QTest::newRow("longer than the text") << u"declares"_s << u"declare"_s << false;
}

void TestShellParts::fuzzyFinds() {
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(bool, found);
    QCOMPARE(fuzzyScore(pattern, text) > 0, found);
}

void TestShellParts::fuzzyRanks() {
    QVERIFY(fuzzyScore(u"disk", u"disk_usage") > fuzzyScore(u"disk", u"redis_task"));
    QVERIFY(fuzzyScore(u"redis", u"Redis connection failure") >
            fuzzyScore(u"redis", u"Look at Redis"));
}

void TestShellParts::paletteIsCutAndOrdered() {
    PaletteModel model;
    const QAbstractItemModelTester tester(&model);
    QVector<PaletteItem> items;
    int ran = 0;
    for (int i = 0; i < 500; ++i)
        items.append({u"alert"_s, u"alert number %1"_s.arg(i), {}, theme::Mark::None, {}, [&ran] {
                          ++ran;
                      }});
    items.append({u"command"_s, u"Declare an incident"_s, u"Ctrl+D"_s, theme::Mark::None, {}, {}});
    model.setItems(items);
    QCOMPARE(model.rowCount(), PaletteModel::kShown);
    model.setPattern(u"decl"_s);
    QCOMPARE(model.index(0).data().toString(), u"Declare an incident"_s);
    model.setPattern(u"number 499"_s);
    QCOMPARE(model.index(0).data().toString(), u"alert number 499"_s);
    model.item(0).run();
    QCOMPARE(ran, 1);
    model.setPattern(u"zzzz"_s);
    QCOMPARE(model.rowCount(), 0);
}

void TestShellParts::panesTearOffAndReturn() {
    QWidget window;
    auto* tabs = new PaneTabs(&window);
    for (const QString& name : {u"one"_s, u"two"_s, u"three"_s}) {
        auto* pane = new QWidget;
        pane->setObjectName(name);
        tabs->addPane(pane, name);
    }
    window.show();
    QWidget* two = tabs->pane(1);
    tabs->setCount(two, u"4"_s);
    tabs->detach(two);
    QCOMPARE(tabs->count(), 2);
    QCOMPARE(tabs->detachedPanes(), QStringList{u"two"_s});
    QVERIFY(two->isVisible() && two->window() != &window);
    QCOMPARE(two->window()->windowTitle(), u"two 4"_s);
    two->window()->close();
    QCOMPARE(tabs->count(), 3);
    QCOMPARE(tabs->tabText(1), u"two 4"_s);
    QCOMPARE(tabs->currentWidget(), two);
    QVERIFY(tabs->detachedPanes().isEmpty());
}

void TestShellParts::layoutIsRemembered() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"window.ini"_s);
    {
        LayoutMemory memory(file);
        memory.set(u"pane"_s, 3);
        memory.save();
    }
    QTRY_VERIFY(QFile::exists(file));
    QTRY_COMPARE(LayoutMemory(file).value(u"pane"_s).toInt(), 3);
}

void TestShellParts::unknownSourceStaysInSight() {
    TestClock clock;
    alerts::Board board(clock);
    for (int i = 0; i < 9; ++i)
        board.addSource(u"source-%1"_s.arg(i), 1h);
    board.addSource(u"PagerDuty"_s, 1h);
    theme::Theme theme(theme::Mode::Dark);
    SourceChips chips(theme, board);
    for (int i = 0; i < 9; ++i)
        board.accept({u"source-%1"_s.arg(i), clock.now(), {}});
    board.sourceFailed(u"PagerDuty"_s, {ErrorCode::RateLimited, u"asks for a pause"_s, {}}, {});
    chips.resize(400, 30);
    chips.show();
    clock.advance(4min);
    chips.setNow(clock.now());
    auto* unknown = chips.findChild<theme::Chip*>(u"source_PagerDuty"_s);
    QTRY_COMPARE(unknown->text(), u"PagerDuty unknown for 4 m"_s);
    QVERIFY(unknown->isVisible());
    QVERIFY(unknown->toolTip().contains(u"asks for a pause"_s));
    QVERIFY(chips.findChild<theme::Chip*>(u"sourceChipsMore"_s)->isVisible());
    QVERIFY(unknown->geometry().right() <= 400);
}

void TestShellParts::nothingKnownIsNotNone() {
    TestClock clock;
    alerts::Board board(clock);
    board.addSource(u"prod"_s, 1h);
    theme::Theme theme(theme::Mode::Dark);
    theme::Ticker ticker(clock);
    StatusStrip strip(theme, ticker, board, u"Studio"_s);
    auto* critical = strip.findChild<theme::Chip*>(u"countCritical"_s);
    QCOMPARE(critical->strong(), u"?"_s);
    board.accept({u"prod"_s, clock.now(), {}});
    QTRY_COMPARE(critical->strong(), u"0"_s);
    board.sourceFailed(u"prod"_s, {ErrorCode::Network, u"it does not answer"_s, {}}, {});
    QTRY_COMPARE(critical->strong(), u"?"_s);
}

void TestShellParts::draftCannotBreakOut() {
    const QByteArray text = workspaceText({u"/tmp"_s, u"a\", b: \"c\nd"_s, u"http://x:9093"_s});
    QVERIFY(text.contains("workspace: {name: \"a\\\", b: \\\"c d\"}"));
    QVERIFY(text.contains("url: \"http://x:9093\""));
}

void TestShellParts::draftDoesNotOverwrite() {
    const QTemporaryDir folder;
    const WorkspaceDraft draft{folder.filePath(u"new"_s), u"Studio"_s, {}};
    const auto made = writeWorkspace(draft);
    QVERIFY(made.has_value());
    QVERIFY(QFile::exists(folder.filePath(u"new/tocsin.yaml"_s)));
    const auto again = writeWorkspace(draft);
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().code, ErrorCode::Refused);
}

QTEST_MAIN(TestShellParts)
#include "tst_shellparts.moc"
