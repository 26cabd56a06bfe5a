#pragma once
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QUrl>
#include <QVector>
#include <optional>

#include "sdk/export.h"

namespace tocsin {

/// How bad. Ordered from worst to least; Unknown sorts last but is never shown as good.
enum class Severity { Critical, Warning, Info, Unknown };

enum class AlertState {
    Firing,
    Pending,    ///< condition true, hold time not over yet
    Silenced,   ///< someone silenced it, see Alert::suppressions
    Inhibited,  ///< hidden by another alert
    Unknown,    ///< its source stopped answering; the last known values are kept
};

TOCSIN_SDK_EXPORT QString nameOf(Severity severity);  ///< "critical", "warning", "info", "unknown"
TOCSIN_SDK_EXPORT QString nameOf(AlertState state);   ///< "firing", "pending", …
/// Reads the words monitoring systems use (critical|crit|page|error|fatal, warning|warn|minor,
/// info|…). Anything else, and nothing, is Unknown.
TOCSIN_SDK_EXPORT Severity severityFromText(const QString& text);

/// Who keeps an alert quiet, until when, and why.
struct Suppression {
    QString id;  ///< silence id, or the fingerprint of the inhibiting alert
    QString by;  ///< author; empty for an inhibition
    QString comment;
    QDateTime until;  ///< UTC; invalid when open-ended

    bool operator==(const Suppression&) const = default;
};

/// The number behind an alert, where the source knows it.
struct Measurement {
    double value = 0;
    double threshold = 0;
    QString unit;  ///< "%", "s", "ms", "jobs", or empty
    /// Samples of the recent past, oldest first: UTC milliseconds and value. For the sparkline.
    QVector<QPair<qint64, double>> trend;

    bool operator==(const Measurement&) const = default;
};

/// One firing condition. A value: copy it freely.
struct Alert {
    QString fingerprint;  ///< identity within its source; Alertmanager's own, else hash of source
                          ///< and labels
    QString key;  ///< what the runbooks are named after: label `alert_key`, else `alertname`
    Severity severity = Severity::Unknown;
    AlertState state = AlertState::Firing;
    QString source;       ///< name of the source in the workspace
    QDateTime startsAt;   ///< UTC
    QDateTime updatedAt;  ///< UTC
    QMap<QString, QString> labels;
    QMap<QString, QString> annotations;
    QString summary;  ///< one line, plain text, as the source gave it
    QUrl generatorUrl;
    QVector<Suppression> suppressions;
    std::optional<Measurement> measurement;

    bool operator==(const Alert&) const = default;
};

/// All alerts of one source at one moment.
struct AlertSnapshot {
    QString source;
    QDateTime takenAt;  ///< UTC, when the source's answer arrived
    QVector<Alert> alerts;
};

}  // namespace tocsin
