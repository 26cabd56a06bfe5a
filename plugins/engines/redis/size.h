#pragma once
#include <QByteArrayList>
#include <QVector>
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

/// Nothing when the answer's size is bounded by the command itself.
std::optional<SizeQuestion> sizeQuestion(const QByteArrayList& arguments);

/// How many of `length` elements or bytes the range takes.
qint64 taken(const SizeQuestion& question, qint64 length);

/// Whether the range itself says that few elements are meant, however long the key is.
bool isBounded(const SizeQuestion& question);

/// The refusal when that is too much, with the command that pages.
std::optional<Error> refuseSize(const SizeQuestion& question, qint64 length);

/// What to ask before a command that goes through several keys at once (SUNION, ZINTER …); nothing
/// for any other.
QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments);
/// The refusal when they are too much together. `sizes` answers sumQuestions(); -1 is not known.
std::optional<Error> refuseSum(const QByteArrayList& arguments, const QVector<qint64>& sizes);

/// Whether `word` stands among the arguments from `from` on, in any case.
bool hasWord(const QByteArrayList& arguments, const char* word, qsizetype from = 1);
/// What stands `behind` places after each occurrence of `option`, from argument `from` on: a word
/// may stand there twice, or be a pattern, and which of them counts is the server's business.
QVector<qint64> optionValues(const QByteArrayList& arguments, const char* option, qsizetype from,
                             qsizetype behind = 1);

}  // namespace tocsin::redis
