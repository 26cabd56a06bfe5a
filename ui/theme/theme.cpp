#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>

#include "ui/theme/marks.h"
#include "ui/theme/stylesheet.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

namespace {

constexpr double kSmallestPoints = 9.75;  // 13 px at 96 dpi: below it tables tire the eyes
constexpr double kLargestPoints = 18;

double desktopPoints() {
    const double points = QApplication::font().pointSizeF();
    return std::clamp(points, kSmallestPoints, kLargestPoints);
}

QFont firstInstalled(const QStringList& wanted, QFont fallback) {
    for (const QString& family : wanted) {
        if (QFontDatabase::hasFamily(family)) {
            fallback.setFamilies({family, fallback.family()});
            break;
        }
    }
    fallback.setPointSizeF(desktopPoints());
    return fallback;
}

bool lookedDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128;
}

}  // namespace

Theme::Theme(Mode mode, QObject* parent)
    : QObject(parent),
      m_mode(mode),
      m_desktopIsDark(lookedDark(QApplication::palette())),
      m_text(firstInstalled({u"Inter"_s, u"Inter Variable"_s}, QApplication::font())),
      m_mono(firstInstalled({u"JetBrains Mono"_s, u"DejaVu Sans Mono"_s},
                            QFontDatabase::systemFont(QFontDatabase::FixedFont))) {
    m_mono.setStyleHint(QFont::Monospace);
    m_mono.setFixedPitch(true);
}

void Theme::setMode(Mode mode) {
    if (mode == m_mode) return;
    m_mode = mode;
    emit changed();
}

bool Theme::isDark() const {
    return m_mode == Mode::Dark || (m_mode == Mode::Desktop && m_desktopIsDark);
}

const Palette& Theme::colors() const {
    return isDark() ? darkPalette() : lightPalette();
}

QFont Theme::textFont(int delta, bool bold) const {
    QFont font = m_text;
    font.setPointSizeF(std::max(6.0, font.pointSizeF() + delta));
    font.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    return font;
}

QFont Theme::monoFont(int delta) const {
    QFont font = m_mono;
    font.setPointSizeF(std::max(6.0, font.pointSizeF() + delta - 0.5));
    return font;
}

void Theme::applyTo(QApplication& app) const {
    const Palette& c = colors();
    QPalette palette;
    palette.setColor(QPalette::Window, c.panel);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.field);
    palette.setColor(QPalette::AlternateBase, c.panel);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.raised);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::PlaceholderText, c.faint);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.accentText);
    palette.setColor(QPalette::Link, c.info);
    palette.setColor(QPalette::LinkVisited, c.info);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.line);
    palette.setColor(QPalette::BrightText, c.critical);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.faint);
    QApplication::setPalette(palette);
    QApplication::setFont(textFont());
    app.setStyleSheet(styleSheet());
}

QString Theme::styleSheet() const {
    return buildStyleSheet(*this);
}

QIcon Theme::severityIcon(Severity severity, AlertState state) const {
    return markIcon(markOf(severity, state), severityColor(severity, state));
}

QColor Theme::severityColor(Severity severity, AlertState state) const {
    const Palette& c = colors();
    if (state == AlertState::Unknown) return c.unknown;
    if (state == AlertState::Silenced || state == AlertState::Inhibited) return c.faint;
    switch (severity) {
        case Severity::Critical:
            return c.critical;
        case Severity::Warning:
            return c.warning;
        case Severity::Info:
            return c.info;
        case Severity::Unknown:
            break;
    }
    return c.unknown;
}

QColor Theme::levelColor(ProbeLevel level) const {
    const Palette& c = colors();
    switch (level) {
        case ProbeLevel::Ok:
            return c.ok;
        case ProbeLevel::Maintenance:
            return c.info;
        case ProbeLevel::Degraded:
        case ProbeLevel::Partial:
            return c.warning;
        case ProbeLevel::Outage:
            return c.critical;
        case ProbeLevel::Unknown:
            break;
    }
    return c.unknown;
}

}  // namespace tocsin::theme
