#include "ui/shell/channelnotice.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "ui/incident/posting.h"
#include "ui/theme/roles.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

using console::StoppedChannel;
using console::StoppedChannels;
using theme::setRole;

namespace {

// More lines would push the board away; the Messages view has them all.
constexpr qsizetype kMostLines = 3;

QPushButton* noticeButton(QHBoxLayout* row, const QString& name, const QString& text,
                          const QString& accessible) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(accessible);
    button->setToolTip(accessible);
    row->addWidget(button, 0, Qt::AlignTop);
    return button;
}

}  // namespace

ChannelNotice::ChannelNotice(StoppedChannels& stopped, QWidget* parent)
    : QFrame(parent), m_stopped(stopped), m_sentence(new QLabel) {
    setObjectName(u"channelNotice"_s);
    setAccessibleName(tr("Channels that are stopped"));
    setRole(this, u"criticalStrip"_s);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 5, 12, 5);
    row->setSpacing(8);
    m_sentence->setObjectName(u"channelNoticeText"_s);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setRole(m_sentence, u"critical"_s);
    row->addWidget(m_sentence, 1, Qt::AlignVCenter);
    m_try = noticeButton(row, u"channelTryAgain"_s, tr("Try again"),
                         tr("Let the stopped channel try again"));
    auto* messages =
        noticeButton(row, u"channelMessages"_s, tr("Messages"), tr("Show the messages that wait"));
    auto* dismiss = noticeButton(row, u"channelDismiss"_s, tr("Dismiss"),
                                 tr("Hide this line; the chip above stays"));
    setRole(dismiss, u"ghost"_s);
    connect(m_try, &QPushButton::clicked, this, &ChannelNotice::tryAgain);
    connect(messages, &QPushButton::clicked, this, [this] {
        // The view says the same above its list.
        m_dismissed = true;
        hide();
        const auto& all = m_stopped.all();
        emit messagesRequested(all.size() == 1 ? all.first().channel : QString());
    });
    connect(dismiss, &QPushButton::clicked, this, [this] {
        m_dismissed = true;
        hide();
    });
    connect(&stopped, &StoppedChannels::changed, this, &ChannelNotice::refresh);
    connect(&stopped, &StoppedChannels::channelStopped, this, [this] {
        m_dismissed = false;
        refresh();
    });
    refresh();
}

void ChannelNotice::refresh() {
    const auto& all = m_stopped.all();
    QStringList lines;
    for (const StoppedChannel& one : all.mid(0, kMostLines))
        lines << u"▲ "_s + stoppedSentence(one);
    if (all.size() > kMostLines) lines << tr("and %1 more").arg(all.size() - kMostLines);
    m_sentence->setText(lines.join(u'\n'));
    m_sentence->setAccessibleName(m_sentence->text());
    m_try->setVisible(std::any_of(all.begin(), all.end(),
                                  [](const StoppedChannel& one) { return one.canTryAgain; }));
    // One that could not be made is among the problems of the workspace already.
    const bool loud =
        std::any_of(all.begin(), all.end(), [](const StoppedChannel& one) { return one.isLoud(); });
    setVisible(loud && !m_dismissed);
}

void ChannelNotice::tryAgain() {
    const auto all = m_stopped.all();
    for (const StoppedChannel& one : all)
        if (one.canTryAgain) m_stopped.tryAgain(one.channel);
}

}  // namespace tocsin::ui
