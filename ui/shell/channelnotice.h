#pragma once
#include <QFrame>

#include "console/stoppedchannels.h"

class QLabel;
class QPushButton;

namespace tocsin::ui {

/// One red line below the strip: which channel is stopped, why, what waits, and what to do about
/// it. Dismissed, it comes back when another one stops; the strip's chip stays all the while.
class ChannelNotice : public QFrame {
    Q_OBJECT
public:
    explicit ChannelNotice(console::StoppedChannels& stopped, QWidget* parent = nullptr);

signals:
    void messagesRequested(const QString& channel);

private:
    void refresh();
    void tryAgain();

    console::StoppedChannels& m_stopped;
    QLabel* m_sentence;
    QPushButton* m_try;
    bool m_dismissed = false;
};

}  // namespace tocsin::ui
