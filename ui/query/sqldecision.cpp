#include "ui/query/sqldecision.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/query/sqloutcome.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

SqlDecision::SqlDecision(Clock& clock, QWidget* parent)
    : theme::Card(parent),
      m_clock(clock),
      m_headline(new QLabel(this)),
      m_time(new QLabel(this)),
      m_commit(new QPushButton(tr("COMMIT"), this)),
      m_rollBack(new QPushButton(tr("ROLLBACK"), this)) {
    setObjectName(u"sqlDecision"_s);
    setAccessibleName(tr("A change that is not committed yet"));
    setLook(Look::Production);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    theme::setRole(m_headline, u"heading"_s);
    m_headline->setObjectName(u"sqlDecisionEffect"_s);
    m_headline->setTextFormat(Qt::PlainText);
    m_time->setObjectName(u"sqlDecisionTime"_s);
    m_time->setWordWrap(true);
    theme::setRole(m_time, u"critical"_s);
    m_commit->setObjectName(u"sqlCommit"_s);
    theme::setRole(m_commit, u"danger"_s);
    m_rollBack->setObjectName(u"sqlRollback"_s);
    m_rollBack->setAccessibleName(tr("Roll the change back"));
    auto* act = new QHBoxLayout;
    act->addWidget(m_time, 1);
    act->addWidget(m_rollBack);
    act->addWidget(m_commit);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(14, 12, 14, 12);
    all->setSpacing(8);
    all->addWidget(m_headline);
    all->addLayout(act);
    connect(m_commit, &QPushButton::clicked, this, [this] { emit decided(true); });
    connect(m_rollBack, &QPushButton::clicked, this, [this] { emit decided(false); });
}

void SqlDecision::ask(const QString& connection, const QString& effect, const QDateTime& until) {
    m_until = until;
    m_headline->setText(tr("%1 on %2, not committed yet").arg(effect, connection));
    m_commit->setAccessibleName(tr("Commit the change on %1").arg(connection));
    setVisible(true);
    m_rollBack->setFocus();
    tick();
}

/// Behind another pane the countdown rests; it goes on as soon as somebody looks.
void SqlDecision::showEvent(QShowEvent* event) {
    theme::Card::showEvent(event);
    tick();
}

void SqlDecision::tick() {
    if (!isVisible()) return;
    m_time->setText(
        tr("Holds its locks; rolled back in %1").arg(countdownText(m_clock.now().secsTo(m_until))));
    m_clock.callAfter(1s, this, [this, turn = ++m_turn] {
        if (turn == m_turn) tick();
    });
}

}  // namespace tocsin::ui
