#pragma once
#include "ui/incident/incidentactions.h"

namespace tocsin::ui {

/// Writes the post-mortem in the format of the path's suffix (.md, .html, .pdf, .json; none is
/// Markdown). Beside Markdown goes its drawing, as NAME-timeline.svg. `wording` is the workspace's
/// template, `workspace` its name. Reads on the store's thread, renders and writes on a pool
/// thread.
PostMortemExport exportFrom(store::Database& database, Clock& clock, const QString& wording = {},
                            const QString& workspace = {});

}  // namespace tocsin::ui
