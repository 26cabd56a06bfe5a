#pragma once
#include "incidents/incident.h"

namespace tocsin::incidents {

/// What the way an incident went says about its runbook.
struct Lesson {
    enum class Kind { Skipped, Edited, Failed };
    Kind kind = Kind::Skipped;
    QString runbook, step;
    QString text;  ///< one sentence
};

/// From the events `walked` (how the steps stood at the end) and from the runs that belong to a
/// step: steps that were passed over, whose text was edited before it ran, or that failed. Each
/// once per step and kind, in the order in which they happened. Pure.
QVector<Lesson> lessonsOf(const QVector<Event>& events);

}  // namespace tocsin::incidents
