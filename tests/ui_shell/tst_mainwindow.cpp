// The whole window on a real console, store and ledger; the sources are fed by hand.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTabWidget>

#include "tests/ui_shell/desk.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char kWorkspace[] =
    "workspace: {name: Studio}\n"
    "runbooks: []\n"
    "sources:\n"
    "  - {name: prod, kind: alertmanager, url: http://127.0.0.1:1, every: 10s}\n"
    "connections:\n"
    "  - {name: primary, kind: postgres, url: \"postgresql://oncall@127.0.0.1:1/app\"}\n"
    "  - {name: cache, kind: redis, url: \"redis://127.0.0.1:1/0\"}\n"
    "  - {name: sessions, kind: redis, url: \"redis://127.0.0.1:1/1\"}\n"
    "channels:\n"
    "  - {name: incidents, kind: discord, webhook: \"env:TOCSIN_TEST_NO_SUCH_SECRET\", mentions: "
    "{on-call-primary: \"111\", on-call-secondary: \"222\"}}\n"
    "escalation:\n"
    "  channel: incidents\n"
    "  levels:\n"
    "    - {name: Primary on-call, after: 0m, mention: on-call-primary}\n"
    "    - {name: Secondary on-call, after: 15m, mention: on-call-secondary}\n"
    "    - {name: Engineering lead, after: 30m, mention: on-call-team}\n"
    "  start: {P1: 2}\n"
    "nonsense: true\n";

}  // namespace

class TestMainWindow : public Desk {
    Q_OBJECT
private slots:
    void init() { open(kWorkspace); }
    void cleanup() { close(); }
    void pictures_data();
    void pictures();
    void fitsSmallScreens();
    void problemsAreListed();
    void paletteRunsWhatIsChosen();
    void paletteOpensFromATextField();
    void keysShowPanes();
    void declaringMarksAlerts();
    void barIsGoneWithoutIncident();
    void emptyWorkspaceIsWelcomed();

private:
    void feed();
    void declareOne();
};

void TestMainWindow::feed() {
    const QDateTime now = m_clock->now();
    for (const QString& source : {u"prod"_s, u"app"_s, u"PagerDuty"_s})
        m_console->board().addSource(source, 1h);
    Alert silenced =
        firing(u"memory_usage"_s, Severity::Warning, u"resize planned"_s, now.addSecs(-9000));
    silenced.state = AlertState::Silenced;
    m_console->board().accept(
        {u"prod"_s,
         now,
         {firing(u"database_connections"_s, Severity::Critical, u"Pool at 97 % of 100"_s,
                 now.addSecs(-761)),
          firing(u"error_rate"_s, Severity::Critical, u"7.4 % of requests, limit 5 %"_s,
                 now.addSecs(-662)),
          firing(u"response_time_p95"_s, Severity::Warning, u"1.84 s, limit 1 s"_s,
                 now.addSecs(-648)),
          firing(u"disk_usage"_s, Severity::Warning, u"worker-2 at 83 %"_s, now.addSecs(-4929)),
          silenced}});
    m_console->board().accept({u"app"_s, now, {}});
    m_console->board().sourceFailed(
        u"PagerDuty"_s, {ErrorCode::RateLimited, u"It asks for a pause."_s, {}}, now.addSecs(38));
    QTRY_COMPARE(m_console->board().alerts().size(), 5);
}

void TestMainWindow::declareOne() {
    feed();
    for (const Alert& each : m_console->board().alerts())
        if (each.key == u"database_connections"_s) m_window->declare({each});
    QTest::keyClick(find<QLineEdit>("declareTitle"), Qt::Key_Return);
    QTRY_VERIFY(find<QWidget>("incidentBar")->isVisible());
}

void TestMainWindow::pictures_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::newRow("dark-1600") << true << QSize(1600, 1000);
    QTest::newRow("light-1600") << false << QSize(1600, 1000);
    QTest::newRow("dark-1280") << true << QSize(1280, 800);
    QTest::newRow("light-1280") << false << QSize(1280, 800);
}

void TestMainWindow::pictures() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    m_window->resize(size);
    declareOne();
    QTRY_VERIFY(find<QListView>("timelineList")->model()->rowCount() >= 2);
    QTRY_VERIFY2(find<QWidget>("ladder")->accessibleDescription().contains(u"delivered"_s),
                 qPrintable(find<QLabel>("composerState")->text()));
    m_clock->advance(761s);
    for (auto* row : m_window->findChildren<QListView*>(u"boardList"_s))
        row->setCurrentIndex(row->model()->index(1, 0));
    QCOMPARE(m_window->size(), size);
    for (int turn = 0; turn < 20; ++turn)
        QCoreApplication::processEvents();
    const QImage picture = m_window->grab().toImage();
    QVERIFY(!picture.isNull());
    const QColor ground = picture.pixelColor(3, 3);
    QCOMPARE(ground.lightness() < 128, dark);
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(
            picture.save(folder + u'/' + QString::fromLatin1(QTest::currentDataTag()) + u".png"_s));
}

