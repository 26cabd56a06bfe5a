#pragma once
#include <QByteArrayList>
#include <QVector>
#include <optional>

#include "sdk/error.h"

/// Commands that go through several keys at once: SUNION, ZINTER …
namespace tocsin::redis {

/// What to ask before a command that goes through several keys at once (SUNION, ZINTER …); nothing
/// for any other.
QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments);
/// The refusal when they are too much together. `sizes` answers sumQuestions(); -1 is not known.
std::optional<Error> refuseSum(const QByteArrayList& arguments, const QVector<qint64>& sizes);

}  // namespace tocsin::redis
