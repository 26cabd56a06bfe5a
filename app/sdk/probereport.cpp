#include "sdk/probereport.h"

namespace tocsin {

QString nameOf(ProbeLevel level) {
    switch (level) {
        case ProbeLevel::Ok:
            return QStringLiteral("ok");
        case ProbeLevel::Maintenance:
            return QStringLiteral("maintenance");
        case ProbeLevel::Degraded:
            return QStringLiteral("degraded");
        case ProbeLevel::Partial:
            return QStringLiteral("partial");
        case ProbeLevel::Outage:
            return QStringLiteral("outage");
        case ProbeLevel::Unknown:
            break;
    }
    return QStringLiteral("unknown");
}

}  // namespace tocsin
