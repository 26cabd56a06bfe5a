#include "incidents/incident.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {

QString nameOf(Priority priority) {
    return u"P%1"_s.arg(static_cast<int>(priority));
}

QString nameOf(Phase phase) {
    switch (phase) {
        case Phase::Acknowledge:
            return u"acknowledge"_s;
        case Phase::Assess:
            return u"assess"_s;
        case Phase::Investigate:
            return u"investigate"_s;
        case Phase::Resolve:
            return u"resolve"_s;
        case Phase::PostMortem:
            break;
    }
    return u"post-mortem"_s;
}

Result<Priority> priorityFromText(const QString& text) {
    for (const Priority priority : {Priority::P1, Priority::P2, Priority::P3, Priority::P4})
        if (text.compare(nameOf(priority), Qt::CaseInsensitive) == 0) return priority;
    return fail(ErrorCode::Parse, u"“%1” is not a severity. Use P1, P2, P3 or P4."_s.arg(text));
}

Result<Phase> phaseFromText(const QString& text) {
    for (const Phase phase :
         {Phase::Acknowledge, Phase::Assess, Phase::Investigate, Phase::Resolve, Phase::PostMortem})
        if (text.compare(nameOf(phase), Qt::CaseInsensitive) == 0) return phase;
    return fail(
        ErrorCode::Parse,
        u"“%1” is not a phase. Use acknowledge, assess, investigate, resolve or post-mortem."_s.arg(
            text));
}

}  // namespace tocsin::incidents
