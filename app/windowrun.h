#pragma once
#include <QApplication>
#include <memory>

#include "console/console.h"
#include "drill/drill.h"
#include "sdk/clock.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "windowarguments.h"

namespace tocsin {

/// One run of the program with a window: opens a workspace or a drill, shows it, changes to another
/// one when asked, and ends what it started.
class WindowRun : public QObject {
    Q_OBJECT
public:
    WindowRun(QApplication& app, WindowArguments arguments);
    ~WindowRun() override;
    void start();

private:
    void openDrill(const QString& scenario);
    void openWorkspace(const QString& workspaceFolder, const QString& dataFolder);
    void show(const Result<std::shared_ptr<console::Console>>& opened);
    void showNext();
    void close();
    void leave();
    void ended();
    void say(const Error& error);
    void pictureWhenSettled();
    void takePicture();

    QApplication& m_app;
    WindowArguments m_arguments;
    theme::Theme m_theme;
    SystemClock m_clock;
    bool m_leaving = false;
    std::unique_ptr<drill::Drill> m_drill;
    std::shared_ptr<console::Console> m_console;
    std::shared_ptr<console::Console> m_next;  // opened; waits for m_console to come to rest
    std::unique_ptr<ui::MainWindow> m_window;
};

}  // namespace tocsin
