#pragma once
#include "plugins/engines/redis/size.h"

namespace tocsin::redis {

/// A part of what was asked for, small enough to be read in one go.
struct Page {
    QByteArrayList arguments;  ///< what is sent instead
    QString next;              ///< the command that reads on; "%1" is the cursor or last id
    enum class Shape { Same, Fields, Keys, Values, Members } shape = Shape::Same;
    qint64 size = 0;  ///< elements or bytes
};

/// The first page when `length` is too much, or when `memory` bytes of the whole key (0: unknown)
/// say that fewer elements are. Nothing when all of it may be read, or no part can.
std::optional<Page> firstPage(const QByteArrayList& arguments, const SizeQuestion& question,
                              qint64 length, qint64 memory);

}  // namespace tocsin::redis
