#include "ui/shell/panetabs.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QTabBar>
#include <QToolButton>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

/// A window that gives its pane back when it is closed.
class TornOff : public QWidget {
public:
    TornOff(PaneTabs& tabs, QWidget* pane)
        : QWidget(tabs.window(), Qt::Window), m_tabs(tabs), m_pane(pane) {
        theme::setRole(this, u"panel"_s);
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(pane);
        resize(pane->size().expandedTo({720, 520}));
    }

protected:
    void closeEvent(QCloseEvent* event) override {
        event->accept();
        m_tabs.attach(m_pane);
    }

private:
    PaneTabs& m_tabs;
    QWidget* m_pane;
};

}  // namespace

PaneTabs::PaneTabs(QWidget* parent) : QTabWidget(parent), m_detach(new QToolButton) {
    setObjectName(u"paneTabs"_s);
    setAccessibleName(tr("Panes"));
    // Not document mode: that paints a line behind the corner button.
    tabBar()->setExpanding(false);
    tabBar()->setUsesScrollButtons(true);
    m_detach->setObjectName(u"detachPane"_s);
    m_detach->setText(u"↗"_s);
    m_detach->setAccessibleName(tr("Show this pane in a window of its own"));
    m_detach->setToolTip(m_detach->accessibleName());
    theme::setRole(m_detach, u"ghost"_s);
    setCornerWidget(m_detach);
    connect(m_detach, &QToolButton::clicked, this, [this] {
        if (QWidget* shown = currentWidget()) detach(shown);
    });
}

PaneTabs::~PaneTabs() = default;

PaneTabs::Pane* PaneTabs::find(const QWidget* pane) {
    const auto found = std::find_if(m_panes.begin(), m_panes.end(),
                                    [pane](const Pane& each) { return each.widget == pane; });
    return found == m_panes.end() ? nullptr : &*found;
}

const PaneTabs::Pane* PaneTabs::find(const QWidget* pane) const {
    return const_cast<PaneTabs*>(this)->find(pane);
}

QString PaneTabs::caption(const Pane& pane) const {
    return pane.count.isEmpty() ? pane.title : pane.title + u' ' + pane.count;
}

void PaneTabs::addPane(QWidget* pane, const QString& title) {
    m_panes.push_back({pane, title, {}});
    addTab(pane, title);
}

void PaneTabs::setCount(QWidget* pane, const QString& count) {
    Pane* found = find(pane);
    if (!found) return;
    found->count = count;
    if (found->window)
        found->window->setWindowTitle(caption(*found));
    else
        setTabText(indexOf(pane), caption(*found));
}

void PaneTabs::reveal(QWidget* pane) {
    const Pane* found = find(pane);
    if (!found) return;
    if (!found->window) {
        setTabVisible(indexOf(pane), true);
        return setCurrentWidget(pane);
    }
    found->window->raise();
    found->window->activateWindow();
}

void PaneTabs::conceal(QWidget* pane) {
    attach(pane);
    setTabVisible(indexOf(pane), false);
}

void PaneTabs::detach(QWidget* pane) {
    Pane* found = find(pane);
    if (!found || found->window) return;
    removeTab(indexOf(pane));
    found->window = new TornOff(*this, pane);
    found->window->setObjectName(u"tornOff_"_s + pane->objectName());
    found->window->setWindowTitle(caption(*found));
    pane->show();
    found->window->show();
    emit arrangementChanged();
}

void PaneTabs::attach(QWidget* pane) {
    Pane* found = find(pane);
    if (!found || !found->window) return;
    found->window->hide();
    found->window->deleteLater();
    found->window = nullptr;
    int place = 0;
    for (const Pane& each : m_panes) {
        if (each.widget == pane) break;
        if (!each.window) ++place;
    }
    insertTab(place, pane, caption(*found));
    setCurrentWidget(pane);
    emit arrangementChanged();
}

bool PaneTabs::isDetached(QWidget* pane) const {
    const Pane* found = find(pane);
    return found && found->window;
}

QStringList PaneTabs::detachedPanes() const {
    QStringList names;
    for (const Pane& each : m_panes)
        if (each.window) names << each.widget->objectName();
    return names;
}

void PaneTabs::detachNamed(const QStringList& names) {
    for (const Pane& each : m_panes)
        if (names.contains(each.widget->objectName())) detach(each.widget);
}

}  // namespace tocsin::ui
