#pragma once
#include "workspace/plugininfo.h"
#include "workspace/workspace.h"

namespace tocsin::workspace {

/// Reads `folder`/tocsin.yaml (or the file itself, when `folder` names one). Never fails: what is
/// wrong is in Workspace::mistakes, what is right is in the rest. Reads the disk: not for the GUI
/// thread. `plugins` give the kinds that exist and their fields.
Workspace readWorkspace(const QString& folder, const QVector<PluginInfo>& plugins);

/// The same for text already at hand; looks at the disk only to see whether runbook paths exist.
/// Accepts any bytes.
Workspace parseWorkspace(const QByteArray& yaml, const QString& folder,
                         const QVector<PluginInfo>& plugins);

/// The mistake for which nothing of the file was read ("no-workspace", "unreadable", "not-text",
/// "too-large"), or null. Lives as long as `workspace`.
const Mistake* whyNotRead(const Workspace& workspace);

}  // namespace tocsin::workspace
