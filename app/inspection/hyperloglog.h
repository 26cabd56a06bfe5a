#pragma once
#include <QByteArrayView>
#include <optional>

namespace tocsin::inspection {

/// How many different elements a HyperLogLog of Redis has seen, about (± 0.8 %), reckoned from its
/// own bytes as PFCOUNT does. PFCOUNT itself may write into the key; this cannot. Nothing when the
/// bytes are not one, or not all of one. The format: the comments of Redis's hyperloglog.c; the
/// estimate: O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017.
std::optional<qint64> distinctIn(QByteArrayView bytes);

}  // namespace tocsin::inspection
