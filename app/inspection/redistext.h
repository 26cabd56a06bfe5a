#pragma once
#include <QByteArray>
#include <QString>
#include <QStringList>

namespace tocsin::inspection {

/// One argument of a Redis command as it is typed: quoted where it must be, binary bytes escaped.
QString redisWord(const QByteArray& bytes);

/// `bytes` inside a MATCH pattern without meaning anything but themselves.
QByteArray globLiteral(const QByteArray& bytes);

/// The commands of a script, one each; comments are left out and continued lines are one.
QStringList scriptLines(const QString& script);

/// Each line of a script asked at one node of a cluster, "10.0.0.2:6381"; as it is without one.
QString atNode(const QString& script, const QString& node);

}  // namespace tocsin::inspection
