#pragma once
#include <QLabel>

#include "incidents/incident.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// What a phase is called on the screen ("Investigate").
QString phaseTitle(incidents::Phase phase);

/// "✓ Acknowledge  ✓ Assess  ● Investigate  Resolve  Post-mortem".
class PhaseLine : public QLabel {
    Q_OBJECT
public:
    explicit PhaseLine(theme::Theme& theme, QWidget* parent = nullptr);
    void setPhase(incidents::Phase phase);

private:
    void draw();
    theme::Theme& m_theme;
    incidents::Phase m_phase = incidents::Phase::Acknowledge;
};

}  // namespace tocsin::ui
