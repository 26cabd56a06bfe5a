#pragma once
#include <QFrame>

#include "incidents/team.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace tocsin::theme {
class ElidedLabel;
}

namespace tocsin::ui {

/// One task: what, who, how much of its time is left, when it is asked about, and what came of it.
class TaskRow : public QFrame {
    Q_OBJECT
public:
    explicit TaskRow(theme::Theme& theme, QWidget* parent = nullptr);

    void setTask(const incidents::Task& task, const QDateTime& now);
    void tick(const QDateTime& now);
    /// False once the incident is over: what is left open is only shown.
    void setAnswerable(bool answerable);

signals:
    void answerRequested(int number);

private:
    incidents::Task m_task;
    bool m_answerable = true;
    QLabel *m_state, *m_owner, *m_box, *m_back;
    theme::ElidedLabel* m_text;
    QPushButton* m_answer;
};

}  // namespace tocsin::ui
