#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "ui/theme/badge.h"
#include "ui/theme/card.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"
#include "ui/theme/marks.h"
#include "ui/theme/roles.h"
#include "ui/theme/theme.h"

using namespace tocsin;
using namespace tocsin::theme;
using namespace Qt::StringLiterals;

namespace {

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

/// WCAG 2.1's contrast ratio.
double contrast(const QColor& a, const QColor& b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

struct Pair {
    const char* name;
    QColor Palette::*ink;
    QColor Palette::*ground;
};

QVector<Pair> textPairs() {
    using P = Palette;
    QVector<Pair> pairs;
    const QVector<QPair<const char*, QColor P::*>> inks = {
        {"text", &P::text},       {"muted", &P::muted},
        {"faint", &P::faint},     {"critical", &P::critical},
        {"warning", &P::warning}, {"info", &P::info},
        {"ok", &P::ok},           {"unknown", &P::unknown}};
    const QVector<QColor P::*> grounds = {&P::window, &P::panel,     &P::raised,
                                          &P::field,  &P::selection, &P::incident};
    for (const auto& [name, ink] : inks)
        for (const auto ground : grounds)
            pairs.append({name, ink, ground});
    for (const auto code : {&P::codeKeyword, &P::codeString, &P::codeNumber, &P::codeComment})
        for (const auto ground : {&P::field, &P::panel, &P::window})
            pairs.append({"code", code, ground});
    pairs += {{"placeholder", &P::codePlaceholder, &P::codePlaceholderFill},
              {"accentText", &P::accentText, &P::accent},
              {"dangerText", &P::dangerText, &P::danger},
              {"production", &P::productionText, &P::productionFill},
              {"criticalFill", &P::critical, &P::criticalFill},
              {"warningFill", &P::warning, &P::warningFill},
              {"okFill", &P::ok, &P::okFill},
              {"text on criticalFill", &P::text, &P::criticalFill},
              {"text on warningFill", &P::text, &P::warningFill},
              {"text on hover", &P::text, &P::hover}};
    return pairs;
}

}  // namespace

class TestTheme : public QObject {
    Q_OBJECT
private slots:
    void textIsReadable_data();
    void textIsReadable();
    void focusStandsOut();
    void everyColorIsSet();
    void styleSheetNamesNoUnknownColor_data();
    void styleSheetNamesNoUnknownColor();
    void modeChangesColors();
    void severityHasItsOwnShape();
    void unknownIsNeverGreen();
    void chipAnnouncesItself();
    void elidedLabelShrinks();
    void roleChangesLook();
};

void TestTheme::textIsReadable_data() {
    QTest::addColumn<QColor>("ink");
    QTest::addColumn<QColor>("ground");
    for (const bool dark : {true, false}) {
        const Palette& palette = dark ? darkPalette() : lightPalette();
        for (const Pair& pair : textPairs())
            QTest::addRow("%s %s on %s", dark ? "dark" : "light", pair.name,
                          qPrintable((palette.*pair.ground).name()))
                << palette.*pair.ink << palette.*pair.ground;
    }
}

void TestTheme::textIsReadable() {
    QFETCH(QColor, ink);
    QFETCH(QColor, ground);
    const double ratio = contrast(ink, ground);
    QVERIFY2(ratio >= 4.5, qPrintable(u"%1 on %2: %3"_s.arg(ink.name(), ground.name()).arg(ratio)));
}

void TestTheme::focusStandsOut() {
    for (const Palette* palette : {&darkPalette(), &lightPalette()})
        for (const QColor& ground :
             {palette->window, palette->panel, palette->raised, palette->field})
            QVERIFY(contrast(palette->focus, ground) >= 3.0);
}

void TestTheme::everyColorIsSet() {
    for (const Palette* palette : {&darkPalette(), &lightPalette()}) {
        const auto* colors = reinterpret_cast<const QColor*>(palette);
        for (size_t i = 0; i < sizeof(Palette) / sizeof(QColor); ++i)
            QVERIFY(colors[i].isValid());
    }
}

void TestTheme::styleSheetNamesNoUnknownColor_data() {
    QTest::addColumn<Mode>("mode");
    QTest::newRow("dark") << Mode::Dark;
    QTest::newRow("light") << Mode::Light;
}

void TestTheme::styleSheetNamesNoUnknownColor() {
    QFETCH(Mode, mode);
    const Theme theme(mode);
    const QString sheet = theme.styleSheet();
    QVERIFY(!sheet.contains(u'@'));
    // An unknown word would have become black, which is in neither palette.
    QVERIFY(!sheet.contains(u"#000000"_s));
    QTest::failOnWarning(QRegularExpression(u"parse stylesheet"_s));
    theme.applyTo(*qApp);
    QPushButton button;
    button.ensurePolished();
}

void TestTheme::modeChangesColors() {
    Theme theme(Mode::Dark);
    QSignalSpy changed(&theme, &Theme::changed);
    const QColor before = theme.colors().panel;
    QVERIFY(theme.isDark());
    theme.setMode(Mode::Light);
    QCOMPARE(changed.count(), 1);
    QVERIFY(!theme.isDark());
    QVERIFY(theme.colors().panel != before);
    theme.setMode(Mode::Light);
    QCOMPARE(changed.count(), 1);
}

void TestTheme::severityHasItsOwnShape() {
    const QList<Mark> marks = {markOf(Severity::Critical, AlertState::Firing),
                               markOf(Severity::Warning, AlertState::Firing),
                               markOf(Severity::Info, AlertState::Firing),
                               markOf(Severity::Critical, AlertState::Silenced),
                               markOf(Severity::Critical, AlertState::Unknown)};
    QCOMPARE(QSet<Mark>(marks.begin(), marks.end()).size(), marks.size());
    // Told apart without colour: the same ink gives five pictures.
    QList<QImage> pictures;
    for (const Mark mark : marks) {
        const QImage picture = markIcon(mark, Qt::white).pixmap(24).toImage();
        QVERIFY(!pictures.contains(picture));
        pictures << picture;
    }
}

void TestTheme::unknownIsNeverGreen() {
    for (const Mode mode : {Mode::Dark, Mode::Light}) {
        const Theme theme(mode);
        const QColor ok = theme.colors().ok;
        QVERIFY(theme.levelColor(ProbeLevel::Unknown) != ok);
        for (const auto severity : {Severity::Critical, Severity::Info, Severity::Unknown})
            QVERIFY(theme.severityColor(severity, AlertState::Unknown) != ok);
    }
    QVERIFY(markOf(ProbeLevel::Unknown) != markOf(ProbeLevel::Ok));
}

void TestTheme::chipAnnouncesItself() {
    Theme theme(Mode::Dark);
    Chip chip(theme);
    const int empty = chip.sizeHint().width();
    chip.setParts(Mark::Triangle, u"2"_s, u"critical"_s, Tone::Critical);
    QCOMPARE(chip.accessibleName(), u"2 critical"_s);
    QVERIFY(chip.sizeHint().width() > empty);
    QVERIFY(!chip.grab().isNull());
}

void TestTheme::elidedLabelShrinks() {
    ElidedLabel label(u"a sentence that is much longer than the room it will be given"_s);
    QVERIFY(label.minimumSizeHint().width() < label.sizeHint().width() / 4);
    label.resize(60, label.sizeHint().height());
    QVERIFY(!label.grab().isNull());
}

void TestTheme::roleChangesLook() {
    Theme theme(Mode::Dark);
    theme.applyTo(*qApp);
    QPushButton button(u"Send"_s);
    button.resize(80, 28);
    const QColor plain = button.grab().toImage().pixelColor(8, 6);
    setRole(&button, u"primary"_s);
    const QColor primary = button.grab().toImage().pixelColor(8, 6);
    QCOMPARE(plain, theme.colors().raised);
    QCOMPARE(primary, theme.colors().accent);
    EnvironmentBadge badge;
    QCOMPARE(badge.text(), u"PRODUCTION"_s);
    badge.setEnvironment(u"staging"_s);
    QCOMPARE(badge.text(), u"staging"_s);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
