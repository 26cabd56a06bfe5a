#pragma once
#include <QVector>
#include <QWidget>
#include <memory>

#include "sdk/clock.h"
#include "ui/query/outcome.h"
#include "ui/theme/theme.h"

namespace tocsin::inspection {
class Connection;
}

namespace tocsin::ui {

/// The Redis pane: commands for the workspace's Redis connections, the reply as a tree, a table and
/// as redis-cli writes it. The engine's guard refuses what is not read-only, with what to do
/// instead; a person may overrule most of that in place by typing the connection's name. GUI
/// thread.
class RedisPane : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `clock` outlive the pane.
    RedisPane(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~RedisPane() override;

    /// The connections to choose from; those of another kind than "redis" are left out. Not owned;
    /// a connection that dies leaves the list.
    void setConnections(const QVector<inspection::Connection*>& connections);
    /// Keeps what was typed in this folder, across restarts.
    void keepHistory(const QString& folder);
    /// Puts `command` into the line and runs it; ran() with `ticket` follows in every case, at once
    /// while another command runs. An empty `connection` means the one that is shown; an unknown
    /// one is refused.
    void run(const QString& connection, const QString& command, RunTicket ticket = 0);
    /// Makes it the one that is shown; an unknown one changes nothing.
    void chooseConnection(const QString& name);
    /// Puts `command` into the line and waits.
    void edit(const QString& connection, const QString& command);
    /// Shows what `command` would do to whom, and runs it only after the connection's name was
    /// typed. What the guard never runs stays refused.
    /// With a `ticket`, ran() follows in every case: "Not run" when it is taken back.
    void rehearse(const QString& connection, const QString& command, RunTicket ticket = 0);

signals:
    void ran(const tocsin::ui::Outcome& outcome);
    /// A value of the tree was clicked. `origin` says where from: "cache · LLEN bull:mail:wait".
    void cellPicked(const QString& value, const QString& origin);
    /// Change the connection of that name; empty: make a new one.
    void setUpRequested(const QString& name);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui
