#pragma once
#include "incidents/record.h"

namespace tocsin::incidents {

/// The incident drawn as SVG on white, 1000 units wide: its phases as a bar, the moments that
/// matter with their names, and every event as a mark in the lane of people, runs, messages or
/// ladder. Marks that would fall on the same spot are drawn once, so that its size does not follow
/// the number of events. It names no font and nothing outside itself. Pure.
QString timelineDrawing(const Record& record, const QDateTime& now);

}  // namespace tocsin::incidents
