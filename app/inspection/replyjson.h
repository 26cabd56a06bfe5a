#pragma once
#include <QJsonValue>

#include "sdk/reply.h"

namespace tocsin::inspection {

/// A Redis reply as JSON: texts as strings, integers as numbers, a map as an object, an error as
/// {"error": text}. Bytes that are not UTF-8 become U+FFFD; the exact bytes are in the Reply.
QJsonValue toJson(ReplyView reply);

}  // namespace tocsin::inspection
