// The strip's chips of late: who owns the engine, and how long the mute lasts.
#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QSignalSpy>
#include <QSysInfo>
#include <QTest>

#include "ui/desktop/trayicon.h"
#include "ui/shell/mutechip.h"
#include "ui/shell/ownerchip.h"
#include "ui/shell/statusstrip.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

store::Owner ownerCalled(const QString& kind) {
    store::Owner owner;
    owner.token = 3;
    owner.kind = kind;
    owner.pid = 123;
    owner.host = QSysInfo::machineHostName();
    owner.since = QDateTime(QDate(2026, 1, 1), QTime(11, 2, 3), Qt::UTC);
    return owner;
}

}  // namespace

class StripChipsTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhoPages_data();
    void saysWhoPages();
    void theMuteIsShownWithItsTime();
    void fitsTheSmallestWindow_data();
    void fitsTheSmallestWindow();
};

void StripChipsTest::saysWhoPages_data() {
    QTest::addColumn<store::Owner>("owner");
    QTest::addColumn<bool>("self");
    QTest::addColumn<int>("silence");
    QTest::addColumn<bool>("serveLives");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<theme::Tone>("tone");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("this window alone")
        << ownerCalled(u"console"_s) << true << 0 << false << u"pages from here"_s
        << theme::Tone::Muted << u"When it closes, nobody pages"_s;
    QTest::newRow("this window, serve behind it")
        << ownerCalled(u"console"_s) << true << 0 << true << u"pages from here"_s
        << theme::Tone::Muted << u"“tocsin serve” takes over"_s;
    QTest::newRow("serve") << ownerCalled(u"serve"_s) << false << 0 << true
                           << u"serve (pid 123) pages"_s << theme::Tone::Info
                           << u"serve (pid 123) escalates and delivers, since 11:02:03 UTC"_s;
    QTest::newRow("serve hangs") << ownerCalled(u"serve"_s) << false << 4200 << true
                                 << u"escalates"_s << theme::Tone::Warning
                                 << u"no sign of life for 4 s"_s;
    QTest::newRow("nobody") << ownerCalled({}) << false << 0 << false << u"escalates"_s
                            << theme::Tone::Warning << u"takes over within seconds"_s;
}

void StripChipsTest::saysWhoPages() {
    QFETCH(const store::Owner, owner);
    QFETCH(const bool, self);
    QFETCH(const int, silence);
    QFETCH(const bool, serveLives);
    QFETCH(const QString, sentence);
    const OwnerWords words =
        ownerWords(owner, self, std::chrono::milliseconds(silence), serveLives);
    QTEST(words.text, "shown");
    QTEST(words.tone, "tone");
    QVERIFY2(words.sentence.contains(sentence), qPrintable(words.sentence));
    // Unknown is never green.
    QCOMPARE(words.mark == theme::Mark::Question, words.tone == theme::Tone::Warning);
}

void StripChipsTest::theMuteIsShownWithItsTime() {
    TestClock clock;
    theme::Theme theme(theme::Mode::Dark);
    theme::Ticker ticker(clock);
    Mute mute(clock);
    QWidget window;
    MuteChip chip(theme, ticker, mute, &window);
    QVERIFY(chip.isHidden());
    mute.muteFor(30min);
    QVERIFY(!chip.isHidden());
    QCOMPARE(chip.strong(), u"30:00"_s);
    clock.advance(19s);
    QCOMPARE(chip.strong(), u"29:41"_s);
    chip.click();
    QVERIFY(chip.isHidden());
    QVERIFY(!mute.isOn());
}

void StripChipsTest::fitsTheSmallestWindow_data() {
    QTest::addColumn<theme::Mode>("mode");
    QTest::addColumn<int>("width");
    for (const int width : {1280, 1600}) {
        QTest::addRow("dark %d", width) << theme::Mode::Dark << width;
        QTest::addRow("light %d", width) << theme::Mode::Light << width;
    }
}

void StripChipsTest::fitsTheSmallestWindow() {
    QFETCH(const theme::Mode, mode);
    QFETCH(const int, width);
    TestClock clock;
    theme::Theme theme(mode);
    theme.applyTo(*qApp);
    theme::Ticker ticker(clock);
    alerts::Board board(clock);
    for (const QString& source : {u"prod"_s, u"app"_s, u"PagerDuty"_s}) {
        board.addSource(source, 1h);
        board.accept({source, clock.now(), {}});
    }
    board.sourceFailed(u"PagerDuty"_s, {ErrorCode::RateLimited, u"no answer: 429"_s, {}}, {});
    StatusStrip strip(theme, ticker, board, u"Studio"_s);
    const OwnerWords words = ownerWords(ownerCalled(u"serve"_s), false, 0ms, true);
    auto* owner = new theme::Chip(theme, &strip);
    owner->setParts(words.mark, words.strong, words.text, words.tone);
    Mute mute(clock);
    auto* muted = new MuteChip(theme, ticker, mute, &strip);
    // The worst that can be said at once.
    auto* stopped = new theme::Chip(theme, &strip);
    stopped->setParts(theme::Mark::Triangle, u"#incidents"_s, u"stopped"_s, theme::Tone::Critical);
    strip.addChip(stopped);
    strip.addChip(owner);
    strip.addChip(muted);
    mute.muteFor(30min);
    strip.tick(clock.now());
    strip.resize(width, strip.sizeHint().height());
    strip.show();
    QVERIFY(QTest::qWaitForWindowExposed(&strip));
    for (const QWidget* chip : {static_cast<QWidget*>(stopped), static_cast<QWidget*>(owner),
                                static_cast<QWidget*>(muted)}) {
        QVERIFY(strip.rect().contains(chip->geometry()));
        QVERIFY(chip->width() >= chip->sizeHint().width());
    }
    QVERIFY2(strip.minimumSizeHint().width() <= width,
             qPrintable(QString::number(strip.minimumSizeHint().width())));
    // For looking at: TOCSIN_PICTURES=FOLDER keeps the strip and the tray's marks.
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    const QString name =
        (mode == theme::Mode::Dark ? u"dark-%1.png"_s : u"light-%1.png"_s).arg(width);
    QVERIFY(strip.grab().save(folder + u"/strip-"_s + name));
    QPixmap marks(8 * 80, 80);
    marks.fill(mode == theme::Mode::Dark ? QColor(0x30, 0x30, 0x34) : QColor(0xe8, 0xe8, 0xec));
    QPainter painter(&marks);
    int x = 8;
    for (const bool quiet : {false, true})
        for (const auto mark : {theme::Mark::Triangle, theme::Mark::Diamond, theme::Mark::Question,
                                theme::Mark::Dot}) {
            painter.drawPixmap(x, 8, trayPicture(theme, mark, quiet).pixmap(48));
            painter.drawPixmap(x + 52, 8, trayPicture(theme, mark, quiet).pixmap(22));
            x += 80;
        }
    painter.end();
    QVERIFY(marks.save(folder + u"/tray-"_s + name));
}

QTEST_MAIN(StripChipsTest)
#include "tst_stripchips.moc"
