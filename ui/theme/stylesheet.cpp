#include "ui/theme/stylesheet.h"

#include <QRegularExpression>

#include "ui/theme/theme.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

namespace {

// "@name" stands for a colour of the palette, "@pt+2" for a size relative to the text's.
const auto kGround =
    uR"(
* { outline: 0; }
QWidget { color: @text; selection-background-color: @accent; selection-color: @accentText; }
QMainWindow, QDialog { background: @window; }
QToolTip { background: @raised; color: @text; border: 1px solid @outline; padding: 5px 7px; }
*[role="strip"] { background: @window; border: 0; border-bottom: 1px solid @line; }
*[role="panel"] { background: @panel; border: 0; }
*[role="header"] { background: @panel; border: 0; border-bottom: 1px solid @line; }
*[role="incident"] { background: @incident; border: 0; border-bottom: 1px solid @line; }
*[role="raised"] { background: @raised; border: 0; border-radius: 6px; }
*[role="separator"] { background: @line; border: 0; }
QFrame[role="card"] { background: @panel; border: 1px solid @line; border-radius: 7px; }
QFrame[role="activeCard"] { background: @panel; border: 2px solid @accent; border-radius: 7px; }
QFrame[role="productionCard"] { background: @panel; border: 2px solid @productionLine; border-radius: 7px; }
QFrame[role="notice"] { background: @warningFill; border: 1px solid @line; border-radius: 6px; }
QFrame[role="okNotice"] { background: @okFill; border: 1px solid @line; border-radius: 6px; }
QFrame[role="noticeStrip"] { background: @warningFill; border: 0; border-bottom: 1px solid @line; }
QFrame[role="criticalStrip"] { background: @criticalFill; border: 0; border-bottom: 1px solid @productionLine; }
QFrame[role="criticalNotice"] { background: @criticalFill; border: 1px solid @productionLine; border-radius: 6px; }
QFrame[role="popup"] { background: @panel; border: 1px solid @outline; border-radius: 8px; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
)"_s;

const auto kLabels =
    uR"(
QLabel { background: transparent; }
QLabel[role="title"] { font-size: @pt+4; font-weight: 600; }
QLabel[role="heading"] { font-size: @pt+1; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="section"] { color: @faint; font-size: @pt-1; font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="faint"] { color: @faint; }
QLabel[role="mono"] { font-family: @mono; }
QLabel[role="timer"] { font-family: @mono; font-size: @pt+7; }
QLabel[role="critical"] { color: @critical; }
QLabel[role="warning"] { color: @warning; }
QLabel[role="ok"] { color: @ok; }
QLabel[role="info"], QLabel[role="link"] { color: @info; }
QLabel[role="chip"] { background: @raised; border-radius: 9px; padding: 2px 9px; }
QLabel[role="criticalChip"] { background: @criticalFill; color: @critical; border-radius: 9px; padding: 2px 9px; }
QLabel[role="warningChip"] { background: @warningFill; color: @warning; border-radius: 9px; padding: 2px 9px; }
QLabel[role="okChip"] { background: @okFill; color: @ok; border-radius: 9px; padding: 2px 9px; }
QLabel[role="badge"] { background: @danger; color: @dangerText; border-radius: 4px; padding: 1px 6px; font-weight: 600; }
QLabel[role="productionBadge"] { background: @productionFill; color: @productionText; border-radius: 4px; padding: 2px 8px; font-weight: 500; }
QLabel[role="key"] { border: 1px solid @outline; border-radius: 4px; padding: 0 5px; color: @muted; font-size: @pt-1; }
)"_s;

// The border is always two pixels wide, so that the focus ring moves nothing.
const auto kButtons =
    uR"(
QPushButton, QToolButton { background: @raised; border: 2px solid @raised; border-radius: 6px; padding: 4px 10px; color: @text; }
QToolButton { padding: 3px 7px; }
QPushButton:hover, QToolButton:hover { background: @hover; border-color: @hover; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: @selection; border-color: @outline; }
QPushButton:focus, QToolButton:focus { border-color: @focus; }
QPushButton:disabled, QToolButton:disabled { color: @faint; background: @panel; border-color: @line; }
QPushButton[role="primary"] { background: @accent; border-color: @accent; color: @accentText; }
QPushButton[role="primary"]:hover { border-color: @focus; }
QPushButton[role="primary"]:focus { border-color: @text; }
QPushButton[role="danger"] { background: @danger; border-color: @danger; color: @dangerText; }
QPushButton[role="danger"]:hover { border-color: @productionText; }
QPushButton[role="danger"]:focus { border-color: @text; }
QPushButton[role="primary"]:disabled, QPushButton[role="danger"]:disabled { color: @faint; background: @panel; border-color: @line; }
QPushButton[role="ghost"], QToolButton[role="ghost"] { background: transparent; border-color: transparent; color: @muted; padding: 3px 6px; }
QToolButton[role="narrow"] { background: transparent; border-color: transparent; color: @muted; padding: 3px 2px; }
QToolButton[role="narrow"]:hover { color: @text; background: @raised; }
QToolButton[role="narrow"]:focus { border-color: @focus; }
QPushButton[role="ghost"]:hover, QToolButton[role="ghost"]:hover { color: @text; background: @raised; }
QPushButton[role="ghost"]:focus, QToolButton[role="ghost"]:focus { border-color: @focus; }
QPushButton[role="chip"], QToolButton[role="chip"] { border-radius: 11px; padding: 1px 9px; }
QPushButton[role="chip"]:checked { background: @selection; border-color: @accent; }
QPushButton[role="chip"]:focus { border-color: @focus; }
QPushButton[role="field"] { background: @field; border: 1px solid @outline; text-align: left; min-height: 18px; }
QPushButton[role="field"]:hover { border-color: @faint; }
QPushButton[role="field"]:focus { border-color: @focus; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }
QCheckBox, QRadioButton { spacing: 7px; padding: 2px; border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border-color: @focus; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid @faint; border-radius: 4px; background: @field; }
QCheckBox::indicator:checked { background: @ok; border-color: @ok; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid @faint; border-radius: 8px; background: @field; }
QRadioButton::indicator:checked { background: @accent; border-color: @focus; }
)"_s;

