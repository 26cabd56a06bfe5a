#pragma once
#include <QSize>
#include <QStringList>
#include <optional>

#include "sdk/error.h"
#include "ui/theme/theme.h"

namespace tocsin {

/// What the command line says about a window: `tocsin [options]` or `tocsin drill SCENARIO
/// [options]`.
struct WindowArguments {
    QString workspaceFolder;
    QString dataFolder;
    QString drill;  ///< scenario; empty: the workspace
    double speed = 1;
    theme::Mode theme = theme::Mode::Desktop;
    QString picture;  ///< render one frame into this PNG and end
    QSize size{1600, 1000};
};

/// Whether `args` (without the program's name) ask for a window rather than for a command.
bool wantsWindow(const QStringList& args);
Result<WindowArguments> windowArguments(const QStringList& args);

}  // namespace tocsin
