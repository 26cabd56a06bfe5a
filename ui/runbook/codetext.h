#pragma once
#include "runbooks/run.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// A block's text as rich text: keywords, strings, numbers and comments in the theme's code
/// colours, each hole as a chip "PID_HERE = 24817" that is a link to "hole:PID_HERE". Line breaks
/// stay, long lines wrap. Pure.
QString codeHtml(const runbooks::Block& block, const QMap<QString, runbooks::Binding>& bindings,
                 const theme::Palette& colors, const QFont& font);

}  // namespace tocsin::ui
