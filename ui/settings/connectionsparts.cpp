#include "ui/settings/connectionsparts.h"

#include <QCoreApplication>
#include <QFrame>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {

QString partsText(const char* text) {
    return QCoreApplication::translate("tocsin::ui::ConnectionsPane", text);
}

QPushButton* footButton(const QString& name, const QString& text, const QString& role) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(text);
    if (!role.isEmpty()) setRole(made, role);
    return made;
}

}  // namespace

void ConnectionsParts::build(QWidget* pane) {
    auto* all = new QVBoxLayout(pane);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(buildHeader());
    place = new QVBoxLayout;
    all->addLayout(place, 1);
    auto* line = new QFrame;
    line->setFixedHeight(1);
    setRole(line, u"separator"_s);
    all->addWidget(line);
    all->addWidget(buildFoot());
}

QWidget* ConnectionsParts::buildHeader() {
    auto* header = new QFrame;
    setRole(header, u"header"_s);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(8);
    badge = new theme::EnvironmentBadge;
    title = new QLabel;
    title->setObjectName(u"connectionTitle"_s);
    setRole(title, u"heading"_s);
    kinds = new QComboBox;
    kinds->setObjectName(u"connectionKind"_s);
    kinds->setAccessibleName(partsText("Kind of server"));
    row->addWidget(badge);
    row->addWidget(title);
    row->addWidget(kinds);
    row->addStretch(1);
    return header;
}

QWidget* ConnectionsParts::buildFoot() {
    auto* foot = new QWidget;
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(14, 8, 14, 10);
    column->setSpacing(6);
    help = new QLabel;
    help->setObjectName(u"connectionHelp"_s);
    help->setWordWrap(true);
    help->setTextFormat(Qt::PlainText);
    help->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Nothing moves when the help is longer or shorter.
    help->setFixedHeight(help->fontMetrics().lineSpacing() * 3);
    setRole(help, u"faint"_s);
    preview = new theme::ElidedLabel;
    preview->setObjectName(u"connectionPreview"_s);
    preview->setAccessibleName(partsText("What will be written to tocsin.yaml"));
    preview->setTextFormat(Qt::PlainText);
    setRole(preview, u"mono"_s);
    message = new QLabel;
    message->setObjectName(u"connectionMessage"_s);
    message->setWordWrap(true);
    message->setTextFormat(Qt::PlainText);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    message->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    message->setMinimumHeight(message->fontMetrics().lineSpacing() * 2);
    test = footButton(u"connectionTest"_s, partsText("Test"), {});
    save = footButton(u"connectionSave"_s, partsText("Save"), u"primary"_s);
    close = footButton(u"connectionClose"_s, partsText("Close"), u"ghost"_s);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(test);
    buttons->addWidget(save);
    buttons->addWidget(close);
    buttons->addStretch(1);
    column->addWidget(help);
    column->addWidget(preview);
    column->addWidget(message);
    column->addLayout(buttons);
    return foot;
}

}  // namespace tocsin::ui
