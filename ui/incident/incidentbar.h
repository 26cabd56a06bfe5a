#pragma once
#include <QFrame>

#include "ui/incident/incidentactions.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

class QLabel;
class QPushButton;

namespace tocsin::theme {
class ElidedLabel;
}

namespace tocsin::ui {

class IncidentSwitcher;
class LadderPanel;
class PhaseLine;
class PhaseStrip;

/// What we are in, since when, in which phase; who has been paged and who is next; when an update
/// is owed. Gone when there is no incident.
class IncidentBar : public QFrame {
    Q_OBJECT
public:
    IncidentBar(theme::Theme& theme, theme::Ticker& ticker,
                const IncidentActions::Services& services, QWidget* parent = nullptr);

    IncidentActions& actions() { return *m_actions; }
    IncidentSwitcher& switcher() { return *m_switcher; }

signals:
    /// The commander wants to write the update that is owed.
    void updateRequested();

signals:
    /// Who would be told when, for an incident like this one?
    void simulationRequested(tocsin::incidents::Priority priority);

private:
    QWidget* buildTitle();
    QWidget* buildClock();
    QWidget* buildButtons();
    QPushButton* button(const QString& name, const QString& text, const QString& role,
                        void (IncidentActions::*what)());
    void refresh();
    void refreshButtons(const incidents::Incident& incident, bool held);
    void tickVerification(const incidents::Incident& incident, const QDateTime& now);
    void tick(const QDateTime& now);
    QString metaLine(const incidents::Incident& incident) const;

    theme::Theme& m_theme;
    IncidentActions::Services m_services;
    IncidentActions* m_actions;
    IncidentSwitcher* m_switcher;
    PhaseStrip* m_strip;
    QLabel *m_priority, *m_timer, *m_updateDue;
    theme::ElidedLabel *m_title, *m_meta;
    PhaseLine* m_phase;
    LadderPanel* m_ladder;
    QPushButton *m_next, *m_hold, *m_escalate, *m_handOver, *m_resolve, *m_export, *m_dismiss,
        *m_reopen;
};

}  // namespace tocsin::ui
