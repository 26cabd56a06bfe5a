#pragma once
#include <QWidget>

#include "ui/incident/ladderview.h"
#include "ui/theme/labels.h"

class QPushButton;

namespace tocsin::ui {

class LadderActions;

/// The ladder with what can be done to it: a card is chosen to page its level, and below stands who
/// has it, until when it waits, and the doors to the other questions.
class LadderPanel : public QWidget {
    Q_OBJECT
public:
    LadderPanel(theme::Theme& theme, LadderActions& actions, QWidget* parent = nullptr);

    void setLadder(const escalation::Ladder& ladder, const QDateTime& declaredAt);
    void setNow(const QDateTime& now);
    /// "acknowledged by ben, goes on in 12:30 unless somebody does something"
    QString state() const;

signals:
    void simulationRequested();

private:
    QPushButton* button(const QString& name, const QString& text, const QString& help);

    LadderView* m_view;
    theme::ElidedLabel* m_state;
    QPushButton *m_acknowledge, *m_severity, *m_simulate;
    escalation::Ladder m_ladder;
    QDateTime m_now;
};

}  // namespace tocsin::ui
