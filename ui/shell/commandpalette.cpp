#include "ui/shell/commandpalette.h"

#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>

#include "ui/shell/palettedelegate.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {
constexpr int kWidth = 640;
constexpr int kHeight = 420;
constexpr int kTop = 44;
}  // namespace

CommandPalette::CommandPalette(theme::Theme& theme, QWidget* window)
    : QFrame(window),
      m_model(new PaletteModel(this)),
      m_field(new QLineEdit),
      m_list(new QListView) {
    setObjectName(u"palette"_s);
    setAccessibleName(tr("Search or run anything"));
    theme::setRole(this, u"popup"_s);
    m_field->setObjectName(u"paletteField"_s);
    m_field->setAccessibleName(tr("What to look for"));
    m_field->setPlaceholderText(tr("An alert, a runbook, a step, a connection, a command"));
    m_list->setObjectName(u"paletteList"_s);
    m_list->setAccessibleName(tr("What was found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(theme, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(9, 9, 9, 9);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    m_field->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString& pattern) {
        m_model->setPattern(pattern);
        m_list->setCurrentIndex(m_model->index(0));
    });
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    hide();
}

void CommandPalette::open(QVector<PaletteItem> items) {
    if (!isVisible()) m_before = QApplication::focusWidget();
    m_model->setItems(std::move(items));
    m_field->clear();
    m_list->setCurrentIndex(m_model->index(0));
    place();
    show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::place() {
    const QSize room = parentWidget()->size();
    const int width = std::min(kWidth, room.width() - 32);
    const int height = std::min(kHeight, room.height() - kTop - 16);
    setGeometry((room.width() - width) / 2, kTop, width, height);
}

void CommandPalette::choose(int row) {
    if (row < 0 || row >= m_model->rowCount()) return;
    const auto run = m_model->item(row).run;
    leave();
    if (run) run();
}

void CommandPalette::move(int by) {
    const int last = m_model->rowCount() - 1;
    if (last < 0) return;
    const int row = std::clamp(m_list->currentIndex().row() + by, 0, last);
    m_list->setCurrentIndex(m_model->index(row));
}

void CommandPalette::leave() {
    if (!isVisible()) return;
    const QPointer<QWidget> before = m_before;
    m_before = nullptr;
    hide();
    if (before) before->setFocus(Qt::OtherFocusReason);
    emit closed();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_field) {
        if (event->type() == QEvent::Resize && isVisible()) place();
        return false;
    }
    if (event->type() == QEvent::FocusOut && isVisible()) {
        m_before = nullptr;
        leave();
    }
    if (event->type() != QEvent::KeyPress) return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_PageDown:
            move(10);
            return true;
        case Qt::Key_PageUp:
            move(-10);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose(m_list->currentIndex().row());
            return true;
        case Qt::Key_Escape:
            leave();
            return true;
        default:
            return false;
    }
}

}  // namespace tocsin::ui
