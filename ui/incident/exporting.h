#pragma once
#include "ui/incident/incidentactions.h"

namespace tocsin::ui {

/// Writes the post-mortem's material in the format of the path's suffix (.md, .html, .json; none is
/// Markdown). Reads on the store's thread, writes the file on a pool thread.
PostMortemExport exportFrom(store::Database& database, Clock& clock);

}  // namespace tocsin::ui
