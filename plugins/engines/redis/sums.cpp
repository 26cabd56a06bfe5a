#include "plugins/engines/redis/sums.h"

#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/size.h"
#include "sdk/figures.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// The keys of SUNION k k, ZUNION 2 k k …; none for other commands.
QByteArrayList summedKeys(const QByteArrayList& arguments) {
    static const QByteArrayList bare{"sunion", "sinter", "sdiff"};
    static const QByteArrayList counted{"zunion", "zinter", "zdiff", "sintercard", "zintercard"};
    const QByteArray name = arguments.value(0).toLower();
    if (bare.contains(name)) return arguments.mid(1);
    return counted.contains(name) ? arguments.mid(2, arguments.value(1).toInt()) : QByteArrayList();
}

/// The keys of XREAD COUNT n STREAMS k k id id; none for other commands.
QByteArrayList streamKeys(const QByteArrayList& arguments) {
    if (!isWord(arguments.value(0), "XREAD")) return {};
    qsizetype at = 1;
    while (at < arguments.size() && !isWord(arguments.at(at), "STREAMS"))
        ++at;
    const QByteArrayList rest = arguments.mid(at + 1);
    return rest.first(rest.size() / 2);
}

/// How long each value of MGET k k … or HMGET k f f … is.
QVector<QByteArrayList> lengthQuestions(const QByteArrayList& arguments) {
    const bool isHash = isWord(arguments.value(0), "HMGET");
    QVector<QByteArrayList> questions;
    if (!isHash && !isWord(arguments.value(0), "MGET")) return questions;
    for (const QByteArray& each : arguments.mid(isHash ? 2 : 1))
        questions << (isHash ? QByteArrayList{"HSTRLEN", arguments.at(1), each}
                             : QByteArrayList{"STRLEN", each});
    return questions;
}

Error tooMuch(const QString& message) {
    return {ErrorCode::TooLarge, message, u"size-before-value"_s};
}

Error untold() {
    return tooMuch(
        u"The server does not tell this user how large these keys are, so nobody knows how long it would stop the server for others; let the user ask (ACL SETUSER … +strlen +hstrlen +scard +zcard)."_s);
}

Weighed weighLengths(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    if (sizes.contains(kUntold)) return {untold()};
    qint64 bytes = 0;
    for (const qint64 size : sizes)
        bytes += std::max<qint64>(0, size);
    if (bytes <= kMostValueBytes) return {std::nullopt, bytes};
    return {
        tooMuch(
            u"This would read %1 in %2 values in one go, more than %3 MB, and stop the server for others meanwhile; read them one by one%4."_s
                .arg(megabytes(static_cast<double>(bytes)))
                .arg(sizes.size())
                .arg(kMostValueBytes / (1024 * 1024))
                .arg(isWord(arguments.first(), "MGET") ? u", with GETRANGE key 0 4095"_s
                                                       : QString())),
        bytes};
}

constexpr double kEntryOnTheWire = 40;  ///< its id, and the signs of its parts

/// `sizes`: XLEN and the memory of each.
Weighed weighStreams(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    const auto counts = optionValues(arguments, "COUNT", 1);
    const qint64 count =
        counts.isEmpty() ? kMostElements : *std::max_element(counts.begin(), counts.end());
    double bytes = 0;
    double one = 0;
    qint64 entries = 0;
    for (qsizetype i = 0; i + 1 < sizes.size(); i += 2) {
        const double each = elementBytes({sizes[i], sizes[i + 1], -1});
        const qint64 some =
            sizes[i] == kUntold ? count : std::min(count, std::max<qint64>(0, sizes[i]));
        bytes += (each + kEntryOnTheWire) * static_cast<double>(some);
        entries += some;
        one += each;
    }
    if (entries > kMostElements)
        return {tooMuch(
            u"This would read %1 entries of %2 streams in one go, more than %3, and stop the server for others meanwhile; use COUNT %4."_s
                .arg(countText(entries))
                .arg(sizes.size() / 2)
                .arg(countText(kMostElements))
                .arg(std::max<qint64>(1, kMostElements / std::max<qint64>(1, sizes.size() / 2))))};
    if (bytes <= static_cast<double>(kMostValueBytes))
        return {{}, static_cast<qint64>(bytes), entries};
    const auto atOnce = static_cast<qint64>(static_cast<double>(kMostValueBytes) / one);
    return {
        tooMuch(
            u"Entries of %1 on average (MEMORY USAGE): this would read about %2 in one go, more than %3 MB, and stop the server for others meanwhile; %4"_s
                .arg(megabytes(one / static_cast<double>(std::max<qsizetype>(1, sizes.size() / 2))),
                     megabytes(bytes))
                .arg(kMostValueBytes / (1024 * 1024))
                .arg(atOnce > 0
                         ? u"use COUNT %1."_s.arg(atOnce)
                         : noPartOf(u"XINFO GROUPS and MEMORY USAGE say what can be said"_s))),
        static_cast<qint64>(bytes)};
}

