#pragma once
#include <QMap>
#include <QVector>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>

#include "sdk/clock.h"
#include "sdk/queryengine.h"
#include "ui/query/outcome.h"
#include "ui/theme/theme.h"

namespace tocsin::inspection {
class Connection;
}

namespace tocsin::ui {

struct ConfirmRequest;
struct SessionFacts;

/// The Postgres pane: one editor, one grid, over the workspace's PostgreSQL connections. What is
/// proved read-only runs at once; what changes something asks in place, with the server's name and
/// the exact statement. GUI thread.
class SqlPane : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `clock` outlive the pane.
    SqlPane(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~SqlPane() override;

    /// The connections to choose from; those of another kind than "postgres" are left out. Not
    /// owned; a connection that dies leaves the list.
    void setConnections(const QVector<inspection::Connection*>& connections);
    /// Puts `sql` into the editor and runs it; ran() with `ticket` follows in every case, at once
    /// while another statement runs.
    void run(const QString& connection, const QString& sql, RunTicket ticket = 0);
    /// Puts `sql` into the editor and waits.
    void edit(const QString& connection, const QString& sql);
    /// Makes it the one that is shown; an unknown one changes nothing.
    void chooseConnection(const QString& name);
    /// Where values for the holes of a statement come from: the runbook's, by name.
    void setBindings(std::function<QMap<QString, QString>()> bindings);
    /// Keeps the history of statements in this folder, across restarts.
    void keepHistory(const QString& folder);
    /// Shows what `sql` would do to whom, and runs it only after the connection's name was typed.
    /// With a `ticket`, ran() follows in every case: "Not run" when it is taken back. Ending a
    /// session does not wait for a statement that runs.
    void rehearse(const QString& connection, const QString& sql, RunTicket ticket = 0);

signals:
    void ran(const tocsin::ui::Outcome& outcome);
    /// A cell was clicked. `origin` says where from: "primary · pid".
    void cellPicked(const QString& value, const QString& origin);
    /// Change the connection of that name; empty: make a new one.
    void setUpRequested(const QString& name);

private:
    struct Parts;
    /// A run under way: what was asked for and what to do with the answer.
    struct Asked;

    void start(const Asked& wanted);
    void startBeside(Asked asked);
    QFuture<Result<QueryResult>> sent(const Asked& asked);
    bool measures(const Asked& asked, const Result<QueryResult>& result);
    void settle(const Asked& asked, const Result<QueryResult>& result);
    void showResult(const Asked& asked, const QueryResult& result);
    void showError(const Asked& asked, const Error& error);
    void showWhose();
    void showLeftovers(const Asked& asked, const Error& error);
    void showNotice(const QString& text, const QString& role, bool canRehearse);
    void showRunning();
    void follow(inspection::Connection* connection);
    void runEditor();
    void runWhole(RunTicket ticket);
    Asked underCursor();
    void startTyped(const Asked& asked);
    void explain(bool analyze);
    void settlePlan(const Asked& asked, const Result<QueryResult>& result);
    void test();
    void learnNames();
    void exportAll(const QString& path);
    void settleExport(const Asked& asked, const Result<QueryResult>& result);
    void connectTabs();
    void showActivity();
    // Changes: sqlchange.cpp.
    static bool canRehearse(const Error& error);
    static QByteArray planOf(const Result<QueryResult>& estimate);
    static QString estimateIn(const QByteArray& plan);
    void toggleLock();
    void rehearseSignal(const QString& sql, RunTicket ticket = 0);
    void rehearseStatement(const QString& sql, RunTicket ticket = 0);
    void settleAftermath(const Asked& asked, const Result<QueryResult>& result);
    void askAftermath(const Asked& asked);
    void askToConfirm(const Asked& asked, const std::optional<SessionFacts>& facts,
                      const QByteArray& plan = {});
    void withdraw();
    void refuse(const QString& connection, const QString& sql, const QString& why,
                RunTicket ticket);
    void tell(const Asked& asked, const Result<QueryResult>& result);
    void runConfirmed(const ConfirmRequest& request);
    void settleLook(const Asked& asked, const Result<QueryResult>& result);
    void settleSignal(const Asked& asked, const Result<QueryResult>& result);
    void settleHeld(const Asked& asked, const QueryResult& result);
    void settleDecided(const QString& outcome);
    void tellSignal(const Outcome& outcome);
    void tellUnlock(const ConfirmRequest& request);
    bool choose(const QString& connection, const QString& sql, RunTicket ticket,
                bool beside = false);

    Clock& m_clock;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui
