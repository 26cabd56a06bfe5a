#pragma once
#include <QStringList>
#include <optional>

namespace tocsin::cli {

/// What `tocsin drill SCENARIO` asks for.
struct DrillRequest {
    QString scenario;
    double speed = 1;
};

/// The drill that `args` (without the program's name) want to see in a window; nothing for
/// `drill`, `drill list`, `--headless`, `--help` and all other commands, which start() runs.
std::optional<DrillRequest> drillInWindow(const QStringList& args);

}  // namespace tocsin::cli
