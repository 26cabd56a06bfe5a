#pragma once
#include <QByteArray>
#include <QVector>

#include "sdk/error.h"

namespace tocsin::health {

/// How one part says it is, from good to bad. Unclear: a word this program does not know; never
/// taken for good, and never hiding what is clearly bad.
enum class Condition { Healthy, Unclear, Degraded, Unhealthy };

struct Service {
    QString name;
    Condition condition = Condition::Unclear;
    QString word;    ///< as the endpoint said it
    QString detail;  ///< its message or error, one line; may be empty
};

/// What a health endpoint says. A value.
struct HealthReport {
    Condition overall = Condition::Unclear;
    QString word;
    QString detail;
    QVector<Service> services;
};

Condition conditionFromText(const QString& text);

/// Reads a health answer. Understands a top-level `status`, `state`, `health`, `healthy` or `ok`
/// (word or boolean), and services under `services`, `checks`, `components`, `dependencies`,
/// `details` or `info`/`error` as a map of words, booleans or objects, or as a list of objects with
/// `name`. Without a word for the whole, the HTTP status decides: 2xx healthy, else unhealthy. A
/// plain "OK" is an answer too. Pure; any thread; any bytes. Errors: Parse.
Result<HealthReport> healthFromAnswer(int httpStatus, const QByteArray& body);

}  // namespace tocsin::health
