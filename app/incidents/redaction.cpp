#include "incidents/redaction.h"

#include <QJsonArray>

#include "sdk/secret.h"

namespace tocsin::incidents {
namespace {

QJsonValue redactedValue(const QJsonValue& value) {
    if (value.isString()) return redact(value.toString());
    if (value.isObject()) return redacted(value.toObject());
    if (!value.isArray()) return value;
    QJsonArray out;
    for (const auto& one : value.toArray())
        out.append(redactedValue(one));
    return out;
}

}  // namespace

QJsonObject redacted(const QJsonObject& object) {
    QJsonObject out;
    for (auto field = object.begin(); field != object.end(); ++field)
        out.insert(redact(field.key()), redactedValue(field.value()));
    return out;
}

}  // namespace tocsin::incidents
