#pragma once
#include <QMainWindow>

#include "console/console.h"
#include "incidents/capturer.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/incidentactions.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/stepflow.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

class QSplitter;
class QStackedWidget;

namespace tocsin::ui {

class BoardPane;
class CheatSheet;
class ChannelNotice;
class ChannelsPane;
class CommandPalette;
class ComposerPane;
class ConnectionsPane;
struct ComposerSources;
class DeclarePanel;
class Desktop;
class IncidentBar;
class LayoutMemory;
class LedgerPane;
class LedgerView;
class ProblemsStrip;
class PastPane;
class PostMortemPane;
class SimulationPane;
class StatusStrip;
class TeamPane;
class TimelinePane;
class WelcomePage;

/// The window of one open workspace: the only place of the ui that wires panes to each other and to
/// the services. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `console` and `theme` outlive the window.
    MainWindow(console::Console& console, theme::Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openPalette();
    /// Opens the inline form for these alerts; for the selected ones when there are none.
    void declare(const QVector<Alert>& alerts = {});

signals:
    /// The user chose another workspace, or wants this one read again: main opens it.
    void workspaceChosen(const QString& folder);
    void drillRequested(const QString& scenario);

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    // mainwindow.cpp: making and placing
    void buildPanes();
    void buildIncident();
    ChannelsPane* buildChannels();
    QWidget* buildBody();
    QWidget* buildBottom();
    void place();
    void restoreLayout();
    void rememberLayout();
    // wiring.cpp: who hears whom
    void wire();
    void wireBoard();
    void wireIncident();
    void wireCase();
    void wireComposer();
    ComposerSources composerSources();
    void attachSelected(bool attach);
    void fillPanes();
    void wireConnections();
    void fillConnections();
    void setUpConnection(const QString& name, const QString& kind);
    void closeSetUp();
    // desktopwiring.cpp: pop-ups, tray, bell, who owns the engine
    void wireDesktop();
    void wireReminders();
    void wireStoppedChannels();
    void present(const alerts::AlertId& alert);
    void acknowledge(const QVector<Alert>& alerts);
    void tellIfUnattended();
    void incidentSwitched();
    void arrangeBottom();
    void showMessages(const QString& channel = {});
    void closeMessages();
    void giveBottomRoom(int percent);
    void simulate(incidents::Priority priority);
    void markAlerts();
    void setTheme(theme::Mode mode);
    // commands.cpp: shortcuts and what the palette finds
    void buildCommands();
    void addCommand(const QString& title, const QString& keys, const std::function<void()>& run);
    void showPane(int place);
    void showPaper(QWidget* paper);
    void showBottom(int tab);
    void filterBoard(const QString& filter);
    QVector<PaletteItem> paletteItems();
    void addIncidentItems(QVector<PaletteItem>& items);
    void addAlertItems(QVector<PaletteItem>& items);
    void addRunbookItems(QVector<PaletteItem>& items);
    void addConnectionItems(QVector<PaletteItem>& items);

    struct Command {
        QString title, keys;
        std::function<void()> run;
    };

    console::Console& m_console;
    theme::Theme& m_theme;
    theme::Ticker* m_ticker;
    LayoutMemory* m_memory;
    incidents::Capturer* m_capturer = nullptr;
    CurrentIncident* m_current;
    StepPanes m_panes{};
    StepFlow* m_flow = nullptr;
    StatusStrip* m_strip = nullptr;
    Desktop* m_desktop = nullptr;
    ProblemsStrip* m_problems = nullptr;
    DeclarePanel* m_declare = nullptr;
    IncidentBar* m_bar = nullptr;
    BoardPane* m_board = nullptr;
    TimelinePane* m_timeline = nullptr;
    TeamPane* m_team = nullptr;
    LedgerView* m_ledger = nullptr;
    LedgerPane* m_messages = nullptr;
    ChannelNotice* m_channelNotice = nullptr;
    ComposerPane* m_composer = nullptr;
    SimulationPane* m_simulation = nullptr;
    PastPane* m_past = nullptr;
    PostMortemPane* m_postMortem = nullptr;
    QTabWidget* m_papers = nullptr;  // what is over, and what is written about it
    ChannelsPane* m_channels = nullptr;
    ConnectionsPane* m_setUp = nullptr;
    WelcomePage* m_welcome = nullptr;
    QStackedWidget* m_pages = nullptr;
    QSplitter *m_rows = nullptr, *m_columns = nullptr, *m_bottom = nullptr;
    QTabWidget* m_bottomTabs = nullptr;
    CommandPalette* m_palette = nullptr;
    CheatSheet* m_cheatSheet = nullptr;
    QVector<Command> m_commands;
    QVector<QWidget*> m_regions;
    QStringList m_markedAlerts;
    bool m_messagesAsked = false;  // to be seen although there is no incident
    QByteArray m_rowsBefore;       // how high the bottom was before that
};

}  // namespace tocsin::ui
