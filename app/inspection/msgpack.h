#pragma once
#include <QByteArray>
#include <QJsonValue>
#include <optional>

namespace tocsin::inspection {

/// MessagePack as JSON, when all the bytes are one value of it; binary parts as hex. Depth is
/// bounded. Source: github.com/msgpack/msgpack/blob/master/spec.md
std::optional<QJsonValue> fromMsgPack(const QByteArray& bytes);

}  // namespace tocsin::inspection
