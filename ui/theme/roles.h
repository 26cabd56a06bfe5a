#pragma once
#include <QString>

class QWidget;

namespace tocsin::theme {

/// Gives `widget` a look from the style sheet and repaints it. The roles:
/// - QPushButton, QToolButton: none (plain), "primary", "danger", "ghost" (text only), "chip",
///   "narrow" (one mark only)
/// - QLabel: "title", "heading", "section", "muted", "faint", "mono", "strong", "critical",
///   "warning", "ok", "info", "link", "badge", "productionBadge", "chip", "key" (a key cap),
///   "criticalChip", "warningChip", "okChip", "timer"
/// - QFrame, QWidget with WA_StyledBackground: "strip", "panel", "incident", "card", "activeCard",
///   "productionCard", "raised", "notice", "okNotice", "noticeStrip", "criticalStrip",
///   "criticalNotice", "header", "separator",
///   "popup"
/// - QLineEdit, QPlainTextEdit, QTextEdit: none, "code", "quiet" (no border)
/// - QTabWidget: none
void setRole(QWidget* widget, const QString& role);

/// Re-evaluates the style sheet after another property changed.
void restyle(QWidget* widget);

}  // namespace tocsin::theme
