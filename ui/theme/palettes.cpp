// The one file that holds colours. tests/ui_theme computes the contrast of each pair that meets.
#include "ui/theme/theme.h"

namespace tocsin::theme {

const Palette& darkPalette() {
    static const Palette palette = [] {
        Palette p;
        p.window = "#0f1216";
        p.panel = "#14171c";
        p.raised = "#222730";
        p.hover = "#2d3440";
        p.field = "#0f1216";
        p.line = "#262c35";
        p.outline = "#343c48";
        p.focus = "#7aa2f7";
        p.text = "#dfe3ea";
        p.muted = "#a3acb9";
        p.faint = "#929ba9";
        p.accent = "#3b6fd8";
        p.accentText = "#ffffff";
        p.selection = "#1f2a3d";
        p.critical = "#f4736b";
        p.warning = "#e5a93c";
        p.info = "#7aa2f7";
        p.ok = "#4fc08a";
        p.unknown = "#a3acb9";
        p.criticalFill = "#3a1d1e";
        p.warningFill = "#352a14";
        p.okFill = "#173026";
        p.productionText = "#ff938c";
        p.productionFill = "#3d1f1f";
        p.productionLine = "#8c3a36";
        p.danger = "#b3423b";
        p.dangerText = "#ffffff";
        p.incident = "#1a1416";
        p.codeKeyword = "#7aa2f7";
        p.codeString = "#9ece6a";
        p.codeNumber = "#e0a26b";
        p.codeComment = "#8a94a3";
        p.codePlaceholder = "#f0c674";
        p.codePlaceholderFill = "#3a2f16";
        return p;
    }();
    return palette;
}

const Palette& lightPalette() {
    static const Palette palette = [] {
        Palette p;
        p.window = "#eef0f3";
        p.panel = "#f8f9fa";
        p.raised = "#e6e9ee";
        p.hover = "#dadfe6";
        p.field = "#ffffff";
        p.line = "#d8dde4";
        p.outline = "#bcc4cf";
        p.focus = "#2457c5";
        p.text = "#1a2028";
        p.muted = "#4a5462";
        p.faint = "#566170";
        p.accent = "#2c60cc";
        p.accentText = "#ffffff";
        p.selection = "#dde7fa";
        p.critical = "#b3271f";
        p.warning = "#7f4d00";
        p.info = "#2457c5";
        p.ok = "#17683f";
        p.unknown = "#4a5462";
        p.criticalFill = "#fae3e1";
        p.warningFill = "#faedd1";
        p.okFill = "#dcf1e5";
        p.productionText = "#a3211a";
        p.productionFill = "#fae3e1";
        p.productionLine = "#d98a84";
        p.danger = "#b3342c";
        p.dangerText = "#ffffff";
        p.incident = "#faf1f0";
        p.codeKeyword = "#2457c5";
        p.codeString = "#38690f";
        p.codeNumber = "#8a4600";
        p.codeComment = "#566170";
        p.codePlaceholder = "#6d4800";
        p.codePlaceholderFill = "#faedd1";
        return p;
    }();
    return palette;
}

}  // namespace tocsin::theme
