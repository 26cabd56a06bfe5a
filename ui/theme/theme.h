#pragma once
#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>

#include "sdk/alert.h"
#include "sdk/probereport.h"

class QApplication;

namespace tocsin::theme {

/// Every colour of the window, by what it means. Two instances exist: dark and light; text against
/// its ground has a contrast of at least 4.5:1 in both (a test computes it).
struct Palette {
    QColor window, panel, raised, field, line, focus;
    QColor text, muted, faint;
    QColor accent, accentText, selection;
    QColor critical, warning, info, ok, unknown;
    QColor criticalFill, warningFill, okFill;
    QColor productionText, productionFill, productionLine;
    QColor codeKeyword, codeString, codeNumber, codeComment, codePlaceholder, codePlaceholderFill;
    QColor hover;               ///< `raised` under the pointer
    QColor outline;             ///< border of fields and cards; stronger than `line`
    QColor danger, dangerText;  ///< solid ground of a button that changes something
    QColor incident;            ///< ground of the incident bar
};

const Palette& darkPalette();
const Palette& lightPalette();

enum class Mode { Desktop, Dark, Light };

/// Palette, fonts and style sheet of the window. One object, made by main, handed to every pane by
/// reference; panes that paint repaint on changed(). GUI thread. Make it after QApplication and
/// before anything else sets an application palette: it reads the desktop's own once.
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(Mode mode = Mode::Desktop, QObject* parent = nullptr);

    void setMode(Mode mode);
    Mode mode() const { return m_mode; }
    bool isDark() const;
    const Palette& colors() const;
    /// Inter, else the desktop's font. Sizes in points relative to the desktop's size.
    QFont textFont(int delta = 0, bool bold = false) const;
    /// JetBrains Mono, else the desktop's fixed font; tabular figures.
    QFont monoFont(int delta = 0) const;
    /// Applies palette and style sheet to the application.
    void applyTo(QApplication& app) const;
    /// What applyTo() sets; see stylesheet.cpp for the roles a widget can carry.
    QString styleSheet() const;

    /// ▲ critical, ◆ warning, ● info, ? unknown; ◌ when silenced. Shape and colour, at any size.
    QIcon severityIcon(Severity severity, AlertState state) const;
    QColor severityColor(Severity severity, AlertState state) const;
    QColor levelColor(ProbeLevel level) const;

signals:
    void changed();

private:
    Mode m_mode;
    bool m_desktopIsDark = false;
    QFont m_text, m_mono;  ///< at delta 0
};

}  // namespace tocsin::theme
