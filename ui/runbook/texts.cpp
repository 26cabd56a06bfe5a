#include "ui/runbook/texts.h"

#include "ui/theme/roles.h"

namespace tocsin::ui {

QLabel* plainText(const QString& text, const QString& role) {
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::PlainText);
    theme::setRole(made, role);
    return made;
}

QLabel* markdownText(const QString& text) {
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::MarkdownText);
    made->setWordWrap(true);
    made->setMinimumWidth(1);
    made->setOpenExternalLinks(true);
    made->setTextInteractionFlags(Qt::TextBrowserInteraction);
    made->setFocusPolicy(Qt::ClickFocus);
    return made;
}

}  // namespace tocsin::ui
