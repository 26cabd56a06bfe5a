#pragma once
#include <QByteArrayList>
#include <optional>
#include <utility>

#include "sdk/error.h"

namespace tocsin::redis {

inline constexpr qint64 kMostElements = 10'000;
inline constexpr qint64 kMostValueBytes = 16LL * 1024 * 1024;

/// What to ask the server before a command whose answer may be huge.
struct SizeQuestion {
    QByteArrayList ask;    ///< {"HLEN", key}: answered by an integer
    bool inBytes = false;  ///< the integer counts bytes, else elements
    /// Of an indexed range: first and last as typed, negative from the end. Absent: everything.
    std::optional<std::pair<qint64, qint64>> range = {};
    QString pageBy;  ///< the command that reads a part, for the refusal
    QString key;
    qint64 skipped = 0;  ///< of LIMIT: elements passed over before the first
};

/// Nothing when the answer's size is bounded by the command itself.
std::optional<SizeQuestion> sizeQuestion(const QByteArrayList& arguments);

/// How many of `length` elements or bytes the range takes.
qint64 taken(const SizeQuestion& question, qint64 length);

/// Whether the range itself says that few elements are meant, however long the key is.
bool isBounded(const SizeQuestion& question);

/// The refusal when that is too much, with the command that pages.
std::optional<Error> refuseSize(const SizeQuestion& question, qint64 length);

}  // namespace tocsin::redis
