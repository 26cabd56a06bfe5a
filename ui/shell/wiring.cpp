// Who hears whom in the main window.
#include <QApplication>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <utility>

#include "alerts/board.h"
#include "incidents/postmortem.h"
#include "ui/board/boardpane.h"
#include "ui/incident/channelspane.h"
#include "ui/incident/composerpane.h"
#include "ui/incident/declarepanel.h"
#include "ui/incident/incidentbar.h"
#include "ui/incident/ledgerpane.h"
#include "ui/incident/ledgerview.h"
#include "ui/incident/pastpane.h"
#include "ui/incident/postables.h"
#include "ui/incident/postmortempane.h"
#include "ui/incident/simulationpane.h"
#include "ui/incident/teampane.h"
#include "ui/incident/timelinepane.h"
#include "ui/probes/statuspane.h"
#include "ui/query/redispane.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"
#include "ui/settings/connectionspane.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/layoutmemory.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/panetabs.h"
#include "ui/shell/problemsstrip.h"
#include "ui/shell/regions.h"
#include "ui/shell/statusstrip.h"
#include "ui/shell/welcomepage.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

void MainWindow::wire() {
    wireBoard();
    wireIncident();
    wireCase();
    wireComposer();
    wireDesktop();
    wireConnections();
    connect(m_strip, &StatusStrip::paletteRequested, this, &MainWindow::openPalette);
    connect(m_strip, &StatusStrip::filterChosen, this, &MainWindow::filterBoard);
    connect(m_welcome, &WelcomePage::workspaceChosen, this, &MainWindow::workspaceChosen);
    connect(m_welcome, &WelcomePage::drillRequested, this, &MainWindow::drillRequested);
    connect(m_welcome, &WelcomePage::skipped, this, [this] { m_pages->setCurrentIndex(0); });
    connect(m_problems, &ProblemsStrip::reopenRequested, this,
            [this] { emit workspaceChosen(m_console.workspace().folder); });
    connect(m_panes.status, &StatusPane::worstChanged, this, [this](ProbeLevel, int notOk) {
        m_panes.tabs->setCount(m_panes.status, notOk > 0 ? QString::number(notOk) : QString());
    });
}

void MainWindow::wireBoard() {
    connect(m_board, &BoardPane::alertSelected, m_panes.runbook, &RunbookPane::showAlert);
    connect(m_board, &BoardPane::declareRequested, this, &MainWindow::declare);
    connect(m_board, &BoardPane::attachRequested, this, &MainWindow::attachSelected);
    connect(m_panes.runbook, &RunbookPane::declareRequested, this, [this] { declare(); });
}

void MainWindow::wireIncident() {
    connect(m_declare, &DeclarePanel::declared, this, [this](const QString& id) {
        m_current->select(id);
        m_pages->setCurrentIndex(0);
        focusInto(m_panes.runbook);
    });
    connect(m_current, &CurrentIncident::switched, this, &MainWindow::incidentSwitched);
    connect(m_bar, &IncidentBar::simulationRequested, this, &MainWindow::simulate);
    connect(m_current, &CurrentIncident::changed, this, [this] {
        m_panes.runbook->setIncidentOpen(m_current->isOpen());
        markAlerts();
    });
    connect(m_ledger, &LedgerView::captionChanged, this,
            [this] { m_bottomTabs->setTabText(1, tr("Messages %1").arg(m_ledger->caption())); });
    connect(&m_console, &console::Console::ledgerChanged, m_ledger, &LedgerView::refresh);
    connect(m_timeline, &TimelinePane::evidenceOpened, this, [this] { giveBottomRoom(43); });
    connect(m_messages, &LedgerPane::closeRequested, this, &MainWindow::closeMessages);
}

void MainWindow::simulate(incidents::Priority priority) {
    m_simulation->ask(priority);
    m_panes.tabs->reveal(m_simulation);
    focusInto(m_simulation);
}

