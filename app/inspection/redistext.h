#pragma once
#include <QByteArray>
#include <QString>

namespace tocsin::inspection {

/// One argument of a Redis command as it is typed: quoted where it must be, binary bytes escaped.
QString redisWord(const QByteArray& bytes);

/// `bytes` inside a MATCH pattern without meaning anything but themselves.
QByteArray globLiteral(const QByteArray& bytes);

}  // namespace tocsin::inspection
