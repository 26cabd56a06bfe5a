#pragma once
#include <QByteArrayList>
#include <QVector>

#include "inspection/keyreading.h"

namespace tocsin::inspection {

/// The keys that the reply of a command names, at most two hundred of them: of SCAN, --scan, KEYS
/// and RANDOMKEY. None for other commands.
QByteArrayList keysNamedBy(const QString& command, ReplyView reply);
/// What they are and when they end, in one round trip.
QString lifeScript(const QByteArrayList& keys);
/// Type and expiry only; in the order of the keys.
QVector<KeyFacts> readLives(const QByteArrayList& keys, ReplyView reply);

}  // namespace tocsin::inspection
