#include "ui/incident/pinspanel.h"

#include <QBoxLayout>
#include <QPushButton>

#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {

QPushButton* small(const QString& name, const QString& text, const QString& accessible) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    setRole(made, u"ghost"_s);
    return made;
}

}  // namespace

PinsPanel::PinsPanel(incidents::Capturer& capturer, QWidget* parent)
    : QFrame(parent), m_capturer(capturer) {
    setObjectName(u"pinsPanel"_s);
    setAccessibleName(tr("Pinned statements"));
    setRole(this, u"raised"_s);
    auto* head = new QHBoxLayout;
    auto* title = new theme::ElidedLabel(
        tr("Asked at declaration, before and after each change, and at resolution"));
    setRole(title, u"muted"_s);
    auto* ask = small(u"pinsAsk"_s, tr("Ask now"), tr("Ask everything pinned now"));
    head->addWidget(title, 1);
    head->addWidget(ask);
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(14, 4, 12, 4);
    m_column->setSpacing(2);
    m_column->addLayout(head);
    connect(ask, &QPushButton::clicked, this, &PinsPanel::askRequested);
    connect(&capturer, &incidents::Capturer::pinsChanged, this, &PinsPanel::rebuild);
    rebuild();
}

void PinsPanel::rebuild() {
    delete m_rows;
    m_rows = new QWidget;
    auto* column = new QVBoxLayout(m_rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (const incidents::Pin& pin : m_capturer.pins())
        column->addWidget(rowFor(pin));
    if (m_capturer.pins().isEmpty()) {
        auto* empty = new theme::ElidedLabel(
            tr("Nothing is pinned. Run a statement, open its line in the timeline, press Pin."));
        column->addWidget(empty);
    }
    m_column->addWidget(m_rows);
}

QWidget* PinsPanel::rowFor(const incidents::Pin& pin) {
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    auto* text =
        new theme::ElidedLabel(u"%1 · %2"_s.arg(pin.connection, pin.statement.simplified()));
    setRole(text, u"mono"_s);
    text->setToolTip(pin.statement);
    auto* off = small(u"unpin%1"_s.arg(pin.id), tr("Unpin"),
                      tr("Unpin %1").arg(pin.statement.simplified()));
    line->addWidget(text, 1);
    line->addWidget(off);
    connect(off, &QPushButton::clicked, this, [this, id = pin.id] { m_capturer.unpin(id); });
    return row;
}

}  // namespace tocsin::ui
