#include "ui/incident/teampane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <algorithm>

#include "incidents/deeds.h"
#include "ui/incident/taskrow.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Incident;
using incidents::Role;
using incidents::Task;
using theme::setRole;

namespace {
// Pixels; below kSideBySide the line that gives a role goes under the roles.
constexpr int kNarrowestTeam = 430, kSideBySide = 820;

constexpr std::array kGivable = {Role::Deputy, Role::Scribe, Role::Communications,
                                 Role::Specialist};

/// Open ones first, the next to be asked about on top; then what is over, the newest first.
QVector<Task> ordered(QVector<Task> tasks) {
    const auto rank = [](const Task& task) {
        const QDateTime at = task.checkBackAt.isValid() ? task.checkBackAt : task.boxEndsAt;
        return at.isValid() ? at.toMSecsSinceEpoch() : std::numeric_limits<qint64>::max();
    };
    std::stable_sort(tasks.begin(), tasks.end(), [&](const Task& a, const Task& b) {
        if (a.isOpen() != b.isOpen()) return a.isOpen();
        return a.isOpen() ? rank(a) < rank(b) : a.doneAt > b.doneAt;
    });
    return tasks;
}
}  // namespace

TeamPane::TeamPane(theme::Theme& theme, theme::Ticker& ticker,
                   const IncidentActions::Services& services, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_services(services) {
    setObjectName(u"teamPane"_s);
    setAccessibleName(tr("Team and tasks"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(4);
    column->addWidget(buildRoles());
    m_error = new QLabel;
    m_error->setObjectName(u"teamError"_s);
    m_error->setContentsMargins(12, 0, 12, 0);
    setRole(m_error, u"critical"_s);
    m_error->hide();
    column->addWidget(m_error);

    auto* list = new QWidget;
    setRole(list, u"panel"_s);
    m_rows = new QVBoxLayout(list);
    m_rows->setContentsMargins(0, 2, 0, 2);
    m_rows->setSpacing(0);
    m_empty = new QLabel(tr("No tasks. A task has an owner, a time box and a check-back."));
    m_empty->setContentsMargins(12, 4, 12, 4);
    m_empty->setWordWrap(true);
    setRole(m_empty, u"faint"_s);
    m_rows->addWidget(m_empty);
    m_rows->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(u"taskList"_s);
    scroll->setAccessibleName(tr("Tasks"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(list);
    column->addWidget(scroll, 1);

    connect(&services.current, &CurrentIncident::changed, this, &TeamPane::refresh);
    connect(&ticker, &theme::Ticker::ticked, this, &TeamPane::tick);
    refresh();
}

QWidget* TeamPane::buildRoles() {
    auto* block = new QWidget;
    m_head = new QBoxLayout(QBoxLayout::LeftToRight, block);
    m_head->setContentsMargins(12, 0, 12, 0);
    m_head->setSpacing(6);
    auto* row = new QHBoxLayout;
    m_roles = new QHBoxLayout;
    m_roles->setSpacing(6);
    row->addLayout(m_roles);
    row->addStretch(1);
    m_head->addLayout(row, 1);
    m_head->addWidget(buildGiving());
    return block;
}

QWidget* TeamPane::buildGiving() {
    auto* block = new QWidget;
    auto* row = new QHBoxLayout(block);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_role = new QComboBox;
    m_role->setObjectName(u"roleChoice"_s);
    m_role->setAccessibleName(tr("Role"));
    for (const Role each : kGivable)
        m_role->addItem(nameOf(each), int(each));
    m_person = new QLineEdit;
    m_person->setObjectName(u"rolePerson"_s);
    m_person->setAccessibleName(tr("Who gets the role"));
    m_person->setPlaceholderText(tr("who"));
    m_person->setFixedWidth(110);
    m_give = new QPushButton(tr("Give role"));
    m_give->setObjectName(u"roleGive"_s);
    auto* task = new QPushButton(tr("Task…"));
    task->setObjectName(u"teamTask"_s);
    task->setAccessibleName(tr("Give somebody a task"));
    connect(m_give, &QPushButton::clicked, this, &TeamPane::giveRole);
    connect(m_person, &QLineEdit::returnPressed, this, &TeamPane::giveRole);
    connect(task, &QPushButton::clicked, this, &TeamPane::taskRequested);
    for (QWidget* each : std::initializer_list<QWidget*>{m_role, m_person, m_give, task})
        row->addWidget(each);
    return block;
}

QSize TeamPane::minimumSizeHint() const {
    return {kNarrowestTeam, QWidget::minimumSizeHint().height()};
}

void TeamPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_head->setDirection(event->size().width() < kSideBySide ? QBoxLayout::TopToBottom
                                                             : QBoxLayout::LeftToRight);
}

void TeamPane::giveRole() {
    const QString person = m_person->text().trimmed();
    const Role role = Role(m_role->currentData().toInt());
    if (!m_services.current.isOpen()) return;
    whenDone(m_services.journal.record(m_services.current.id(), m_services.person,
                                       incidents::giveRole(role, person)),
             this, [this](const Result<incidents::Event>& done) {
                 m_error->setVisible(!done);
                 if (!done) return m_error->setText(done.error().message);
                 m_person->clear();
             });
}

void TeamPane::refresh() {
    const auto& incident = m_services.current.incident();
    if (!incident) return;
    for (QWidget* each : std::initializer_list<QWidget*>{m_role, m_person, m_give})
        each->setEnabled(incident->isOpen());
    refreshRoles(*incident);
    refreshTasks(*incident);
    tick(m_services.clock.now());
}

void TeamPane::refreshRoles(const Incident& incident) {
    while (QLayoutItem* item = m_roles->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    addRoleChip(Role::Commander, incident.commander, false);
    for (const incidents::Assignment& one : incident.roles)
        addRoleChip(one.role, one.person, incident.isOpen());
}

void TeamPane::addRoleChip(Role role, const QString& person, bool removable) {
    const QString who = person.isEmpty()              ? tr("nobody")
                        : person == m_services.person ? tr("you")
                                                      : person;
    auto* chip = new QPushButton(removable ? tr("%1: %2  ×").arg(nameOf(role), who)
                                           : u"%1: %2"_s.arg(nameOf(role), who));
    chip->setObjectName(u"role_%1_%2"_s.arg(nameOf(role), person));
    setRole(chip, u"chip"_s);
    chip->setAccessibleName(u"%1: %2"_s.arg(nameOf(role), who));
    if (role == Role::Commander) {
        chip->setToolTip(tr("Hand command over…"));
        connect(chip, &QPushButton::clicked, this, &TeamPane::handOverRequested);
    } else {
        chip->setToolTip(tr("Take the role away"));
        chip->setEnabled(removable);
        connect(chip, &QPushButton::clicked, this, [this, role, person] {
            m_services.journal.record(m_services.current.id(), m_services.person,
                                      incidents::takeRole(role, person));
        });
    }
    m_roles->addWidget(chip);
}

void TeamPane::refreshTasks(const Incident& incident) {
    const QVector<Task> tasks = ordered(incident.tasks);
    const QDateTime now = m_services.clock.now();
    while (m_tasks.size() < tasks.size()) {
        auto* row = new TaskRow(m_theme);
        connect(row, &TaskRow::answerRequested, this, &TeamPane::taskChosen);
        m_rows->insertWidget(m_rows->count() - 1, row);
        m_tasks << row;
    }
    for (qsizetype i = 0; i < m_tasks.size(); ++i) {
        m_tasks.at(i)->setVisible(i < tasks.size());
        if (i >= tasks.size()) continue;
        m_tasks.at(i)->setTask(tasks.at(i), now);
        m_tasks.at(i)->setAnswerable(incident.isOpen());
    }
    m_empty->setVisible(tasks.isEmpty());
}

void TeamPane::tick(const QDateTime& now) {
    const auto& incident = m_services.current.incident();
    if (!incident) return;
    int open = 0, late = 0;
    for (const Task& task : incident->tasks) {
        if (!task.isOpen()) continue;
        ++open;
        if (task.checkBackAt.isValid() && task.checkBackAt <= now) ++late;
    }
    for (qsizetype i = 0; i < incident->tasks.size() && i < m_tasks.size(); ++i)
        m_tasks.at(i)->tick(now);
    QString caption = open > 0 ? QString::number(open) : QString();
    if (late > 0) caption = tr("%1 · %2 due").arg(open).arg(late);
    if (caption == m_caption) return;
    m_caption = caption;
    emit captionChanged();
}

}  // namespace tocsin::ui
