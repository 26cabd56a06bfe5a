#pragma once
#include <QFrame>
#include <QPair>
#include <QVector>

#include "ui/theme/card.h"
#include "ui/theme/theme.h"

class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace tocsin::ui {

/// What is about to be changed, where, and how it is confirmed.
struct ConfirmRequest {
    QString connection;
    QString place;  ///< "oncall@db:5432/app"
    bool production = true;
    QString headline;                        ///< "End session 24817"
    QVector<QPair<QString, QString>> facts;  ///< label and value, about whom it touches
    QString statement;                       ///< exactly what will be sent; empty: only unlocks
    bool wantsName = true;     ///< type the connection's name; else the button is enough
    bool wantsReason = false;  ///< say why, and for how long changes are let through
    QString action = {};       ///< the button's words; "Run on primary" when empty
    QString reason = {};       ///< filled in when confirmed
    int minutes = 5;           ///< likewise
};

/// Asks, in the pane itself, for the second deliberate act: typing the connection's name. GUI
/// thread.
class SqlConfirm : public theme::Card {
    Q_OBJECT
public:
    explicit SqlConfirm(theme::Theme& theme, QWidget* parent = nullptr);

    void ask(const ConfirmRequest& request);
    const ConfirmRequest& request() const { return m_request; }

signals:
    void confirmed(const tocsin::ui::ConfirmRequest& request);
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showFacts();
    void fitStatement();
    void weigh();
    void accept();

    theme::Theme& m_theme;
    ConfirmRequest m_request;
    QLabel* m_headline;
    QLabel* m_place;
    QGridLayout* m_facts;
    QPlainTextEdit* m_statement;
    QLabel* m_prompt;
    QLabel* m_reasonPrompt;
    QLineEdit* m_reason;
    QSpinBox* m_minutes;
    QLineEdit* m_name;
    QPushButton* m_run;
};

}  // namespace tocsin::ui
