#include "ui/shell/mainwindow.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QDir>
#include <QSplitter>
#include <QStackedWidget>

#include "console/translation.h"
#include "ui/board/boardpane.h"
#include "ui/incident/channelspane.h"
#include "ui/incident/composerpane.h"
#include "ui/incident/declarepanel.h"
#include "ui/incident/exporting.h"
#include "ui/incident/incidentbar.h"
#include "ui/incident/ledgerpane.h"
#include "ui/incident/ledgerview.h"
#include "ui/incident/pastpane.h"
#include "ui/incident/postmortempane.h"
#include "ui/incident/simulationpane.h"
#include "ui/incident/teampane.h"
#include "ui/incident/timelinepane.h"
#include "ui/probes/statuspane.h"
#include "ui/query/httppane.h"
#include "ui/query/redispane.h"
#include "ui/query/shellpane.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"
#include "ui/settings/connectionspane.h"
#include "ui/shell/channelnotice.h"
#include "ui/shell/cheatsheet.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/layoutmemory.h"
#include "ui/shell/panetabs.h"
#include "ui/shell/problemsstrip.h"
#include "ui/shell/statusstrip.h"
#include "ui/shell/welcomepage.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

/// Nothing to work with, and not because of mistakes that someone should see first.
bool isEmpty(const workspace::Workspace& workspace) {
    const auto& mistakes = workspace.mistakes;
    return workspace.sources.isEmpty() && workspace.connections.isEmpty() &&
           workspace.probes.isEmpty() && workspace.channels.isEmpty() &&
           (mistakes.isEmpty() || mistakes.first().rule == u"no-workspace"_s);
}

QString layoutFile(const console::Console& console) {
    const QString folder = console.options().dataFolder;
    return folder.isEmpty() ? QString() : QDir(folder).filePath(u"window.ini"_s);
}

QSplitter* splitter(Qt::Orientation orientation, const QString& name) {
    auto* made = new QSplitter(orientation);
    made->setObjectName(name);
    made->setHandleWidth(1);
    made->setChildrenCollapsible(false);
    return made;
}

}  // namespace

MainWindow::MainWindow(console::Console& console, theme::Theme& theme, QWidget* parent)
    : QMainWindow(parent),
      m_console(console),
      m_theme(theme),
      m_ticker(new theme::Ticker(console.clock(), this)),
      m_memory(new LayoutMemory(layoutFile(console), this)),
      m_current(new CurrentIncident(console.journal(), this)) {
    setObjectName(u"mainWindow"_s);
    const QString& name = console.workspace().name;
    setWindowTitle(name.isEmpty() ? tr("Tocsin") : tr("%1 — Tocsin").arg(name));
    resize(1600, 1000);
    buildPanes();
    buildIncident();
    place();
    m_flow = new StepFlow(console, *m_current, m_panes, this);
    buildCommands();
    wire();
    fillPanes();
    incidentSwitched();
    restoreLayout();
    m_strip->tick(console.clock().now());
}

MainWindow::~MainWindow() {
    // The palette and the sheet filter the window's events; they go before it does.
    delete m_palette;
    delete m_cheatSheet;
}

