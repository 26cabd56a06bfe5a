#include "ui/incident/phasestrip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "incidents/checklist.h"
#include "incidents/reminders.h"
#include "ui/incident/phaseline.h"
#include "ui/theme/chip.h"
#include "ui/theme/durations.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"
#include "ui/theme/tickbox.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::DueItem;
using incidents::DueKind;
using incidents::Incident;
using incidents::Phase;
using theme::Tone;

namespace {
constexpr qsizetype kLongestTask = 28;
// Below this only what is due first has room.
constexpr int kRoomForTwo = 1400;

QString shortTask(const QString& text) {
    return text.size() > kLongestTask ? text.left(kLongestTask - 1).trimmed() + u'…' : text;
}
}  // namespace

PhaseStrip::PhaseStrip(theme::Theme& theme, theme::Ticker& ticker,
                       const IncidentActions::Services& services, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_services(services) {
    setObjectName(u"phaseStrip"_s);
    setAccessibleName(tr("Checklist of the phase"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 8, 0, 0);
    row->setSpacing(14);
    m_caption = new QLabel;
    m_caption->setObjectName(u"phaseCaption"_s);
    theme::setRole(m_caption, u"strong"_s);
    m_items = new QHBoxLayout;
    m_items->setSpacing(14);
    row->addWidget(m_caption);
    row->addLayout(m_items);
    row->addStretch(1);
    for (int place = 0; place < kMostDue; ++place) {
        auto* chip = new theme::Chip(theme);
        chip->setObjectName(u"dueChip_%1"_s.arg(place));
        connect(chip, &theme::Chip::clicked, this, [this, place] { dueClicked(place); });
        m_due << chip;
        row->addWidget(chip);
    }
    m_assess = new QPushButton(tr("Assess…"));
    m_assess->setObjectName(u"assessButton"_s);
    m_assess->setAccessibleName(tr("Say how bad it is"));
    m_task = new QPushButton(tr("Task…"));
    m_task->setObjectName(u"taskButton"_s);
    m_task->setAccessibleName(tr("Give somebody a task"));
    connect(m_assess, &QPushButton::clicked, this, &PhaseStrip::assessRequested);
    connect(m_task, &QPushButton::clicked, this, &PhaseStrip::taskRequested);
    row->addWidget(m_assess);
    row->addWidget(m_task);
    connect(&services.current, &CurrentIncident::changed, this, &PhaseStrip::refresh);
    connect(&ticker, &theme::Ticker::ticked, this, &PhaseStrip::tick);
    refresh();
}

theme::TickBox* PhaseStrip::box(int place) {
    while (m_boxes.size() <= place) {
        auto* made = new theme::TickBox(m_theme);
        connect(made, &QCheckBox::clicked, this, [this, made](bool checked) {
            const auto& incident = m_services.current.incident();
            if (!incident) return;
            m_services.journal.record(
                incident->id, m_services.person,
                incidents::tick(incident->phase, made->property("item").toString(), checked));
        });
        m_boxes << made;
        m_items->addWidget(made);
    }
    return m_boxes.at(place);
}

void PhaseStrip::refresh() {
    const auto& incident = m_services.current.incident();
    if (!incident) return;
    m_caption->setText(phaseTitle(incident->phase));
    refreshItems(*incident);
    m_assess->setVisible(incident->isOpen());
    m_task->setVisible(incident->isOpen());
    const bool asksForIt = incident->phase == Phase::Assess && incident->assessment.isEmpty();
    theme::setRole(m_assess, asksForIt ? u"primary"_s : u"ghost"_s);
    theme::setRole(m_task, u"ghost"_s);
    tick(m_services.clock.now());
}

void PhaseStrip::refreshItems(const Incident& incident) {
    const auto items = incidents::checklist(incident, incident.phase);
    for (int place = 0; place < items.size(); ++place) {
        const auto& item = items.at(place);
        theme::TickBox* tickBox = box(place);
        tickBox->setObjectName(u"check_"_s + item.id);
        tickBox->setProperty("item", item.id);
        tickBox->setText(item.text);
        tickBox->setChecked(item.done);
        // What follows from the incident cannot be claimed.
        tickBox->setAttribute(Qt::WA_TransparentForMouseEvents, item.byItself);
        tickBox->setFocusPolicy(item.byItself ? Qt::NoFocus : Qt::TabFocus);
        tickBox->setAccessibleName(item.byItself ? tr("%1, ticks itself").arg(item.text)
                                                 : item.text);
        tickBox->show();
    }
    for (qsizetype place = items.size(); place < m_boxes.size(); ++place) {
        m_boxes.at(place)->setObjectName(QString());
        m_boxes.at(place)->hide();
    }
}

void PhaseStrip::tick(const QDateTime& now) {
    const auto& incident = m_services.current.incident();
    m_dueTasks.clear();
    QVector<DueItem> shown;
    if (incident)
        for (const DueItem& item :
             incidents::dueItems(*incident, now, m_services.practice.rhythm(incident->priority)))
            // The update that is not due yet counts down beside the timer.
            if (item.kind != DueKind::Update || item.at <= now) shown << item;
    for (int place = 0; place < kMostDue; ++place) {
        theme::Chip* chip = m_due.at(place);
        const bool fits = place == 0 || width() >= kRoomForTwo;
        chip->setVisible(fits && place < shown.size());
        if (place >= shown.size()) continue;
        const DueItem& item = shown.at(place);
        m_dueTasks << item.task;
        const auto left = theme::between(now, item.at);
        const bool late = left.count() <= 0;
        const Tone tone = late                         ? Tone::Critical
                          : left < incidents::kDueSoon ? Tone::Warning
                                                       : Tone::Muted;
        QString words = tr("update owed: write it");
        if (item.kind == DueKind::CheckBack) words = tr("check back: %1").arg(shortTask(item.text));
        if (item.kind == DueKind::TimeBox) words = tr("time is up: %1").arg(shortTask(item.text));
        const QString when = theme::countdownText(left);
        chip->setParts(theme::Mark::None, late ? u"+"_s + when : when, words, tone);
        chip->setAccessibleName(
            (late ? tr("%1, overdue by %2") : tr("%1, in %2")).arg(words, when));
        chip->setToolTip(item.text);
    }
}

QSize PhaseStrip::minimumSizeHint() const {
    // The second chip goes when the window shrinks; it must not keep it from shrinking.
    const theme::Chip* second = m_due.last();
    const QSize all = QWidget::minimumSizeHint();
    return second->isVisible() ? QSize(all.width() - second->sizeHint().width(), all.height())
                               : all;
}

void PhaseStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    tick(m_services.clock.now());
}

void PhaseStrip::dueClicked(int place) {
    const int task = m_dueTasks.value(place);
    if (task > 0)
        emit taskChosen(task);
    else
        emit updateRequested();
}

}  // namespace tocsin::ui
