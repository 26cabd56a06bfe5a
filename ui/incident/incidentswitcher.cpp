#include "ui/incident/incidentswitcher.h"

#include <QHBoxLayout>
#include <QPushButton>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Incident;

namespace {
constexpr qsizetype kLongestTitle = 32;

QString caption(const Incident& incident) {
    QString title = incident.title;
    if (title.size() > kLongestTitle) title = title.left(kLongestTitle - 1).trimmed() + u'…';
    return u"%1  %2  %3"_s.arg(nameOf(incident.priority), incident.id, title);
}
}  // namespace

IncidentSwitcher::IncidentSwitcher(theme::Theme& theme, CurrentIncident& current,
                                   incidents::Journal& journal, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_current(current),
      m_journal(journal),
      m_row(new QHBoxLayout(this)) {
    setObjectName(u"incidentSwitcher"_s);
    setAccessibleName(tr("Open incidents"));
    m_row->setContentsMargins(0, 0, 0, 8);
    m_row->setSpacing(6);
    m_row->addStretch(1);
    connect(&journal, &incidents::Journal::incidentChanged, this, &IncidentSwitcher::refresh);
    connect(&current, &CurrentIncident::switched, this, &IncidentSwitcher::refresh);
    refresh();
}

void IncidentSwitcher::refresh() {
    const auto& open = m_journal.open();
    // A resolved one that is still in front stays beside the open ones.
    const auto& front = m_current.incident();
    const bool resolvedInFront = front && !front->isOpen();
    const bool several = open.size() > 1 || (resolvedInFront && !open.isEmpty());
    setVisible(several && parentWidget());
    int place = 0;
    if (several)
        for (const Incident& each : open)
            show(each, place++);
    if (several && resolvedInFront) show(*front, place++);
    while (m_row->count() - 1 > place) {
        QLayoutItem* item = m_row->takeAt(place);
        item->widget()->deleteLater();
        item->widget()->hide();
        delete item;
    }
}

void IncidentSwitcher::show(const Incident& incident, int place) {
    QPushButton* button = nullptr;
    if (place < m_row->count() - 1) {
        button = qobject_cast<QPushButton*>(m_row->itemAt(place)->widget());
    } else {
        button = new QPushButton;
        button->setCheckable(true);
        theme::setRole(button, u"chip"_s);
        connect(button, &QPushButton::clicked, this, [this, button] {
            button->setChecked(true);
            m_current.select(button->property("incident").toString());
        });
        m_row->insertWidget(place, button);
    }
    button->setObjectName(u"switchTo_"_s + incident.id);
    button->setProperty("incident", incident.id);
    button->setText(incident.isOpen() ? caption(incident) : tr("✓ %1").arg(caption(incident)));
    button->setToolTip(incident.title);
    button->setAccessibleName(
        tr("Incident %1, %2: %3").arg(incident.id, nameOf(incident.priority), incident.title));
    button->setChecked(incident.id == m_current.id());
}

void IncidentSwitcher::next() {
    const auto& open = m_journal.open();
    if (open.isEmpty()) return;
    qsizetype at = 0;
    for (qsizetype i = 0; i < open.size(); ++i)
        if (open.at(i).id == m_current.id()) at = (i + 1) % open.size();
    m_current.select(QString(open.at(at).id));
}

}  // namespace tocsin::ui