void MainWindow::buildPanes() {
    Clock& clock = m_console.clock();
    m_board = new BoardPane(m_theme, m_console.board(), clock);
    m_board->setMinimumWidth(230);
    m_panes.runbook = new RunbookPane(m_theme, m_console.library(), clock);
    m_panes.runbook->setMinimumWidth(320);
    m_panes.tabs = new PaneTabs;
    m_panes.sql = new SqlPane(m_theme, clock);
    m_panes.redis = new RedisPane(m_theme, clock);
    m_panes.status = new StatusPane(m_theme, clock);
    m_panes.http = new HttpPane(m_theme, clock);
    m_panes.shell = new ShellPane(m_theme);
    m_simulation = new SimulationPane(m_theme, m_console.engine().policy(), clock);
    m_past =
        new PastPane(m_theme, m_console.database(), m_console.journal(), clock, m_console.person());
    const auto preview = [&console = m_console](const QString& incident) {
        const incidents::ExportWish wish{
            {}, console.workspace().incidents.postMortem, console.workspace().name, {}};
        return incidents::previewIncident(console.database(), incident, wish,
                                          console.clock().now());
    };
    m_postMortem = new PostMortemPane(*m_current, preview);
    m_papers = new QTabWidget;
    m_papers->setObjectName(u"papersPane"_s);
    m_papers->setDocumentMode(true);
    m_papers->setMinimumSize(200, 150);  // the window decides how large it is
    m_papers->addTab(m_past, tr("Past incidents"));
    m_papers->addTab(m_postMortem, tr("Post-mortem"));
    m_channels = buildChannels();
    const QVector<QPair<QWidget*, QString>> panes = {
        {m_panes.sql, tr("Postgres")}, {m_panes.redis, tr("Redis")}, {m_panes.status, tr("Status")},
        {m_panes.http, tr("HTTP")},    {m_panes.shell, tr("Shell")}, {m_simulation, tr("Ladder")},
        {m_papers, tr("Past")},        {m_channels, tr("Channels")}};
    for (const auto& [pane, title] : panes) {
        if (pane->objectName().isEmpty()) pane->setObjectName(title.toLower() + u"Pane"_s);
        m_panes.tabs->addPane(pane, title);
    }
    m_setUp = new ConnectionsPane(m_theme, m_console);
    m_panes.tabs->addPane(m_setUp, tr("Connection"));
    m_panes.tabs->conceal(m_setUp);
    m_panes.tabs->setMinimumWidth(380);
}

ChannelsPane* MainWindow::buildChannels() {
    console::Console& console = m_console;
    ChannelsPane::Sources sources;
    sources.cardStyle = [&console] { return console.cardStyle(); };
    sources.feedStyle = [&console] { return console.feedStyle(); };
    sources.alerts = [&console] { return console.board().alerts(); };
    sources.cardFacts = [&console](const QString& incident) {
        return console.database().read<announcements::CardFacts>(
            [incident, style = console.cardStyle(),
             now = console.clock().now()](store::Transaction& tx) {
                return announcements::cardFacts(tx, incident, style, now);
            });
    };
    return new ChannelsPane({m_theme, *m_current, console.stoppedChannels(), console.dispatcher(),
                             console.engine(), console.clock(), console.person()},
                            sources);
}

void MainWindow::buildIncident() {
    const QString& person = m_console.person();
    const IncidentActions::Services services{
        *m_current, m_console.journal(),  m_console.engine(),   m_console.clock(),
        person,     m_console.practice(), &m_console.verifier()};
    m_bar = new IncidentBar(m_theme, *m_ticker, services);
    m_bar->actions().setExport(exportFrom(m_console.database(), m_console.clock(),
                                          m_console.workspace().incidents.postMortem,
                                          m_console.workspace().name));
    m_declare = new DeclarePanel(m_console.engine(),
                                 console::policyFrom(m_console.workspace().escalation), person);
    m_declare->setRules(m_console.practice().severity);
    m_declare->setRunbooks(
        [this](incidents::Declaration& declaration, const QVector<Alert>& alerts) {
            m_console.addRunbook(declaration, alerts);
        });
    m_team = new TeamPane(m_theme, *m_ticker, services);
    m_timeline = new TimelinePane(m_theme, *m_current, m_console.journal(), person);
    m_capturer = new incidents::Capturer(m_console.database(), m_console.journal(),
                                         m_console.clock(), m_console.connections(), this);
    m_timeline->setCapturer(*m_capturer);
    const ReadMessages read = [this](const QString& incident) {
        return m_console.database().read<QVector<delivery::Entry>>(
            [incident](store::Transaction& tx) {
                constexpr int kNewest = 1000;
                return incident.isEmpty() ? delivery::Ledger::newest(tx, kNewest)
                                          : delivery::Ledger::ofIncident(tx, incident);
            });
    };
    m_ledger = new LedgerView(m_theme, *m_ticker, *m_current, m_console.dispatcher(), read);
    m_composer = new ComposerPane(m_theme, *m_current, m_console.dispatcher(), m_console.engine(),
                                  m_console.clock(), person);
}

