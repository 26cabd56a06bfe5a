#pragma once
#include <QDateTime>
#include <QString>
#include <QUrl>
#include <QVector>
#include <chrono>

#include "sdk/export.h"

namespace tocsin {

/// The one scale all vendors are mapped to. "Could not fetch or parse" is Unknown: never ok, never
/// down.
enum class ProbeLevel { Ok, Maintenance, Degraded, Partial, Outage, Unknown };

TOCSIN_SDK_EXPORT QString nameOf(ProbeLevel level);  ///< "ok", "maintenance", … as in --json

/// One part of what was looked at: a component of a status page, a check of a health endpoint.
struct ProbeComponent {
    QString name;
    ProbeLevel level = ProbeLevel::Unknown;
    QString detail;
};

/// Something the vendor announced: an open incident or a maintenance.
struct ProbeNotice {
    QString title;
    QString status;  ///< the vendor's own word
    ProbeLevel level = ProbeLevel::Unknown;
    QDateTime since;  ///< UTC; may be invalid
    QString latest;   ///< newest update, plain text
    QUrl link;
};

/// One look at something outside.
struct ProbeReport {
    QString name;
    ProbeLevel level = ProbeLevel::Unknown;
    QString summary;  ///< one sentence
    QString detail;   ///< raw evidence, redacted, bounded to a few kB
    std::chrono::milliseconds latency{0};
    QDateTime checkedAt;  ///< UTC
    QVector<ProbeComponent> components;
    QVector<ProbeNotice> notices;
    QUrl page;  ///< where a human looks
};

}  // namespace tocsin
