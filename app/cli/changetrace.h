#pragma once
#include <QObject>
#include <functional>
#include <memory>
#include <vector>

#include "cli/inventory.h"
#include "incidents/capturer.h"
#include "incidents/changeevents.h"
#include "store/database.h"

namespace tocsin::cli {

/// What a change from the command line leaves in the timelines of the incidents that are open: that
/// it was let through and why, what came of it, and what is pinned before and after it, as from the
/// window. A store that cannot be written is said; the change is made all the same. Main thread.
class ChangeTrace : public QObject {
public:
    using Then = std::function<void()>;

    /// `incident`: the one whose timeline tells of it; empty: all that are open. `inventory`
    /// outlives it.
    ChangeTrace(Inventory& inventory, QString dataFolder, QString incident);

    /// Finds the open incidents, where there is a store at all. Errors: NotFound, the named one is
    /// not open. `then` is not called from within.
    void open(const std::function<void(const Result<void>&)>& then);
    /// Tells that `connection`, which outlives it, is unlocked; `then` when that is written.
    void begin(inspection::Connection& connection, const QString& reason, const Then& then);
    /// Tells how it ended; `then` when that and what is pinned is written.
    void end(const QString& statement, const Result<QueryResult>& result, const Then& then);

private:
    Result<void> choose();
    void readPins(const Then& then);
    void reach(const QVector<incidents::Pin>& pins, const Then& then);
    void watch(const Then& then);
    void write(const incidents::Event& event, const Then& then);
    void complainOnce(const Error& error);

    Inventory& m_inventory;
    QString m_dataFolder, m_incident;
    inspection::Connection* m_connection = nullptr;
    bool m_hasComplained = false;
    // Who writes goes before the store.
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<incidents::Journal> m_journal;
    QStringList m_told;  ///< incidents
    std::vector<std::unique_ptr<inspection::Connection>> m_pinned;
    std::unique_ptr<incidents::Capturer> m_capturer;
};

}  // namespace tocsin::cli
