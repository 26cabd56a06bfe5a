#include "ui/query/setupbutton.h"

#include <QAction>
#include <QMenu>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

SetUpButton::SetUpButton(const QString& prefix, QWidget* parent) : QToolButton(parent) {
    setObjectName(prefix + u"SetUp"_s);
    auto* menu = new QMenu(this);
    m_change = menu->addAction(QString());
    m_change->setObjectName(prefix + u"ChangeConnection"_s);
    auto* make = menu->addAction(tr("New connection…"));
    make->setObjectName(prefix + u"NewConnection"_s);
    setMenu(menu);
    connect(m_change, &QAction::triggered, this, [this] { emit requested(m_name); });
    connect(make, &QAction::triggered, this, [this] { emit requested({}); });
    connect(this, &QToolButton::clicked, this, [this] {
        if (m_name.isEmpty()) emit requested({});
    });
    setConnection({});
}

void SetUpButton::setConnection(const QString& name) {
    m_name = name;
    m_change->setText(tr("Change %1…").arg(name));
    m_change->setVisible(!name.isEmpty());
    setText(name.isEmpty() ? tr("New connection…") : u"⋮"_s);
    theme::setRole(this, name.isEmpty() ? u"ghost"_s : u"narrow"_s);
    setPopupMode(name.isEmpty() ? QToolButton::DelayedPopup : QToolButton::InstantPopup);
    setAccessibleName(name.isEmpty() ? tr("New connection")
                                     : tr("Change this connection, or make a new one"));
    setToolTip(accessibleName());
}

}  // namespace tocsin::ui
