#pragma once
#include <QWidget>

#include "ui/incident/currentincident.h"
#include "ui/theme/theme.h"

class QHBoxLayout;

namespace tocsin::ui {

/// The open incidents side by side, when there are several: which one is in front, and what the
/// others are. One click brings another to the front. Gone when there is only one.
class IncidentSwitcher : public QWidget {
    Q_OBJECT
public:
    IncidentSwitcher(theme::Theme& theme, CurrentIncident& current, incidents::Journal& journal,
                     QWidget* parent = nullptr);

    /// The next open incident, in the order they were declared; after the last the first.
    void next();

private:
    void refresh();
    void show(const incidents::Incident& incident, int place);

    theme::Theme& m_theme;
    CurrentIncident& m_current;
    incidents::Journal& m_journal;
    QHBoxLayout* m_row;
};

}  // namespace tocsin::ui
