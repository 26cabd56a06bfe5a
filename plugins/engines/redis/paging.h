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

/// The first page when it is too much, or when what an element has on average says that fewer of
/// them are. Nothing when all of it may be read, or no part can.
std::optional<Page> firstPage(const QByteArrayList& arguments, const SizeQuestion& question,
                              const KeyMeasure& measure);

/// Of a search for the nearest: finds how many are in the area at all, and stops at one more than
/// may be gone through.
QByteArrayList areaQuestion(const QByteArrayList& arguments);

}  // namespace tocsin::redis
