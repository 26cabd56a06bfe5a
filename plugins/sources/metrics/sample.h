#pragma once
#include <QMap>
#include <QString>
#include <QVector>

namespace tocsin::metrics {

/// One number an application shows. A value.
struct Sample {
    QString name;  ///< "http_errors", or a JSON path with dots: "queues.video.waiting"
    QMap<QString, QString> labels;
    double value = 0;  ///< may be NaN: the application itself does not know
    QString unit;      ///< where the answer says it: "%", "ms" …; else empty

    bool operator==(const Sample&) const = default;
};

using Samples = QVector<Sample>;

/// The unit a name promises by its ending: `_ms`, `_seconds`, `_ratio`, `_percent`, `_bytes` …;
/// else empty.
QString unitFromName(const QString& name);

/// The spelling in which names are compared: lower case, words joined by "_" ("errorRate" and
/// "error-rate" become "error_rate"); dots stay.
QString normalName(const QString& name);

}  // namespace tocsin::metrics