const auto kFields =
    uR"(
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox, QDateTimeEdit { background: @field; border: 1px solid @outline; border-radius: 6px; padding: 4px 8px; color: @text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus, QDateTimeEdit:focus { border: 2px solid @focus; padding: 3px 7px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: @panel; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: @faint; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border-color: @critical; }
QLineEdit[role="code"], QPlainTextEdit[role="code"], QTextEdit[role="code"] { font-family: @mono; }
QLineEdit[role="quiet"], QPlainTextEdit[role="quiet"], QTextEdit[role="quiet"], QTextBrowser[role="quiet"] { background: transparent; border: 1px solid transparent; }
QLineEdit[role="quiet"]:focus, QPlainTextEdit[role="quiet"]:focus, QTextEdit[role="quiet"]:focus { border: 1px solid @focus; padding: 4px 8px; }
QComboBox::drop-down { border: 0; width: 18px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @outline; selection-background-color: @accent; selection-color: @accentText; }
QMenu { background: @raised; border: 1px solid @outline; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @accentText; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @outline; margin: 4px 6px; }
)"_s;

const auto kViews =
    uR"(
QAbstractItemView { background: @panel; border: 0; color: @text; selection-background-color: @selection; selection-color: @text; alternate-background-color: @panel; gridline-color: @line; }
QAbstractItemView::item:selected { background: @selection; color: @text; }
QTableView, QTreeView { background: @field; }
QListView:focus, QTableView:focus, QTreeView:focus { border: 1px solid @focus; }
QListView, QTableView, QTreeView { border: 1px solid transparent; }
QHeaderView { background: @panel; border: 0; }
QHeaderView::section { background: @panel; color: @muted; border: 0; border-bottom: 1px solid @line; padding: 5px 9px; font-weight: 600; font-size: @pt-1; }
QTableCornerButton::section { background: @panel; border: 0; }
QTabWidget::pane { border: 0; background: @panel; }
QTabWidget::tab-bar { left: 8px; }
QTabBar { background: @panel; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; border: 1px solid transparent; border-bottom: 2px solid transparent; border-top-left-radius: 6px; border-top-right-radius: 6px; padding: 7px 7px; margin-top: 3px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { background: @selection; color: @text; border-bottom-color: @accent; }
QTabBar:focus::tab:selected, QTabBar::tab:selected:focus { border-color: @focus; }
QTabBar QToolButton { background: @panel; border: 1px solid @line; border-radius: 4px; padding: 0; margin: 5px 1px; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: @outline; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: @raised; border: 0; border-radius: 2px; text-align: center; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QProgressBar[role="ok"]::chunk { background: @ok; }
QProgressBar[role="warning"]::chunk { background: @warning; }
QProgressBar[role="critical"]::chunk { background: @critical; }
)"_s;

QMap<QString, QColor> named(const Palette& c) {
    return {{u"window"_s, c.window},
            {u"panel"_s, c.panel},
            {u"raised"_s, c.raised},
            {u"hover"_s, c.hover},
            {u"field"_s, c.field},
            {u"line"_s, c.line},
            {u"outline"_s, c.outline},
            {u"focus"_s, c.focus},
            {u"text"_s, c.text},
            {u"muted"_s, c.muted},
            {u"faint"_s, c.faint},
            {u"accent"_s, c.accent},
            {u"accentText"_s, c.accentText},
            {u"selection"_s, c.selection},
            {u"critical"_s, c.critical},
            {u"warning"_s, c.warning},
            {u"info"_s, c.info},
            {u"ok"_s, c.ok},
            {u"criticalFill"_s, c.criticalFill},
            {u"warningFill"_s, c.warningFill},
            {u"okFill"_s, c.okFill},
            {u"productionText"_s, c.productionText},
            {u"productionFill"_s, c.productionFill},
            {u"productionLine"_s, c.productionLine},
            {u"danger"_s, c.danger},
            {u"dangerText"_s, c.dangerText},
            {u"incident"_s, c.incident}};
}

/// Replaces each "@word" and "@pt±n"; the style sheet language has no variables of its own.
QString fill(const QString& sheet, const Theme& theme) {
    static const QRegularExpression token(u"@(pt[+-]\\d+|[A-Za-z]+)"_s);
    const auto colors = named(theme.colors());
    QString out;
    qsizetype from = 0;
    for (auto it = token.globalMatch(sheet); it.hasNext();) {
        const auto match = it.next();
        const QString word = match.captured(1);
        out += QStringView(sheet).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        if (word.startsWith(u"pt"_s))
            out += QString::number(theme.textFont(word.mid(2).toInt()).pointSizeF()) + u"pt"_s;
        else if (word == u"mono"_s)
            out += u"\"%1\""_s.arg(theme.monoFont().families().value(0, theme.monoFont().family()));
        else
            out += colors.value(word).name();
    }
    out += QStringView(sheet).mid(from);
    return out;
}

}  // namespace

QString buildStyleSheet(const Theme& theme) {
    return fill(kGround + kLabels + kButtons + kFields + kViews, theme);
}

}  // namespace tocsin::theme