void MainWindow::wireCase() {
    connect(m_past, &PastPane::chosen, this, [this](const incidents::Incident& incident) {
        // What is open stays in front of what is over, unless that was asked for.
        m_current->look(incident);
        showBottom(0);
    });
    IncidentActions& actions = m_bar->actions();
    connect(m_team, &TeamPane::taskChosen, &actions, &IncidentActions::answerTask);
    connect(m_team, &TeamPane::taskRequested, &actions, &IncidentActions::addTask);
    connect(m_team, &TeamPane::handOverRequested, &actions, &IncidentActions::handOver);
    connect(m_team, &TeamPane::captionChanged, this, [this] {
        m_bottomTabs->setTabText(m_bottomTabs->indexOf(m_team),
                                 tr("Team %1").arg(m_team->caption()).trimmed());
    });
    connect(m_postMortem, &PostMortemPane::exportRequested, &actions,
            &IncidentActions::exportPostMortem);
    connect(&actions, &IncidentActions::postMortemAsked, this, [this] { showPaper(m_postMortem); });
    connect(m_bar, &IncidentBar::updateRequested, this, [this] { m_composer->focusText(); });
    connect(&actions, &IncidentActions::postDrafted, this, [this](const QString& text) {
        // What somebody is writing already is not taken away.
        auto* field = m_composer->findChild<QPlainTextEdit*>(u"composerText"_s);
        if (field && field->toPlainText().trimmed().isEmpty()) field->setPlainText(text);
        m_composer->focusText();
    });
    connect(m_declare, &DeclarePanel::joinRequested, this,
            [this](const QString& id, const QStringList& alerts, const QStringList& keys) {
                m_console.journal().attach(id, m_console.person(), alerts, keys);
            });
}

/// Attaches the alerts selected on the board to the current incident, or detaches them.
void MainWindow::attachSelected(bool attach) {
    if (!m_current->isOpen()) return;
    QStringList ids, keys;
    for (const Alert& alert : m_board->selectedAlerts()) {
        ids << alerts::alertId(alert);
        if (!keys.contains(alert.key)) keys << alert.key;
    }
    if (ids.isEmpty()) return;
    m_console.journal().record(
        m_current->id(), m_console.person(),
        attach ? incidents::attachAgain(ids, keys) : incidents::detach(ids, {}));
}

void MainWindow::wireComposer() {
    connect(m_ledger, &LedgerView::newestChanged, m_composer, &ComposerPane::showState);
    connect(m_flow, &StepFlow::evidenceArrived, this, [this](const Outcome& outcome) {
        if (outcome.evidence.isEmpty()) return;
        m_composer->offerAttachment(captionOf(outcome.line, outcome.evidence),
                                    attachmentOf(outcome.subject, outcome.evidence));
    });
    for (const auto& channel : m_console.workspace().channels) {
        m_composer->setMentions(channel.settings.name, channel.settings.map(u"mentions"_s));
        m_channels->setMentions(channel.settings.name, channel.settings.map(u"mentions"_s));
    }
    m_composer->setSources(composerSources());
    m_declare->setChannels(m_console.dispatcher().channels(),
                           m_console.workspace().escalation.channel);
}

ComposerSources MainWindow::composerSources() {
    return {.timeline = [this](const QString& id) { return m_console.journal().timeline(id); },
            .postMortem =
                [this](const QString& id) {
                    return incidents::exportIncident(m_console.database(), id, u"md"_s,
                                                     m_console.clock().now());
                },
            .alerts =
                [this] {
                    QVector<Alert> attached;
                    if (const auto& incident = m_current->incident())
                        for (const QString& id : incident->alerts)
                            if (const auto alert = m_console.board().alerts().constFind(id);
                                alert != m_console.board().alerts().constEnd())
                                attached << *alert;
                    return attached;
                },
            .wordings = m_console.workspace().wordings,
            .updates = m_console.practice().updates};
}

void MainWindow::fillPanes() {
    m_panes.sql->keepHistory(m_console.options().dataFolder);
    m_panes.redis->keepHistory(m_console.options().dataFolder);
    fillConnections();
    m_panes.runbook->setVariables(m_console.workspace().variables);
    for (const auto& probe : m_console.probes())
        m_panes.status->addProbe(probe.name, probe.probe);
}

void MainWindow::fillConnections() {
    const auto connections = m_console.connections();
    QVector<inspection::ConnectionInfo> infos;
    for (const auto* each : connections)
        infos << each->info();
    m_panes.sql->setConnections(connections);
    m_panes.redis->setConnections(connections);
    m_panes.runbook->setConnections(infos);
    m_capturer->setConnections(connections);
}