void TestMainWindow::fitsSmallScreens() {
    declareOne();
    const QSize least = m_window->minimumSizeHint();
    QVERIFY2(least.width() <= 1280 && least.height() <= 800,
             qPrintable(u"%1×%2"_s.arg(least.width()).arg(least.height())));
}

void TestMainWindow::problemsAreListed() {
    QVERIFY(find<QWidget>("problemsStrip")->isVisible());
    QVERIFY(find<QLabel>("problemsCaption")->text().contains(u"in tocsin.yaml"_s));
    find<QPushButton>("problemsShow")->click();
    QVERIFY(find<QWidget>("problemsList")->isVisible());
    bool placed = false;
    for (const QLabel* label : find<QWidget>("problemsList")->findChildren<QLabel*>())
        placed |= label->text().startsWith(u"tocsin.yaml:"_s);
    QVERIFY(placed);
    find<QPushButton>("problemsDismiss")->click();
    QVERIFY(!find<QWidget>("problemsStrip")->isVisible());
}

void TestMainWindow::paletteRunsWhatIsChosen() {
    m_window->openPalette();
    QVERIFY(find<QWidget>("palette")->isVisible());
    QTest::keyClicks(find<QLineEdit>("paletteField"), u"show redis"_s);
    QCOMPARE(find<QListView>("paletteList")->currentIndex().data().toString(), u"Show Redis"_s);
    QTest::keyClick(find<QLineEdit>("paletteField"), Qt::Key_Return);
    QVERIFY(!find<QWidget>("palette")->isVisible());
    QCOMPARE(find<QTabWidget>("paneTabs")->currentIndex(), 1);
    QCOMPARE(find<QComboBox>("redisConnection")->currentText(), u"cache"_s);
    find<QTabWidget>("paneTabs")->setCurrentIndex(0);
    m_window->openPalette();
    QTest::keyClicks(find<QLineEdit>("paletteField"), u"connection sessions"_s);
    QTest::keyClick(find<QLineEdit>("paletteField"), Qt::Key_Return);
    QCOMPARE(find<QTabWidget>("paneTabs")->currentIndex(), 1);
    QCOMPARE(find<QComboBox>("redisConnection")->currentText(), u"sessions"_s);
}

void TestMainWindow::paletteOpensFromATextField() {
    auto* filter = find<QLineEdit>("boardFilter");
    filter->setFocus();
    QTest::keyClick(filter, Qt::Key_K, Qt::ControlModifier);
    QVERIFY(find<QWidget>("palette")->isVisible());
    QTest::keyClick(find<QLineEdit>("paletteField"), Qt::Key_Escape);
    QVERIFY(!find<QWidget>("palette")->isVisible());
    QVERIFY(filter->hasFocus());
}

void TestMainWindow::keysShowPanes() {
    auto* tabs = find<QTabWidget>("paneTabs");
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 2);
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 0);
    QTest::keyClick(m_window.get(), Qt::Key_F1);
    QVERIFY(find<QWidget>("cheatSheet")->isVisible());
    QTest::keyClick(find<QWidget>("cheatSheet"), Qt::Key_Escape);
    QVERIFY(!find<QWidget>("cheatSheet")->isVisible());
    for (int i = 0; i < 6; ++i) {
        QTest::keyClick(m_window.get(), Qt::Key_F6);
        QVERIFY(QApplication::focusWidget());
    }
}

void TestMainWindow::declaringMarksAlerts() {
    declareOne();
    QTRY_VERIFY(!find<QWidget>("declarePanel")->isVisible());
    QVERIFY(find<QWidget>("composerPane")->isVisible());
    QCOMPARE(find<QLabel>("incidentTitle")->text(), u"Pool at 97 % of 100"_s);
    QTRY_VERIFY(find<QWidget>("ladder")->accessibleDescription().contains(
        u"Secondary on-call: ✓ delivered"_s));
}

void TestMainWindow::barIsGoneWithoutIncident() {
    QVERIFY(!find<QWidget>("incidentBar")->isVisible());
    QVERIFY(!find<QWidget>("composerPane")->isVisible());
    QVERIFY(find<QWidget>("boardFilter")->isVisible());
}

void TestMainWindow::emptyWorkspaceIsWelcomed() {
    open("workspace: {name: Empty}\n");
    QVERIFY(find<QWidget>("welcomePage")->isVisible());
    QSignalSpy drill(m_window.get(), &MainWindow::drillRequested);
    find<QPushButton>("welcomeDrill_queue-delay")->click();
    QCOMPARE(drill.count(), 1);
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (!folder.isEmpty()) m_window->grab().save(folder + u"/welcome.png"_s);
    find<QPushButton>("welcomeSkip")->click();
    QVERIFY(!find<QWidget>("welcomePage")->isVisible());
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
