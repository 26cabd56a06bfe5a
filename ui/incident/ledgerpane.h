#pragma once
#include <QWidget>

#include "escalation/engine.h"
#include "ui/incident/ledgerview.h"

class QBoxLayout;
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
    /// Takes the view. `dispatcher` and `engine` outlive it.
    LedgerPane(LedgerView* view, delivery::Dispatcher& dispatcher, escalation::Engine& engine,
               const QString& person, QWidget* parent = nullptr);

private:
    QWidget* buildHeader();
    QWidget* buildTrouble();
    QWidget* buildActs();
    void refreshActs();
    void showTrouble(const QString& channel, const QString& sentence);
    void askSendAgain();
    void askCallBack();
    void act(InlineForm* form, const QFuture<Result<void>>& done);

    LedgerView* m_view;
    delivery::Dispatcher& m_dispatcher;
    escalation::Engine& m_engine;
    QString m_person;
    QWidget* m_trouble = nullptr;
    QLabel *m_troubleText = nullptr, *m_detail = nullptr;
    QPushButton *m_resume = nullptr, *m_again = nullptr, *m_back = nullptr;
    InlineForm *m_againForm = nullptr, *m_backForm = nullptr;
    QString m_troubled;  // the channel that the banner is about
    qint64 m_asked = 0;  // the message that a form asks about
    QString m_askedChannel;
};

}  // namespace tocsin::ui
