#pragma once
#include <QByteArray>
#include <QString>

namespace tocsin::inspection {

enum class ValueForm { Text, Json, Hex, Base64, Gzip, MsgPack, HyperLogLog };
QString nameOf(ValueForm form);

/// What the bytes of a stored value most likely are. A guess by their shape; JSON, gzip and
/// MessagePack only when all of it can be read as such (or `isCut`, as far as it goes for gzip).
ValueForm guessForm(const QByteArray& bytes, bool isCut = false);
/// The bytes written in that form: JSON indented, gzip unpacked (its inside guessed again), hex as
/// a dump of sixteen bytes a line. Never more than about 4 MB of text.
QString writtenAs(const QByteArray& bytes, ValueForm form);

}  // namespace tocsin::inspection
