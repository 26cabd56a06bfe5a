#pragma once
#include <QTableView>

#include "delivery/dispatcher.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/posting.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

namespace tocsin::ui {

class LedgerModel;

/// Every message that had to leave for the current incident: state, tries, answer, age.
class LedgerView : public QTableView {
    Q_OBJECT
public:
    LedgerView(theme::Theme& theme, theme::Ticker& ticker, CurrentIncident& current,
               delivery::Dispatcher& dispatcher, ReadMessages read, QWidget* parent = nullptr);

    LedgerModel& ledger() { return *m_model; }
    /// "3" or "3, 1 not delivered": for the tab above.
    QString caption() const;

signals:
    void captionChanged();
    /// What became of the newest message of the incident.
    void newestChanged(const tocsin::delivery::Entry& entry);

private:
    void reload();
    CurrentIncident& m_current;
    ReadMessages m_read;
    LedgerModel* m_model;
};

}  // namespace tocsin::ui
