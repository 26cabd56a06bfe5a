// The main window's keys, and what its palette finds.
#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTabWidget>

#include "ui/board/boardpane.h"
#include "ui/incident/channelspane.h"
#include "ui/incident/composerpane.h"
#include "ui/incident/incidentbar.h"
#include "ui/incident/incidentswitcher.h"
#include "ui/incident/ladderactions.h"
#include "ui/incident/pastpane.h"
#include "ui/incident/postmortempane.h"
#include "ui/incident/teampane.h"
#include "ui/incident/timelinepane.h"
#include "ui/probes/statuspane.h"
#include "ui/query/redispane.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"
#include "ui/settings/connectionspane.h"
#include "ui/shell/cheatsheet.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/panetabs.h"
#include "ui/shell/regions.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::Mark;

void MainWindow::addCommand(const QString& title, const QString& keys,
                            const std::function<void()>& run) {
    m_commands.append({title, keys, run});
    if (keys.isEmpty()) return;
    auto* action = new QAction(title, this);
    action->setShortcut(QKeySequence(keys));
    action->setShortcutContext(Qt::ApplicationShortcut);  // torn-off panes too
    connect(action, &QAction::triggered, this, [run] { run(); });
    addAction(action);
}

void MainWindow::buildCommands() {
    IncidentActions& actions = m_bar->actions();
    addCommand(tr("Search or run anything"), u"Ctrl+K"_s, [this] { openPalette(); });
    addCommand(tr("Declare an incident"), u"Ctrl+D"_s, [this] { declare(); });
    addCommand(tr("Escalate now"), u"Ctrl+E"_s, [&actions] { actions.escalate(); });
    for (int i = 0; i < m_panes.tabs->paneCount(); ++i)
        if (m_panes.tabs->pane(i) != m_setUp)
            addCommand(tr("Show %1").arg(m_panes.tabs->titleOf(i)), u"Ctrl+%1"_s.arg(i + 1),
                       [this, i] { showPane(i); });
    addCommand(tr("New PostgreSQL connection"), {}, [this] { setUpConnection({}, u"postgres"_s); });
    addCommand(tr("New Redis connection"), {}, [this] { setUpConnection({}, u"redis"_s); });
    addCommand(tr("Next region"), u"F6"_s, [this] { focusNextRegion(m_regions); });
    addCommand(tr("Previous region"), u"Shift+F6"_s, [this] { focusNextRegion(m_regions, -1); });
    addCommand(tr("Note for the timeline"), u"N"_s, [this] {
        showBottom(0);
        m_timeline->focusNote();
    });
    addCommand(tr("Search the timeline"), u"Ctrl+Shift+F"_s, [this] {
        showBottom(0);
        m_timeline->focusSearch();
    });
    addCommand(tr("Pin the last query as evidence"), {}, [this] {
        showBottom(0);
        m_timeline->pin(m_flow->lastRun());
    });
    addCommand(tr("Show what is pinned"), {}, [this] {
        showBottom(0);
        m_timeline->togglePins();
    });
    addCommand(tr("Write an update"), u"Ctrl+U"_s, [this] { m_composer->focusText(); });
    addCommand(tr("Filter the board"), u"Ctrl+F"_s, [this] { m_board->focusFilter(); });
    addCommand(tr("Keys"), u"F1"_s, [this] { m_cheatSheet->toggle(); });
    addCommand(tr("Acknowledge, or the next phase"), {}, [&actions] { actions.advance(); });
    addCommand(tr("Hold or release the escalation"), {}, [&actions] { actions.hold(); });
    addCommand(tr("Acknowledge, for as long as work goes on"), {},
               [&actions] { actions.ladder().acknowledge(); });
    addCommand(tr("Change the severity"), {}, [&actions] { actions.changePriority(); });
    addCommand(tr("Who would be told when"), {}, [this] {
        const auto& incident = m_current->incident();
        simulate(incident ? incident->priority : incidents::Priority::P1);
    });
    addCommand(tr("Next open incident"), u"Ctrl+J"_s, [this] { m_bar->switcher().next(); });
    addCommand(tr("Give somebody a task"), u"Ctrl+T"_s, [&actions] { actions.addTask(); });
    addCommand(tr("Assess: say how bad it is"), {}, [&actions] { actions.assess(); });
    addCommand(tr("Reopen the incident"), {}, [&actions] { actions.reopen(); });
    addCommand(tr("Merge this incident into another"), {}, [&actions] { actions.merge(); });
    addCommand(tr("Attach the selected alerts to this incident"), {},
               [this] { attachSelected(true); });
    addCommand(tr("Detach the selected alerts from this incident"), {},
               [this] { attachSelected(false); });
    addCommand(tr("Show team and tasks"), {},
               [this] { showBottom(int(m_bottomTabs->indexOf(m_team))); });
    addCommand(tr("Hand command over"), {}, [&actions] { actions.handOver(); });
    addCommand(tr("Resolve the incident"), {}, [&actions] { actions.resolve(); });
    addCommand(tr("Export the post-mortem"), {}, [&actions] { actions.exportPostMortem(); });
    addCommand(tr("Show the post-mortem as it stands"), {}, [this] { showPaper(m_postMortem); });
    addCommand(tr("Past incidents and statistics"), {}, [this] {
        showPaper(m_past);
        m_past->setFocus();
    });
    addCommand(tr("Import an incident of another machine"), {}, [this] {
        showPaper(m_past);
        m_past->askImport();
    });
    addCommand(tr("Show the messages of this incident"), {},
               [this] { m_current->id().isEmpty() ? showMessages() : showBottom(1); });
    addCommand(tr("Show the messages of all incidents"), {}, [this] { showMessages(); });
    addCommand(tr("Channels: test posts and previews"), {},
               [this] { m_panes.tabs->reveal(m_channels); });
    addCommand(tr("Look at every source now"), {}, [this] {
        for (const auto& each : m_console.sources())
            if (each.source) each.source->refresh();
    });
    addCommand(tr("Look at every status page now"), {}, [this] { m_panes.status->lookAgain(); });
    addCommand(tr("Show this pane in a window of its own"), {}, [this] {
        if (QWidget* pane = m_panes.tabs->currentWidget()) m_panes.tabs->detach(pane);
    });
    addCommand(tr("Open another workspace or a drill"), {},
               [this] { m_pages->setCurrentIndex(1); });
    addCommand(tr("Theme: dark"), {}, [this] { setTheme(theme::Mode::Dark); });
    addCommand(tr("Theme: light"), {}, [this] { setTheme(theme::Mode::Light); });
    addCommand(tr("Theme: as the desktop"), {}, [this] { setTheme(theme::Mode::Desktop); });

    QVector<CheatSheet::Line> lines = {{u"↑ ↓"_s, tr("Move between alerts or steps")},
                                       {u"Space"_s, tr("Tick a step")},
                                       {u"Ctrl+Enter"_s, tr("Run the step; send the update")},
                                       {u"Ctrl+Shift+I"_s, tr("Lay out the SQL anew")},
                                       {u"Esc"_s, tr("Cancel what runs; close a question")}};
    for (const Command& command : std::as_const(m_commands))
        if (!command.keys.isEmpty()) lines.append({command.keys, command.title});
    m_cheatSheet = new CheatSheet(lines, this);
    qApp->installEventFilter(this);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // Text fields claim some of the window's keys (Ctrl+K deletes to the end of a line there). The
    // window's own meaning wins, except for plain letters, which are typing.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->modifiers() & Qt::ControlModifier) {
            const QKeySequence pressed(key->keyCombination());
            for (const Command& command : std::as_const(m_commands)) {
                if (command.keys.isEmpty() || QKeySequence(command.keys) != pressed) continue;
                event->ignore();
                return true;
            }
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::showPane(int place) {
    QWidget* pane = m_panes.tabs->pane(place);
    m_panes.tabs->reveal(pane);
    focusInto(pane);
}

void MainWindow::showPaper(QWidget* paper) {
    m_papers->setCurrentWidget(paper);
    m_panes.tabs->reveal(m_papers);
}

void MainWindow::showBottom(int tab) {
    m_bottomTabs->setCurrentIndex(tab);
}

void MainWindow::filterBoard(const QString& filter) {
    auto* field = m_board->findChild<QLineEdit*>(u"boardFilter"_s);
    if (field) field->setText(field->text() == filter ? QString() : filter);
}

void MainWindow::openPalette() {
    m_palette->open(paletteItems());
}

QVector<PaletteItem> MainWindow::paletteItems() {
    QVector<PaletteItem> items;
    for (const Command& command : m_commands)
        items.append({tr("command"), command.title, command.keys, Mark::None, {}, command.run});
    addIncidentItems(items);
    addRunbookItems(items);
    addConnectionItems(items);
    addAlertItems(items);
    return items;
}

void MainWindow::addIncidentItems(QVector<PaletteItem>& items) {
    for (const auto& incident : m_console.journal().open())
        items.append({tr("incident"),
                      u"%1 %2"_s.arg(incident.id, incident.title),
                      nameOf(incident.priority),
                      Mark::None,
                      {},
                      [this, id = incident.id] { m_current->select(id); }});
}

void MainWindow::addAlertItems(QVector<PaletteItem>& items) {
    for (const Alert& alert : m_console.board().alerts()) {
        items.append(
            {tr("alert"),
             alert.summary.isEmpty() ? alert.key : u"%1: %2"_s.arg(alert.key, alert.summary),
             alert.source, theme::markOf(alert.severity, alert.state),
             m_theme.severityColor(alert.severity, alert.state), [this, alert] {
                 m_board->selectAlert(alerts::alertId(alert));
                 m_panes.runbook->showAlert(alert);
             }});
    }
}

void MainWindow::addRunbookItems(QVector<PaletteItem>& items) {
    for (const auto& runbook : m_console.library().runbooks()) {
        items.append({tr("runbook"),
                      runbook.title,
                      runbook.keys.join(u", "_s),
                      Mark::None,
                      {},
                      [this, name = runbook.name] { m_panes.runbook->showRunbook(name); }});
    }
    const auto* walk = m_panes.runbook->run();
    if (!walk) return;
    const auto& sections = walk->runbook().sections;
    for (int section = 0; section < sections.size(); ++section) {
        const auto& steps = sections[section].steps;
        for (int step = 0; step < steps.size(); ++step)
            items.append({tr("step"),
                          steps[step].title,
                          sections[section].title,
                          Mark::None,
                          {},
                          [this, section, step] { m_panes.runbook->goToStep(section, step); }});
    }
}

void MainWindow::addConnectionItems(QVector<PaletteItem>& items) {
    for (const auto* connection : m_console.connections()) {
        const auto& info = connection->info();
        const int pane = info.kind == u"redis"_s ? 1 : 0;
        items.append({tr("connection"),
                      info.name,
                      info.place,
                      Mark::None,
                      {},
                      [this, pane, name = info.name] {
                          pane == 1 ? m_panes.redis->chooseConnection(name)
                                    : m_panes.sql->chooseConnection(name);
                          showPane(pane);
                      }});
        items.append({tr("change"),
                      info.name,
                      tr("its address, password and limits"),
                      Mark::None,
                      {},
                      [this, name = info.name, kind = info.kind] { setUpConnection(name, kind); }});
    }
}

}  // namespace tocsin::ui