/// What is known of the keys of SUNION, ZINTER … together.
struct Together {
    QVector<qint64> elements = {};
    QVector<qint64> memory = {};
    bool isUntold = false;  ///< of one of them the server keeps from this user how many
};

Together togetherOf(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    const qsizetype keys = summedKeys(arguments).size();
    const qsizetype step = keys > 0 ? sizes.size() / keys : 0;
    Together known;
    for (qsizetype i = 0; step > 0 && i + step <= sizes.size(); i += step) {
        const auto begin = sizes.begin() + i;
        const auto end = begin + step - 1;  // of a key that may be of two types one answer will do
        known.elements << *std::max_element(begin, end);
        if (known.elements.last() < 0 && std::count(begin, end, kUntold) > 0) known.isUntold = true;
        // A key that is not there has no memory to tell of.
        known.memory << (known.elements.last() == 0 ? 0 : sizes[i + step - 1]);
    }
    return known;
}

/// An intersection goes through the smallest and looks each up in the others.
qint64 walkedOf(const QVector<qint64>& elements, bool intersects) {
    QVector<qint64> known = elements;
    known.removeIf([](qint64 size) { return size < 0; });
    if (known.isEmpty()) return 0;
    if (intersects) return *std::min_element(known.begin(), known.end()) * elements.size();
    qint64 walked = 0;
    for (const qint64 size : std::as_const(known))
        walked += size;
    return walked;
}

/// No more than the smallest of an intersection, the first of a difference, all of a union.
qint64 returnedOf(const QByteArray& name, const QVector<qint64>& memory) {
    qint64 bytes = 0;
    if (name.endsWith("card") || memory.isEmpty()) return 0;
    if (name.contains("diff")) return std::max<qint64>(0, memory.first());
    QVector<qint64> known = memory;
    known.removeIf([](qint64 each) { return each < 0; });
    if (name.contains("inter"))
        return known.isEmpty() ? 0 : *std::min_element(known.begin(), known.end());
    for (const qint64 each : std::as_const(known))
        bytes += each;
    return bytes;
}

Weighed weighSets(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    const QByteArray name = arguments.first().toLower();
    const Together known = togetherOf(arguments, sizes);
    if (known.isUntold) return {untold()};
    const qint64 walked = walkedOf(known.elements, name.contains("inter"));
    const qint64 bytes = returnedOf(name, known.memory);
    if (walked <= kMostElements && bytes <= kMostValueBytes) return {std::nullopt, bytes, walked};
    return {
        tooMuch(
            u"This would go through %1 elements of %2 keys in one go%3, and stop the server for others meanwhile; read the keys with SSCAN or ZSCAN and compare them here."_s
                .arg(countText(walked))
                .arg(known.elements.size())
                .arg(walked > kMostElements ? u", more than %1"_s.arg(countText(kMostElements))
                                            : u" and read up to %1, more than %2 MB"_s
                                                  .arg(megabytes(static_cast<double>(bytes)))
                                                  .arg(kMostValueBytes / (1024 * 1024)))),
        bytes};
}

}  // namespace

QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments) {
    QVector<QByteArrayList> questions = lengthQuestions(arguments);
    for (const QByteArray& key : streamKeys(arguments))
        questions << QByteArrayList{"XLEN", key} << memoryQuestion(key);
    // The sorted ones take plain sets as well: whichever it is not answers with an error.
    const bool isSorted = arguments.value(0).toLower().startsWith('z');
    for (const QByteArray& key : summedKeys(arguments)) {
        questions << QByteArrayList{"SCARD", key};
        if (isSorted) questions << QByteArrayList{"ZCARD", key};
        questions << memoryQuestion(key);
    }
    return questions;
}

Weighed weighSum(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    if (!lengthQuestions(arguments).isEmpty()) return weighLengths(arguments, sizes);
    if (!streamKeys(arguments).isEmpty()) return weighStreams(arguments, sizes);
    return weighSets(arguments, sizes);
}

}  // namespace tocsin::redis
