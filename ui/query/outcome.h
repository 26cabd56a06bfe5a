#pragma once
#include <QJsonObject>
#include <QString>

namespace tocsin::ui {

/// What a run was asked for under, so that its outcome is told from others'. 0 is nobody's.
using RunTicket = quint64;

/// What one run in a pane came to: the line that appears on the runbook's step and in the timeline,
/// and the evidence that is kept.
struct Outcome {
    bool ok = false;
    QString line;     ///< "97 rows · 4 ms" or the error's sentence
    QString subject;  ///< what was run, short: "SELECT pid, state …" on primary
    QString kind;     ///< timeline kind: "query", "redis", "http", "probe", "shell"
    QJsonObject evidence;
    RunTicket ticket = 0;  ///< what the pane's run() or rehearse() was given; 0: asked for by hand
    bool wasSent = true;   ///< false: refused or taken back before anything was sent
};

}  // namespace tocsin::ui
