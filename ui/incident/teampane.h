#pragma once
#include <QWidget>

#include "ui/incident/incidentactions.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

class QBoxLayout;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace tocsin::ui {

class TaskRow;

/// Who does what: the roles as chips, one line to give another, and the tasks with their time
/// boxes and check-backs; the open ones first, what is asked about next on top.
class TeamPane : public QWidget {
    Q_OBJECT
public:
    TeamPane(theme::Theme& theme, theme::Ticker& ticker, const IncidentActions::Services& services,
             QWidget* parent = nullptr);

    /// "3 · 1 due", for the tab; empty without open tasks.
    QString caption() const { return m_caption; }

    QSize minimumSizeHint() const override;

signals:
    void captionChanged();
    void taskChosen(int number);
    void taskRequested();
    void handOverRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildRoles();
    QWidget* buildGiving();
    void refresh();
    void refreshRoles(const incidents::Incident& incident);
    void refreshTasks(const incidents::Incident& incident);
    void tick(const QDateTime& now);
    void giveRole();
    void addRoleChip(incidents::Role role, const QString& person, bool removable);

    theme::Theme& m_theme;
    IncidentActions::Services m_services;
    QString m_caption;
    QBoxLayout* m_head;  // roles beside, or above, the line that gives another
    QHBoxLayout* m_roles;
    QVBoxLayout* m_rows;
    QComboBox* m_role;
    QLineEdit* m_person;
    QPushButton* m_give;
    QLabel *m_error, *m_empty;
    QVector<TaskRow*> m_tasks;
};

}  // namespace tocsin::ui
