#include "ui/incident/declarepanel.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "incidents/proposal.h"
#include "sdk/async.h"
#include "ui/incident/channelbox.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Priority;
using theme::setRole;

namespace {

QString meaning(Priority priority) {
    switch (priority) {
        case Priority::P1:
            return DeclarePanel::tr("everyone feels it, or data is at risk");
        case Priority::P2:
            return DeclarePanel::tr("many feel it; part of the service is down");
        case Priority::P3:
            return DeclarePanel::tr("some feel it; a way around exists");
        case Priority::P4:
            return DeclarePanel::tr("nobody feels it yet");
    }
    return {};
}

}  // namespace

DeclarePanel::DeclarePanel(escalation::Engine& engine, const escalation::Policy& policy,
                           const QString& person, QWidget* parent)
    : QFrame(parent), m_engine(engine), m_policy(policy), m_person(person) {
    setObjectName(u"declarePanel"_s);
    setAccessibleName(tr("Declare an incident"));
    setRole(this, u"incident"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 9, 16, 10);
    column->setSpacing(6);
    column->addWidget(buildFields());
    m_effect = new QLabel;
    m_effect->setObjectName(u"declareEffect"_s);
    setRole(m_effect, u"muted"_s);
    m_error = new QLabel;
    m_error->setObjectName(u"declareError"_s);
    m_error->setWordWrap(true);
    setRole(m_error, u"critical"_s);
    column->addWidget(m_effect);
    column->addWidget(m_error);
    hide();
}

QWidget* DeclarePanel::buildFields() {
    auto* fields = new QWidget;
    auto* row = new QHBoxLayout(fields);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* heading = new QLabel(tr("Declare"));
    setRole(heading, u"heading"_s);
    m_title = new QLineEdit;
    m_title->setObjectName(u"declareTitle"_s);
    m_title->setAccessibleName(tr("Title of the incident"));
    m_title->setPlaceholderText(tr("What is wrong, in a few words"));
    m_title->setMinimumWidth(130);
    m_channel = new ChannelBox(u"declareChannel"_s);
    m_commander = new QLineEdit(m_person);
    m_commander->setObjectName(u"declareCommander"_s);
    m_commander->setAccessibleName(tr("Who commands"));
    m_commander->setMaximumWidth(130);
    m_confirm = new QPushButton(tr("Declare"));
    m_confirm->setObjectName(u"declareConfirm"_s);
    m_confirm->setAccessibleName(tr("Declare the incident"));
    setRole(m_confirm, u"danger"_s);
    m_join = new QPushButton;
    m_join->setObjectName(u"declareJoin"_s);
    connect(m_join, &QPushButton::clicked, this, [this] {
        emit joinRequested(m_joinable, m_proposal.alerts, m_proposal.keys);
        close();
    });
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(u"declareCancel"_s);
    setRole(m_cancel, u"ghost"_s);
    row->addWidget(heading);
    row->addWidget(m_title, 1);
    row->addWidget(buildPriorities());
    row->addWidget(m_channel);
    row->addWidget(new QLabel(tr("commander")));
    row->addWidget(m_commander);
    row->addWidget(m_confirm);
    row->addWidget(m_join);
    row->addWidget(m_cancel);
    for (QLineEdit* field : {m_title, m_commander})
        connect(field, &QLineEdit::returnPressed, this, &DeclarePanel::declare);
    connect(m_confirm, &QPushButton::clicked, this, &DeclarePanel::declare);
    connect(m_cancel, &QPushButton::clicked, this, &DeclarePanel::close);
    connect(m_channel, &ChannelBox::chosen, this, &DeclarePanel::refreshEffect);
    return fields;
}

QWidget* DeclarePanel::buildPriorities() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(3);
    m_priorities = new QButtonGroup(this);
    for (const Priority each : {Priority::P1, Priority::P2, Priority::P3, Priority::P4}) {
        auto* button = new QPushButton(nameOf(each));
        button->setObjectName(u"declarePriority_"_s + nameOf(each));
        button->setAccessibleName(u"%1: %2"_s.arg(nameOf(each), meaning(each)));
        button->setToolTip(meaning(each));
        button->setCheckable(true);
        setRole(button, u"chip"_s);
        m_priorities->addButton(button, int(each));
        row->addWidget(button);
    }
    connect(m_priorities, &QButtonGroup::idToggled, this, &DeclarePanel::refreshEffect);
    return box;
}

void DeclarePanel::setChannels(const QStringList& channels, const QString& proposed) {
    m_channel->setChannels(channels);
    m_channel->choose(proposed);
    m_channel->setVisible(!channels.isEmpty());
}

void DeclarePanel::propose(const QVector<Alert>& alerts) {
    m_proposal = incidents::propose(alerts, m_rules);
    if (m_findRunbook) m_findRunbook(m_proposal, alerts);
    m_error->hide();
    m_title->setText(m_proposal.title);
    m_priorities->button(int(m_proposal.priority))->setChecked(true);
    m_confirm->setEnabled(true);
    m_join->setVisible(!m_joinable.isEmpty() && !m_proposal.alerts.isEmpty());
    refreshEffect();
    show();
    m_title->setFocus(Qt::ShortcutFocusReason);
    m_title->selectAll();
}

void DeclarePanel::setJoinable(const QString& incident) {
    m_joinable = incident;
    m_join->setText(tr("Attach to %1").arg(incident));
    m_join->setAccessibleName(tr("Attach the alerts to %1 instead").arg(incident));
    m_join->setVisible(!incident.isEmpty() && !m_proposal.alerts.isEmpty());
}

void DeclarePanel::close() {
    if (!isVisible()) return;
    hide();
    emit closed();
}

Priority DeclarePanel::priority() const {
    const int id = m_priorities->checkedId();
    return id < 1 ? Priority::P3 : Priority(id);
}

void DeclarePanel::refreshEffect() {
    const QString name = nameOf(priority());
    const int start = m_policy.start.value(name, 1);
    QString page = tr("Nobody is paged: tocsin.yaml has no escalation levels.");
    if (start <= m_policy.levels.size()) {
        const auto& level = m_policy.levels[start - 1];
        const QString& channel = level.channel.isEmpty() ? m_policy.channel : level.channel;
        page = tr("Pages level %1, %2, at once on #%3.").arg(start).arg(level.name, channel);
    }
    const QString from = m_proposal.alerts.size() > 1 ? tr(" From %1 alerts: %2.")
                                                            .arg(m_proposal.alerts.size())
                                                            .arg(m_proposal.keys.join(u", "_s))
                                                      : QString();
    m_effect->setText(tr("%1: %2. %3%4").arg(name, meaning(priority()), page, from));
}

void DeclarePanel::declare() {
    if (!m_confirm->isEnabled()) return;
    incidents::Declaration declaration = m_proposal;
    declaration.title = m_title->text().trimmed();
    if (declaration.title.isEmpty()) {
        m_error->setText(tr("Give it a title; the channel sees it."));
        return m_error->show();
    }
    declaration.priority = priority();
    declaration.commander = m_commander->text().trimmed();
    declaration.channel = m_channel->channel();
    m_confirm->setEnabled(false);
    whenDone(m_engine.declare(declaration), this, [this](const Result<QString>& id) {
        m_confirm->setEnabled(true);
        if (!id) {
            m_error->setText(id.error().message);
            return m_error->show();
        }
        hide();
        emit declared(*id);
    });
}

void DeclarePanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        close();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        declare();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace tocsin::ui
