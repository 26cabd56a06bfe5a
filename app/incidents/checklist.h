#pragma once
#include "incidents/incident.h"

namespace tocsin::incidents {

/// One line of a phase's checklist.
struct ChecklistItem {
    QString id;    ///< stable: "impact"
    QString text;  ///< "impact and users known"
    bool done = false;
    bool byItself = false;  ///< follows from the incident; ticking it by hand does nothing
};

/// What a phase of the general process asks for, three to five items, with what is done. Pure.
QVector<ChecklistItem> checklist(const Incident& incident, Phase phase);

}  // namespace tocsin::incidents
