#pragma once
#include <QWidget>

#include "escalation/simulation.h"
#include "sdk/clock.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace tocsin::ui {

class SimulationModel;

/// "Who would be told when": the ladder of the workspace run forward for a severity, a moment and
/// an acknowledgement. Nothing is posted. GUI thread.
class SimulationPane : public QWidget {
    Q_OBJECT
public:
    SimulationPane(theme::Theme& theme, escalation::Policy policy, Clock& clock,
                   QWidget* parent = nullptr);

    /// Asks again for that severity, declared now.
    void ask(incidents::Priority priority);

private:
    QWidget* buildQuestion();
    QComboBox* choice(const QString& name, const QString& label, const QStringList& texts);
    void refresh();
    void summarise(const QVector<escalation::Told>& lines, const escalation::Question& question);
    QDateTime declaredAt(bool& understood) const;

    theme::Theme& m_theme;
    escalation::Policy m_policy;
    Clock& m_clock;
    SimulationModel* m_model;
    QComboBox *m_severity = nullptr, *m_acknowledged = nullptr, *m_horizon = nullptr;
    QLineEdit* m_at = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
};

}  // namespace tocsin::ui
