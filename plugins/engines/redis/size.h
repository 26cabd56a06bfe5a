#pragma once
#include <QByteArrayList>
#include <QVector>
#include <optional>
#include <utility>

#include "sdk/error.h"

namespace tocsin::redis {

inline constexpr qint64 kMostElements = 10'000;
inline constexpr qint64 kMostValueBytes = 16LL * 1024 * 1024;
/// Of so few fields one may be most of a hash, as a job's data is of a job.
inline constexpr qint64 kFewUneven = 100;
/// Elements that may be passed over without being returned: 2 ms of LPOS, 10 ms of LIMIT.
inline constexpr qint64 kMostPassed = 100'000;

/// What to ask the server before a command whose answer may be huge.
struct SizeQuestion {
    QByteArrayList ask;    ///< {"HLEN", key}: answered by an integer
    bool inBytes = false;  ///< the integer counts bytes, else elements
    /// Of an indexed range: first and last as typed, negative from the end. Absent: everything.
    std::optional<std::pair<qint64, qint64>> range = {};
    QString pageBy;  ///< what reads a part, for the refusal
    QString key;
    qint64 skipped = 0;  ///< of LIMIT: elements passed over before the first
    /// Elements the command itself asks for at most: by COUNT, LIMIT, MAXLEN, or by what it is.
    std::optional<qint64> atMost = {};
    bool repeats = false;     ///< SRANDMEMBER k -5: that many, however few there are
    bool isUneven = false;    ///< one of its elements may well be most of the key: a hash's field
    QByteArrayList all = {};  ///< counts the whole key where `ask` counts a part: {"ZCARD", key}
    /// What the elements cost: they are returned; only their names are (HKEYS); they are only
    /// passed over (LPOS); or all of an area are, for the nearest few of them.
    enum class Of { Values, Names, Steps, Area } of = Of::Values;
};

/// For an answer: the server keeps the size from this user, or tells none.
inline constexpr qint64 kUntold = -2;

/// What the server said of it; -1: there is none, or the command will get the same error.
struct KeyMeasure {
    qint64 length = -1;  ///< in elements or bytes, as the question is
    qint64 memory = -1;  ///< of the whole key, in bytes, from a sample of its elements
    qint64 all = -1;     ///< elements of the whole key, where `length` is of a part
};

/// Nothing when the answer cannot be large.
std::optional<SizeQuestion> sizeQuestion(const QByteArrayList& arguments);

/// MEMORY USAGE of a key from up to a hundred of its elements: of no more it is exact.
QByteArrayList memoryQuestion(const QByteArray& key);
/// What to send for it, and what the answers (-1 for an error) say.
QVector<QByteArrayList> commandsOf(const SizeQuestion& question);
KeyMeasure measureOf(const SizeQuestion& question, const QVector<qint64>& answers);

/// How many of `length` elements or bytes the command takes.
qint64 taken(const SizeQuestion& question, qint64 length);
/// What an element has on average, in bytes; 0: not known.
double elementBytes(const KeyMeasure& measure);
/// What to reckon with for an element: the average, or of a few uneven ones all of the key.
double elementBytes(const SizeQuestion& question, const KeyMeasure& measure);
/// About how many bytes the answer has; 0 when it is not known.
qint64 bytesOf(const SizeQuestion& question, const KeyMeasure& measure);

/// The refusal when that is too much, with what reads a part or how to look.
std::optional<Error> refuseSize(const SizeQuestion& question, const KeyMeasure& measure);

/// "1.5 MB"
QString megabytes(double bytes);
/// What to do about an element that is too large by itself.
QString noPartOf(const QString& look);

}  // namespace tocsin::redis
