#include "ui/incident/ladderpanel.h"

#include <QBoxLayout>
#include <QPushButton>

#include "ui/incident/ladderactions.h"
#include "ui/theme/durations.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::between;
using theme::countdownText;

LadderPanel::LadderPanel(theme::Theme& theme, LadderActions& actions, QWidget* parent)
    : QWidget(parent), m_view(new LadderView(theme)), m_state(new theme::ElidedLabel) {
    setObjectName(u"ladderPanel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_view);
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    m_state->setObjectName(u"ladderState"_s);
    theme::setRole(m_state, u"muted"_s);
    row->addWidget(m_state, 1);
    m_acknowledge = button(u"ladderAcknowledge"_s, tr("Acknowledge…"),
                           tr("Somebody has it: who waits is not paged"));
    m_severity = button(u"ladderSeverity"_s, tr("Severity…"),
                        tr("Change the severity and plan the ladder anew"));
    m_simulate = button(u"ladderSimulate"_s, tr("Who when?"), tr("Who would be told when"));
    for (QPushButton* each : {m_acknowledge, m_severity, m_simulate})
        row->addWidget(each);
    column->addLayout(row);
    connect(m_view, &LadderView::levelChosen, &actions, &LadderActions::escalate);
    connect(m_acknowledge, &QPushButton::clicked, &actions, &LadderActions::acknowledge);
    connect(m_severity, &QPushButton::clicked, &actions, &LadderActions::changePriority);
    connect(m_simulate, &QPushButton::clicked, this, &LadderPanel::simulationRequested);
}

QPushButton* LadderPanel::button(const QString& name, const QString& text, const QString& help) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(help);
    made->setToolTip(help);
    theme::setRole(made, u"ghost"_s);
    return made;
}

void LadderPanel::setLadder(const escalation::Ladder& ladder, const QDateTime& declaredAt) {
    m_ladder = ladder;
    m_view->setLadder(ladder, declaredAt);
    m_acknowledge->setVisible(!ladder.closed && !ladder.acknowledgedAt.isValid());
    m_severity->setVisible(!ladder.closed);
    m_state->setText(state());
}

void LadderPanel::setNow(const QDateTime& now) {
    m_now = now;
    m_view->setNow(now);
    m_state->setText(state());
}

QString LadderPanel::state() const {
    if (m_ladder.closed || m_ladder.rungs.isEmpty()) return {};
    if (m_ladder.held) return tr("held: %1").arg(m_ladder.holdReason);
    if (!m_ladder.acknowledgedAt.isValid())
        return m_ladder.acknowledgedBy.isEmpty()
                   ? tr("nobody has acknowledged")
                   : tr("silent since %1 acknowledged").arg(m_ladder.acknowledgedBy);
    const QString who = tr("acknowledged by %1").arg(m_ladder.acknowledgedBy);
    if (!m_ladder.silentAt.isValid() || !m_now.isValid()) return who;
    const auto left = between(m_now, m_ladder.silentAt);
    if (left.count() <= 0) return who;
    return tr("%1, goes on in %2 unless somebody does something").arg(who, countdownText(left));
}

}  // namespace tocsin::ui
