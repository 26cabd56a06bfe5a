#include "ui/shell/cheatsheet.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

CheatSheet::CheatSheet(const QVector<Line>& lines, QWidget* window) : QFrame(window) {
    setObjectName(u"cheatSheet"_s);
    setAccessibleName(tr("Keys"));
    setFocusPolicy(Qt::StrongFocus);
    setRole(this, u"popup"_s);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(22, 18, 22, 18);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(9);
    auto* heading = new QLabel(tr("Keys"));
    setRole(heading, u"title"_s);
    grid->addWidget(heading, 0, 0, 1, 4);
    const auto half = (lines.size() + 1) / 2;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        auto* keys = new QLabel(lines[i].keys);
        setRole(keys, u"key"_s);
        auto* meaning = new QLabel(lines[i].meaning);
        const int row = 1 + int(i % half);
        const int column = i < half ? 0 : 2;
        grid->addWidget(keys, row, column, Qt::AlignRight | Qt::AlignVCenter);
        grid->addWidget(meaning, row, column + 1, Qt::AlignLeft | Qt::AlignVCenter);
    }
    grid->setColumnMinimumWidth(1, 210);
    window->installEventFilter(this);
    hide();
}

void CheatSheet::toggle() {
    if (isVisible()) return hide();
    place();
    show();
    raise();
    setFocus(Qt::ShortcutFocusReason);
}

void CheatSheet::place() {
    adjustSize();
    move((parentWidget()->width() - width()) / 2, (parentWidget()->height() - height()) / 3);
}

void CheatSheet::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return hide();
    QFrame::keyPressEvent(event);
}

bool CheatSheet::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Resize && isVisible()) place();
    return false;
}

}  // namespace tocsin::ui
