#pragma once
#include <QLabel>

namespace tocsin::ui {

/// Text as it is written, in one of the theme's roles ("muted", "title", …).
QLabel* plainText(const QString& text, const QString& role);
/// A runbook's prose, with links that open.
QLabel* markdownText(const QString& text);

}  // namespace tocsin::ui
