#include "windowrun.h"

#include <QPixmap>
#include <QTimer>
#include <cstdio>

#include "sdk/async.h"

namespace tocsin {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A picture shows the window once it has something to show: this long after the first critical
// alert, and at the latest after the second.
constexpr auto kSettled = 2500ms;
constexpr auto kPatience = 60s;

}  // namespace

WindowRun::WindowRun(QApplication& app, WindowArguments arguments)
    : m_app(app),
      m_arguments(std::move(arguments)),
      m_theme(m_arguments.theme),
      m_clock(m_arguments.drill.isEmpty() ? 1.0 : m_arguments.speed) {
    m_theme.applyTo(app);
    connect(&m_theme, &theme::Theme::changed, this, [this] { m_theme.applyTo(m_app); });
    QApplication::setQuitOnLastWindowClosed(false);
    connect(&app, &QGuiApplication::lastWindowClosed, this, &WindowRun::leave);
}

WindowRun::~WindowRun() {
    close();
}

void WindowRun::start() {
    if (m_arguments.drill.isEmpty())
        openWorkspace(m_arguments.workspaceFolder, m_arguments.dataFolder);
    else
        openDrill(m_arguments.drill);
}

void WindowRun::openDrill(const QString& scenario) {
    m_drill = std::make_unique<drill::Drill>(drill::DrillOptions{.speed = m_arguments.speed});
    connect(m_drill.get(), &drill::Drill::progressed, this,
            [](const QString& sentence) { std::fprintf(stderr, "%s\n", qPrintable(sentence)); });
    connect(m_drill.get(), &drill::Drill::failed, this, &WindowRun::say);
    connect(m_drill.get(), &drill::Drill::ready, this, &WindowRun::openWorkspace);
    m_drill->start(scenario);
}

void WindowRun::openWorkspace(const QString& workspaceFolder, const QString& dataFolder) {
    whenDone(console::Console::open({workspaceFolder, dataFolder}, m_clock), this,
             [this](const Result<std::shared_ptr<console::Console>>& opened) { show(opened); });
}

void WindowRun::show(const Result<std::shared_ptr<console::Console>>& opened) {
    if (!opened) return say(opened.error());
    const bool isWaiting = m_next != nullptr;
    m_next = *opened;  // of several that were chosen the last one counts
    if (isWaiting || m_leaving) return;
    if (!m_console) return showNext();
    // As in leave(): what is being sent is finished first.
    whenDone(m_console->stop(), this, [this] {
        if (!m_leaving) showNext();
    });
}

void WindowRun::showNext() {
    close();
    m_console = std::move(m_next);
    m_window = std::make_unique<ui::MainWindow>(*m_console, m_theme);
    const QString dataFolder = m_console->options().dataFolder;
    // Queued: the window that asks is closed while the other one opens.
    connect(
        m_window.get(), &ui::MainWindow::workspaceChosen, this,
        [this, dataFolder](const QString& workspaceFolder) {
            openWorkspace(workspaceFolder, dataFolder);
        },
        Qt::QueuedConnection);
    connect(m_window.get(), &ui::MainWindow::drillRequested, this, &WindowRun::openDrill,
            Qt::QueuedConnection);
    m_window->resize(m_arguments.size);
    m_window->show();
    m_console->start();
    if (!m_arguments.picture.isEmpty()) pictureWhenSettled();
}

void WindowRun::close() {
    // Closing one window to show another must not end the program.
    const QSignalBlocker quiet(&m_app);
    m_window.reset();
    m_console.reset();
}

void WindowRun::leave() {
    if (!m_console || m_leaving) return ended();
    // The window is gone from the screen; what is being sent is finished behind it, for the next
    // owner of the engine to find no message in doubt.
    m_leaving = true;
    whenDone(m_console->stop(), this, [this] { ended(); });
}

void WindowRun::ended() {
    close();
    if (!m_drill) return QCoreApplication::quit();
    connect(m_drill.get(), &drill::Drill::stopped, &m_app, &QCoreApplication::quit);
    m_drill->stop();
}

void WindowRun::say(const Error& error) {
    std::fprintf(stderr, "tocsin: %s\n", qPrintable(error.message));
    if (!error.detail.isEmpty()) std::fprintf(stderr, "  %s\n", qPrintable(error.detail));
    if (!m_window) QCoreApplication::exit(1);
}

void WindowRun::pictureWhenSettled() {
    auto* settled = new QTimer(m_window.get());
    settled->setSingleShot(true);
    connect(settled, &QTimer::timeout, this, &WindowRun::takePicture);
    settled->start(kPatience);
    connect(&m_console->board(), &alerts::Board::changed, settled, [this, settled] {
        for (const Alert& alert : m_console->board().alerts())
            if (alert.severity == Severity::Critical && alert.state == AlertState::Firing)
                settled->start(std::min<std::chrono::milliseconds>(
                    kSettled, settled->remainingTimeAsDuration()));
    });
}

void WindowRun::takePicture() {
    if (!m_window) return;
    if (!m_window->grab().save(m_arguments.picture))
        return say(
            {ErrorCode::Disk, u"Cannot write the picture to %1."_s.arg(m_arguments.picture), {}});
    std::printf("%s\n", qPrintable(m_arguments.picture));
    leave();
}

}  // namespace tocsin
