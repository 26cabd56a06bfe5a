#pragma once
#include <QPointer>
#include <QWidget>
#include <memory>

#include "inspection/connection.h"
#include "sdk/clock.h"
#include "ui/query/activitysql.h"
#include "ui/query/serversessions.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// What a server is doing now: sessions, who blocks whom, statements, tables, maintenance and
/// settings. Looks again while it is shown, every 1 to 60 s, less often when a look takes long, and
/// not at all once one took longer than two seconds: it must not be what slows the server. It looks
/// beside the statement that runs, and says whom that one waits for. GUI thread.
class ActivityView : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `clock` outlive the view.
    ActivityView(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~ActivityView() override;

    /// Not owned; null shows nothing.
    void follow(inspection::Connection* connection);
    /// Looks now, whatever the interval says.
    void refresh();
    /// The statement behind what is shown.
    QString sql() const;
    void showTopic(ActivityTopic topic);
    /// Shows a look that was made elsewhere; the view's own come here too.
    void showActivity(const ServerActivity& activity);

signals:
    /// A person wants the statement in the editor (F4).
    void sqlWanted(const QString& sql);
    /// "SELECT pg_terminate_backend(24817)": to be rehearsed.
    void signalWanted(const QString& sql);
    void looked(const QString& summary);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Parts;
    void buildBar();
    void buildPages();
    void arm();
    void ask();
    void settle(const Result<QueryResult>& result, std::chrono::milliseconds took);
    void askSlots();
    void askStatements(const Result<QueryResult>& probe);
    void showBlocking(const ServerActivity& activity);
    void showSessions(const ServerActivity& activity);
    void showChosen();
    void wantSignal(const QString& function);
    void say(const QString& text, bool bad);

    theme::Theme& m_theme;
    Clock& m_clock;
    QPointer<inspection::Connection> m_connection;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui
