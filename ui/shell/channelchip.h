#pragma once
#include "console/stoppedchannels.h"
#include "ui/theme/chip.h"

namespace tocsin::ui {

/// "▲ #alerts stopped" while a channel takes no messages, whoever delivers and whether or not an
/// incident is open; pressing it shows what waits. Else not there.
class ChannelChip : public theme::Chip {
    Q_OBJECT
public:
    ChannelChip(theme::Theme& theme, console::StoppedChannels& stopped, QWidget* parent = nullptr);

signals:
    /// Empty: more than one.
    void messagesRequested(const QString& channel);

private:
    void refresh();
    console::StoppedChannels& m_stopped;
};

}  // namespace tocsin::ui
