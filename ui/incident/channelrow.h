#pragma once
#include <QWidget>

#include "console/stoppedchannels.h"
#include "delivery/ledger.h"

class QLabel;
class QPushButton;

namespace tocsin::ui {

/// One channel: whether it works, a test post and what became of it.
class ChannelRow : public QWidget {
    Q_OBJECT
public:
    explicit ChannelRow(const QString& channel, QWidget* parent = nullptr);

    /// Null: it works, for all that is known.
    void setStopped(const console::StoppedChannel* stopped);
    /// The test post that is on its way; what became of any other is not shown.
    void setTest(const delivery::Entry& entry);
    void setProblem(const QString& sentence);
    QString testEvent() const { return m_testEvent; }

signals:
    void testRequested();
    void tryRequested();
    void messagesRequested();

private:
    QString m_testEvent;
    QLabel *m_state, *m_result;
    QPushButton *m_test, *m_try;
};

}  // namespace tocsin::ui
