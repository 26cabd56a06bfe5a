#pragma once
#include <QTableView>

#include "delivery/dispatcher.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/posting.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

namespace tocsin::ui {

class LedgerFilter;
class LedgerModel;

/// Every message that had to leave for the current incident, or for all of them: state, tries,
/// answer, age.
class LedgerView : public QTableView {
    Q_OBJECT
public:
    LedgerView(theme::Theme& theme, theme::Ticker& ticker, CurrentIncident& current,
               delivery::Dispatcher& dispatcher, ReadMessages read, QWidget* parent = nullptr);

    LedgerModel& ledger() { return *m_model; }
    LedgerFilter& filter() { return *m_filter; }
    /// Shows the newest messages of all incidents, and those of none (tests of a channel).
    void setEverything(bool everything);
    /// The chosen message, if any.
    std::optional<delivery::Entry> chosen() const;
    /// Reads it anew from the store.
    void reload();
    /// Something was queued, called off or moved on: reads it again and keeps what is chosen. Many
    /// calls are one reading.
    void refresh();
    /// "3" or "3, 1 not delivered": for the tab above.
    QString caption() const;

signals:
    void captionChanged();
    void chosenChanged();
    /// What became of the newest message of the incident.
    void newestChanged(const tocsin::delivery::Entry& entry);

private:
    void take(const delivery::Entry& entry);
    bool showsEverything() const { return m_everything || m_current.id().isEmpty(); }

    CurrentIncident& m_current;
    ReadMessages m_read;
    LedgerModel* m_model;
    LedgerFilter* m_filter;
    bool m_everything = false;
    bool m_reading = false, m_again = false;  // of refresh()
};

}  // namespace tocsin::ui
