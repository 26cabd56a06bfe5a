#pragma once
#include "plugins/engines/redis/weighing.h"

/// Commands that read several values or go through several keys: MGET, XREAD, SUNION, ZINTER …
namespace tocsin::redis {

/// What to ask before one of them; nothing for any other command.
QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments);
/// Whether they are too much together. `sizes` answers sumQuestions(); -1 is not known.
Weighed weighSum(const QByteArrayList& arguments, const QVector<qint64>& sizes);

}  // namespace tocsin::redis