void MainWindow::wireConnections() {
    connect(m_panes.sql, &SqlPane::setUpRequested, this,
            [this](const QString& name) { setUpConnection(name, u"postgres"_s); });
    connect(m_panes.redis, &RedisPane::setUpRequested, this,
            [this](const QString& name) { setUpConnection(name, u"redis"_s); });
    connect(&m_console, &console::Console::connectionsChanged, this, [this] {
        fillConnections();
        m_problems->renew();
    });
    connect(m_setUp, &ConnectionsPane::closed, this, &MainWindow::closeSetUp);
    connect(m_setUp, &ConnectionsPane::saved, this,
            [this](const QString& name, const QString& kind) {
                closeSetUp();
                kind == u"redis" ? m_panes.redis->chooseConnection(name)
                                 : m_panes.sql->chooseConnection(name);
                showPane(kind == u"redis" ? 1 : 0);
            });
}

/// The form for the connection of that name; for a new one of `kind` when there is no name.
void MainWindow::setUpConnection(const QString& name, const QString& kind) {
    m_pages->setCurrentIndex(0);
    name.isEmpty() ? m_setUp->create(kind) : m_setUp->change(name);
    m_panes.tabs->reveal(m_setUp);
    m_setUp->setFocus(Qt::OtherFocusReason);
}

void MainWindow::closeSetUp() {
    m_panes.tabs->conceal(m_setUp);
}

void MainWindow::incidentSwitched() {
    if (!m_current->id().isEmpty()) closeMessages();
    arrangeBottom();
    m_panes.runbook->setIncidentOpen(m_current->isOpen());
    markAlerts();
}

/// Without an incident there is nothing to tell and nothing to keep: the board has the room, unless
/// somebody wants to see what became of messages.
void MainWindow::arrangeBottom() {
    const bool alone = m_messagesAsked && m_current->id().isEmpty();
    m_bottom->setVisible(alone || !m_current->id().isEmpty());
    for (QWidget* tab : {static_cast<QWidget*>(m_timeline), static_cast<QWidget*>(m_team)})
        m_bottomTabs->setTabVisible(m_bottomTabs->indexOf(tab), !alone);
    m_composer->setVisible(!alone);
    m_messages->setClosable(alone);
}

void MainWindow::showMessages(const QString& channel) {
    m_pages->setCurrentIndex(0);
    m_messages->showChannel(channel);
    if (m_current->id().isEmpty() && !m_messagesAsked) {
        m_messagesAsked = true;
        m_rowsBefore = m_rows->saveState();
        arrangeBottom();
    }
    giveBottomRoom(33);
    m_bottomTabs->setCurrentWidget(m_messages);
    focusInto(m_messages);
}

/// A list of one line tells nothing.
void MainWindow::giveBottomRoom(int percent) {
    const int room = m_rows->height() * percent / 100;
    if (m_rows->sizes().value(1) < room) m_rows->setSizes({m_rows->height() - room, room});
}

void MainWindow::closeMessages() {
    if (!std::exchange(m_messagesAsked, false)) return;
    arrangeBottom();
    m_rows->restoreState(m_rowsBefore);
    m_bottomTabs->setCurrentWidget(m_timeline);
}

void MainWindow::markAlerts() {
    const QStringList now = m_current->isOpen() ? m_current->incident()->alerts : QStringList();
    for (const QString& alert : std::as_const(m_markedAlerts))
        if (!now.contains(alert)) m_board->setIncidentOf(alert, {});
    for (const QString& alert : now)
        m_board->setIncidentOf(alert, m_current->id());
    m_markedAlerts = now;
    m_board->setOpenIncident(m_current->isOpen() ? m_current->id() : QString());
}

void MainWindow::declare(const QVector<Alert>& alerts) {
    m_declare->setJoinable(m_current->isOpen() ? m_current->id() : QString());
    m_declare->propose(alerts.isEmpty() ? m_board->selectedAlerts() : alerts);
}

void MainWindow::setTheme(theme::Mode mode) {
    m_theme.setMode(mode);
    m_theme.applyTo(*qApp);
    m_memory->set(u"theme"_s, int(mode));
    m_memory->save();
}

}  // namespace tocsin::ui
