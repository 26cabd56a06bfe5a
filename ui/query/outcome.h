#pragma once
#include <QJsonObject>
#include <QString>

namespace tocsin::ui {

/// What one run in a pane came to: the line that appears on the runbook's step and in the timeline,
/// and the evidence that is kept.
struct Outcome {
    bool ok = false;
    QString line;     ///< "97 rows · 4 ms" or the error's sentence
    QString subject;  ///< what was run, short: "SELECT pid, state …" on primary
    QString kind;     ///< timeline kind: "query", "redis", "http", "probe", "shell"
    QJsonObject evidence;
};

}  // namespace tocsin::ui
