#pragma once
#include <QJsonValue>

#include "sdk/reply.h"

namespace tocsin::inspection {

/// A Redis reply as JSON: texts as strings, integers as numbers, a map as an object, an error as
/// {"error": text}. Bytes that are not UTF-8 become U+FFFD; the exact bytes are in the Reply.
QJsonValue toJson(ReplyView reply);

/// The same without losing a byte: a text that is not UTF-8 is {"bytes_base64": text}, and a map
/// whose keys are not all different UTF-8 texts is a list of [key, value]. Secrets in such bytes
/// escape redaction: not for what is kept.
QJsonValue exactJson(ReplyView reply);
QJsonValue exactJson(QByteArrayView text);

}  // namespace tocsin::inspection
