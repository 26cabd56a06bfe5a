#include "ui/incident/channelrow.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/incident/posting.h"
#include "ui/theme/roles.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

using delivery::EntryState;
using theme::setRole;

ChannelRow::ChannelRow(const QString& channel, QWidget* parent)
    : QWidget(parent),
      m_state(new QLabel),
      m_result(new QLabel),
      m_test(new QPushButton(tr("Send a test post"))),
      m_try(new QPushButton(tr("Try again"))) {
    setObjectName(u"channelRow_"_s + channel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* name = new QLabel(u'#' + channel);
    setRole(name, u"strong"_s);
    m_state->setObjectName(u"channelState_"_s + channel);
    m_result->setObjectName(u"channelResult_"_s + channel);
    m_test->setObjectName(u"channelTest_"_s + channel);
    m_test->setAccessibleName(tr("Send a test post to %1; it mentions nobody").arg(channel));
    m_test->setToolTip(tr("One silent message that says it is a test and mentions nobody"));
    m_try->setObjectName(u"channelTry_"_s + channel);
    m_try->setAccessibleName(tr("Let %1 try again").arg(channel));
    row->addWidget(name);
    row->addWidget(m_state, 1);
    row->addWidget(m_try);
    row->addWidget(m_test);
    column->addLayout(row);
    for (QLabel* label : {m_state, m_result}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    column->addWidget(m_result);
    m_result->hide();
    connect(m_test, &QPushButton::clicked, this, &ChannelRow::testRequested);
    connect(m_try, &QPushButton::clicked, this, &ChannelRow::tryRequested);
    setStopped(nullptr);
}

void ChannelRow::setStopped(const console::StoppedChannel* stopped) {
    m_state->setText(stopped ? u"▲ "_s + stoppedSentence(*stopped) : tr("ready"));
    setRole(m_state, stopped ? u"critical"_s : u"muted"_s);
    m_try->setVisible(stopped && stopped->canTryAgain);
}

void ChannelRow::setTest(const delivery::Entry& entry) {
    m_testEvent = entry.event;
    QString words = tr("Test post: %1").arg(stateWords(entry));
    if (entry.state == EntryState::Confirmed)
        words += tr(". Look at it over there (message %1).").arg(entry.remoteId);
    else if (!entry.answer.isEmpty())
        words += u". "_s + entry.answer;
    m_result->setText(words);
    setRole(m_result, entry.state == EntryState::Confirmed ? u"ok"_s
                      : entry.state == EntryState::Failed  ? u"critical"_s
                                                           : u"muted"_s);
    m_result->show();
}

void ChannelRow::setProblem(const QString& sentence) {
    m_result->setText(sentence);
    setRole(m_result, u"critical"_s);
    m_result->show();
}

}  // namespace tocsin::ui
