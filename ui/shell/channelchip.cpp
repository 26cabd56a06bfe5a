#include "ui/shell/channelchip.h"

#include "ui/incident/posting.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

ChannelChip::ChannelChip(theme::Theme& theme, console::StoppedChannels& stopped, QWidget* parent)
    : Chip(theme, parent), m_stopped(stopped) {
    setObjectName(u"channelChip"_s);
    setFocusPolicy(Qt::TabFocus);
    connect(this, &QAbstractButton::clicked, this, [this] {
        const auto& all = m_stopped.all();
        emit messagesRequested(all.size() == 1 ? all.first().channel : QString());
    });
    connect(&stopped, &console::StoppedChannels::changed, this, &ChannelChip::refresh);
    refresh();
}

void ChannelChip::refresh() {
    const auto& all = m_stopped.all();
    setVisible(!all.isEmpty());
    if (all.isEmpty()) return;
    QStringList sentences;
    for (const auto& one : all)
        sentences << stoppedSentence(one);
    const QString what =
        all.size() == 1 ? u'#' + all.first().channel : tr("%1 channels").arg(all.size());
    setParts(theme::Mark::Triangle, what, tr("stopped"), theme::Tone::Critical);
    setToolTip(sentences.join(u'\n') + u'\n' + tr("Press to see the messages."));
    setAccessibleName(sentences.join(u' '));
}

}  // namespace tocsin::ui
