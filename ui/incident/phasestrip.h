#pragma once
#include <QWidget>

#include "incidents/practice.h"
#include "ui/incident/incidentactions.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tocsin::theme {
class Chip;
class TickBox;
}  // namespace tocsin::theme

namespace tocsin::ui {

/// What the present phase asks for, as a short checklist, and what is due next: check-backs and an
/// overdue update. Items that follow from the incident tick themselves.
class PhaseStrip : public QWidget {
    Q_OBJECT
public:
    PhaseStrip(theme::Theme& theme, theme::Ticker& ticker,
               const IncidentActions::Services& services, QWidget* parent = nullptr);

    QSize minimumSizeHint() const override;

signals:
    void assessRequested();
    void taskRequested();
    /// An overdue update is to be written.
    void updateRequested();
    /// A task's check-back is to be answered.
    void taskChosen(int number);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void refreshItems(const incidents::Incident& incident);
    void tick(const QDateTime& now);
    theme::TickBox* box(int place);
    void dueClicked(int place);

    static constexpr int kMostDue = 2;

    theme::Theme& m_theme;
    IncidentActions::Services m_services;
    QHBoxLayout* m_items;
    QLabel* m_caption;
    QVector<theme::TickBox*> m_boxes;
    QVector<theme::Chip*> m_due;
    QVector<int> m_dueTasks;  // the tasks behind m_due; 0 is the update
    QPushButton *m_assess, *m_task;
};

}  // namespace tocsin::ui
