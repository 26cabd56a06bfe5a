#pragma once
#include <QString>
#include <chrono>
#include <optional>

#include "sdk/field.h"

namespace tocsin::workspace {

/// `500ms`, `10s`, `15m`, `2h`; whole numbers, up to a year. `0` alone is zero.
std::optional<std::chrono::milliseconds> durationFromText(const QString& text);
/// true/false, yes/no, on/off, in any case.
std::optional<bool> booleanFromText(const QString& text);
/// True when `text` carries a credential that belongs elsewhere: a password in an address or a
/// connection string, or the token of a webhook.
bool holdsSecret(const QString& text);
/// production, prod and live are all "production": a short name must never loosen a guard.
QString environmentFromText(const QString& text);

/// A field's default as Settings::values holds it; an invalid QVariant when there is none or when
/// it does not fit the field's kind.
QVariant fallbackValue(const Field& field);
/// A default was given, and it fits.
bool fallbackFits(const Field& field);

}  // namespace tocsin::workspace
