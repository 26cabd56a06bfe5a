#pragma once
#include <QHash>
#include <QMap>
#include <QWidget>
#include <memory>

#include "inspection/connection.h"
#include "runbooks/library.h"
#include "runbooks/run.h"
#include "sdk/alert.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace tocsin::ui {

struct BlockPlace;
class RunbookPage;

/// The middle of the window: the runbook that answers the selected alert, one card a step. It runs
/// nothing itself: what the user asks for leaves as a signal with the text already filled in.
/// Section, step and block numbers count from 0, in the order of the document. GUI thread.
class RunbookPane : public QWidget {
    Q_OBJECT
public:
    RunbookPane(theme::Theme& theme, runbooks::Library& library, Clock& clock,
                QWidget* parent = nullptr);
    ~RunbookPane() override;

    /// The walk that is on screen; null when no runbook is.
    const runbooks::Run* run() const { return m_run.get(); }

public slots:
    /// Shows the runbook that matches; what was ticked for this alert before comes back.
    void showAlert(const tocsin::Alert& alert);
    void showRunbook(const QString& name);
    void showNothing();
    void setOutcome(int section, int step, const tocsin::runbooks::StepProgress& progress);
    /// Fills the focused hole, else the one named like the cell's column, else the first without a
    /// value in the open step. `origin` is "cell pid of row 1".
    void offerBinding(const QString& value, const QString& origin);
    /// Where blocks run; see inspection::indexOfTarget().
    void setConnections(const QVector<tocsin::inspection::ConnectionInfo>& connections);
    void setVariables(const QMap<QString, QString>& variables);
    void setIncidentOpen(bool open);  ///< hides "Declare…" while an incident is open
    void setVerdict(int section, int step, int block, const tocsin::Verdict& verdict);
    /// Opens and focuses a step; for the palette.
    void goToStep(int section, int step);

signals:
    void runRequested(const tocsin::runbooks::Block& block, const QString& text, int section,
                      int step);
    /// Also what "Rehearse…" does for a block that changes something: the pane shows it, unrun.
    void editRequested(const tocsin::runbooks::Block& block, const QString& text, int section,
                       int step);
    void declareRequested();
    void stepTicked(int section, int step, bool done, const QString& title);
    /// Asks what the text would do; answer with setVerdict(). Emitted when a card opens and when
    /// its text changes; only for Postgres and Redis.
    void verdictWanted(const tocsin::runbooks::Block& block, const QString& text, int section,
                       int step, int blockIndex);

private:
    void addHeader(QVBoxLayout* layout);
    void addBody(QVBoxLayout* layout);
    void follow(const runbooks::Runbook* runbook, const QString& runKey, const QString& reason);
    void showEmpty(const QString& title, const QString& text);
    void onReloaded();
    void build();
    void tick(int section, int step, bool done);
    BlockPlace placeOf(const runbooks::Block& block) const;

    theme::Theme& m_theme;
    runbooks::Library& m_library;
    Clock& m_clock;
    std::shared_ptr<runbooks::Run> m_run;
    QHash<QString, std::shared_ptr<runbooks::Run>> m_runs;  ///< by alert and runbook
    std::optional<Alert> m_alert;
    QString m_runKey, m_reasonText;
    QVector<inspection::ConnectionInfo> m_connections;
    QMap<QString, QString> m_variables;
    bool m_incidentIsOpen = false;

    QLabel* m_reason = nullptr;
    QPushButton* m_declare = nullptr;
    QScrollArea* m_scroll = nullptr;
    RunbookPage* m_page = nullptr;  // null while no runbook is shown
};

}  // namespace tocsin::ui
