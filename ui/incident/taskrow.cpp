#include "ui/incident/taskrow.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "incidents/reminders.h"
#include "ui/theme/durations.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {
QLabel* cell(const QString& name, int width, Qt::Alignment alignment) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setFixedWidth(width);
    label->setAlignment(alignment | Qt::AlignVCenter);
    return label;
}

QString due(const QDateTime& at, const QDateTime& now, const QString& left, const QString& late) {
    if (!at.isValid()) return {};
    const auto span = theme::between(now, at);
    return (span.count() > 0 ? left : late).arg(theme::countdownText(span));
}

QString lookOf(const QDateTime& at, const QDateTime& now) {
    const auto left = theme::between(now, at);
    return !at.isValid() || left > incidents::kDueSoon ? u"muted"_s
           : left.count() > 0                          ? u"warning"_s
                                                       : u"criticalChip"_s;
}
}  // namespace

TaskRow::TaskRow(theme::Theme&, QWidget* parent) : QFrame(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 2, 12, 2);
    row->setSpacing(10);
    m_state = cell(u"taskState"_s, 18, Qt::AlignCenter);
    m_owner = cell(u"taskWho"_s, 72, Qt::AlignLeft);
    setRole(m_owner, u"link"_s);
    m_text = new theme::ElidedLabel;
    m_text->setObjectName(u"taskWhat"_s);
    m_box = cell(u"taskBoxLeft"_s, 92, Qt::AlignRight);
    m_back = cell(u"taskBackLeft"_s, 132, Qt::AlignRight);
    m_answer = new QPushButton(tr("Answer…"));
    setRole(m_answer, u"ghost"_s);
    for (QWidget* each : std::initializer_list<QWidget*>{m_state, m_owner})
        row->addWidget(each);
    row->addWidget(m_text, 1);
    for (QWidget* each : std::initializer_list<QWidget*>{m_box, m_back, m_answer})
        row->addWidget(each);
    connect(m_answer, &QPushButton::clicked, this, [this] { emit answerRequested(m_task.number); });
}

void TaskRow::setTask(const incidents::Task& task, const QDateTime& now) {
    m_task = task;
    setObjectName(u"task_%1"_s.arg(task.number));
    m_answer->setObjectName(u"taskAnswer_%1"_s.arg(task.number));
    m_answer->setAccessibleName(tr("Answer task %1: %2").arg(task.number).arg(task.text));
    const QString outcome = task.outcome.isEmpty() ? QString() : u" · "_s + task.outcome;
    m_text->setText(task.text + outcome);
    m_owner->setText(task.owner.isEmpty() ? tr("nobody") : task.owner);
    m_state->setText(task.isOpen() ? u"○"_s : task.dropped ? u"–"_s : u"✓"_s);
    setRole(m_state, task.isOpen() || task.dropped ? u"muted"_s : u"ok"_s);
    setRole(m_text, task.isOpen() ? QString() : u"muted"_s);
    setAccessibleName(tr("Task %1 for %2: %3").arg(task.number).arg(m_owner->text(), task.text));
    m_answer->setVisible(task.isOpen() && m_answerable);
    tick(now);
}

void TaskRow::setAnswerable(bool answerable) {
    m_answerable = answerable;
    m_answer->setVisible(m_task.isOpen() && answerable);
}

void TaskRow::tick(const QDateTime& now) {
    if (!m_task.isOpen()) {
        m_box->clear();
        m_back->setText(m_task.doneAt.toUTC().toString(u"HH:mm:ss"_s));
        return setRole(m_back, u"faint"_s);
    }
    m_box->setText(due(m_task.boxEndsAt, now, tr("%1 left"), tr("over by %1")));
    m_back->setText(due(m_task.checkBackAt, now, tr("check back %1"), tr("check back +%1")));
    const bool over = m_task.boxEndsAt.isValid() && m_task.boxEndsAt <= now;
    setRole(m_box, over ? u"warning"_s : u"muted"_s);
    setRole(m_back, lookOf(m_task.checkBackAt, now));
}

}  // namespace tocsin::ui
