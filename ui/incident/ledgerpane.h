#pragma once
#include <QWidget>

#include "console/stoppedchannels.h"
#include "escalation/engine.h"
#include "ui/incident/ledgerview.h"

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tocsin::ui {

class InlineForm;

/// The ledger with what a person can do about it: look for a message, send one again, call one
/// back, let a stopped channel try again. Each act is asked about in place and says whom it
/// reaches.
class LedgerPane : public QWidget {
    Q_OBJECT
public:
    /// Takes the view. All others outlive it.
    LedgerPane(LedgerView* view, console::StoppedChannels& stopped,
               delivery::Dispatcher& dispatcher, escalation::Engine& engine, const QString& person,
               QWidget* parent = nullptr);

    /// The messages of all incidents and of none, through this channel; of every one when empty.
    void showChannel(const QString& channel);
    /// Whether it can be closed: where it is seen alone.
    void setClosable(bool closable);

signals:
    void closeRequested();

private:
    QWidget* buildHeader();
    QWidget* buildTrouble();
    QWidget* buildActs();
    void refreshActs();
    void refreshTrouble();
    void askSendAgain();
    void askCallBack();
    void act(InlineForm* form, const QFuture<Result<void>>& done);

    LedgerView* m_view;
    console::StoppedChannels& m_stopped;
    delivery::Dispatcher& m_dispatcher;
    escalation::Engine& m_engine;
    QString m_person;
    QWidget* m_trouble = nullptr;
    QLabel *m_troubleText = nullptr, *m_detail = nullptr;
    QPushButton* m_close = nullptr;
    QPushButton *m_resume = nullptr, *m_again = nullptr, *m_back = nullptr;
    InlineForm *m_againForm = nullptr, *m_backForm = nullptr;
    QLineEdit* m_words = nullptr;
    QComboBox* m_states = nullptr;
    QCheckBox* m_everything = nullptr;
    QString m_storeTrouble;  // what the store refused last; empty: it works
    qint64 m_asked = 0;      // the message that a form asks about
    QString m_askedChannel;
};

}  // namespace tocsin::ui