QWidget* MainWindow::buildBottom() {
    m_bottomTabs = new QTabWidget;
    m_bottomTabs->setObjectName(u"bottomTabs"_s);
    m_bottomTabs->setDocumentMode(true);
    m_bottomTabs->addTab(m_timeline, tr("Timeline"));
    m_messages = new LedgerPane(m_ledger, m_console.stoppedChannels(), m_console.dispatcher(),
                                m_console.engine(), m_console.person());
    m_bottomTabs->addTab(m_messages, tr("Messages"));
    m_bottomTabs->addTab(m_team, tr("Team"));
    m_bottom = splitter(Qt::Horizontal, u"bottomSplitter"_s);
    m_bottom->addWidget(m_bottomTabs);
    m_bottom->addWidget(m_composer);
    m_bottom->setSizes({990, 610});
    return m_bottom;
}

QWidget* MainWindow::buildBody() {
    m_columns = splitter(Qt::Horizontal, u"columnSplitter"_s);
    m_columns->addWidget(m_board);
    m_columns->addWidget(m_panes.runbook);
    m_columns->addWidget(m_panes.tabs);
    m_columns->setSizes({350, 600, 650});
    m_columns->setStretchFactor(0, 2);
    m_columns->setStretchFactor(1, 4);
    m_columns->setStretchFactor(2, 5);
    m_rows = splitter(Qt::Vertical, u"rowSplitter"_s);
    m_rows->addWidget(m_columns);
    m_rows->addWidget(buildBottom());
    m_rows->setSizes({660, 190});
    m_rows->setStretchFactor(0, 1);
    m_rows->setStretchFactor(1, 0);
    return m_rows;
}

void MainWindow::place() {
    const QString& name = m_console.workspace().name;
    m_strip = new StatusStrip(m_theme, *m_ticker, m_console.board(),
                              name.isEmpty() ? tr("Tocsin") : name);
    m_channelNotice = new ChannelNotice(m_console.stoppedChannels());
    m_problems = new ProblemsStrip(m_console);
    m_problems->addNote(m_console.database().openNote());
    m_welcome = new WelcomePage;
    m_pages = new QStackedWidget;
    m_pages->setObjectName(u"pages"_s);
    m_pages->addWidget(buildBody());
    m_pages->addWidget(m_welcome);
    if (isEmpty(m_console.workspace()) && !m_current->isOpen())
        m_pages->setCurrentWidget(m_welcome);

    auto* central = new QWidget;
    theme::setRole(central, u"panel"_s);
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_strip);
    column->addWidget(m_channelNotice);
    column->addWidget(m_problems);
    column->addWidget(m_declare);
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    setCentralWidget(central);
    m_regions = {m_bar, m_board, m_panes.runbook, m_panes.tabs, m_bottomTabs, m_composer};
    m_palette = new CommandPalette(m_theme, this);
}

void MainWindow::restoreLayout() {
    // A theme that was asked for on the command line wins.
    const QVariant kept = m_memory->value(u"theme"_s);
    if (kept.isValid() && m_theme.mode() == theme::Mode::Desktop)
        m_theme.setMode(static_cast<theme::Mode>(kept.toInt()));
    restoreGeometry(m_memory->value(u"geometry"_s).toByteArray());
    m_columns->restoreState(m_memory->value(u"columns"_s).toByteArray());
    m_rows->restoreState(m_memory->value(u"rows"_s).toByteArray());
    m_bottom->restoreState(m_memory->value(u"bottom"_s).toByteArray());
    const int pane = m_memory->value(u"pane"_s).toInt();
    if (pane >= 0 && pane < m_panes.tabs->count() && m_panes.tabs->isTabVisible(pane))
        m_panes.tabs->setCurrentIndex(pane);
    m_panes.tabs->detachNamed(m_memory->value(u"detached"_s).toStringList());
}

void MainWindow::rememberLayout() {
    m_memory->set(u"geometry"_s, saveGeometry());
    m_memory->set(u"columns"_s, m_columns->saveState());
    m_memory->set(u"rows"_s, m_rows->saveState());
    m_memory->set(u"bottom"_s, m_bottom->saveState());
    m_memory->set(u"pane"_s, m_panes.tabs->currentIndex());
    m_memory->set(u"detached"_s, m_panes.tabs->detachedPanes());
    m_memory->save();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    closeMessages();
    closeSetUp();
    rememberLayout();
    tellIfUnattended();
    QMainWindow::closeEvent(event);
}

}  // namespace tocsin::ui
