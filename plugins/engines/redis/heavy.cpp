#include "plugins/engines/redis/heavy.h"

#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/size.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 kLargestDrawing = 100;
constexpr qint64 kMostSlowCommands = 2'000;

Verdict heavy(const QString& reason, const QString& remedy) {
    return {Effect::Unproven, u"heavy-arguments"_s, reason, remedy};
}

/// XREAD's options stand before the word STREAMS, and keys that may be called COUNT behind it.
QByteArrayList streamOptions(const QByteArrayList& arguments) {
    QByteArrayList options;
    for (const QByteArray& argument : arguments) {
        if (isWord(argument, "STREAMS")) break;
        options << argument;
    }
    return options;
}

bool readsFew(const QByteArrayList& options) {
    const auto counts = optionValues(options, "COUNT", 1);
    const auto isFew = [](qint64 count) { return count > 0 && count <= kMostElements; };
    return !counts.isEmpty() && std::all_of(counts.begin(), counts.end(), isFew);
}

std::optional<Verdict> heavyScan(const QByteArray& leaf, const QByteArrayList& arguments) {
    for (const qint64 count : optionValues(arguments, "COUNT", leaf == "scan" ? 2 : 3))
        if (count > kMostElements)
            return heavy(
                u"COUNT %1 walks that many in one go and stops the server meanwhile."_s.arg(count),
                u"Use COUNT 200 to 1000 and follow the cursor."_s);
    return std::nullopt;
}

std::optional<Verdict> heavyRead(const QByteArrayList& arguments) {
    const QByteArrayList options = streamOptions(arguments);
    if (hasWord(options, "BLOCK"))
        return Verdict{Effect::Unproven, u"blocking"_s, u"XREAD BLOCK waits on the server."_s,
                       u"Leave BLOCK out, or use XREVRANGE key + - COUNT 20."_s};
    if (readsFew(options)) return std::nullopt;
    return heavy(u"XREAD without a COUNT of at most %1 returns everything after the id."_s.arg(
                     kMostElements),
                 u"Add COUNT 100."_s);
}

/// XPENDING key group [IDLE ms] start end count [consumer]: the count may stand in two places.
std::optional<Verdict> heavyPending(const QByteArrayList& arguments) {
    const qsizetype at = arguments.size() > 3 && isWord(arguments.at(3), "IDLE") ? 7 : 5;
    const qint64 count = arguments.value(at).toLongLong();
    if (count <= kMostElements) return std::nullopt;
    return heavy(
        u"XPENDING with a count of %1 lists that many in one go."_s.arg(count),
        u"Ask for at most %1, and go on behind the last id: XPENDING key group (id + 100."_s.arg(
            kMostElements));
}

/// XINFO STREAM key FULL [COUNT n]: ten entries and pending ones where nothing is said; 0 is all.
std::optional<Verdict> heavyStream(const QByteArrayList& arguments) {
    if (!hasWord(arguments, "FULL", 3)) return std::nullopt;
    for (const qint64 count : optionValues(arguments, "COUNT", 4))
        if (count <= 0 || count > kMostElements)
            return heavy(
                u"XINFO STREAM FULL with COUNT %1 writes out the whole stream and every "
                "group's pending entries."_s.arg(count),
                u"Leave COUNT out, or use COUNT 100."_s);
    return std::nullopt;
}

/// A log may be made as long as one likes; below 0 it is all of it.
std::optional<Verdict> heavyLog(const QByteArrayList& arguments) {
    const qint64 count = arguments.value(2).toLongLong();
    if (count >= 0 && count <= kMostSlowCommands) return std::nullopt;
    return heavy(
        u"SLOWLOG GET %1 writes out the whole log in one go."_s.arg(count),
        u"Ask for at most %1; SLOWLOG LEN says how many there are."_s.arg(kMostSlowCommands));
}

std::optional<Verdict> heavyMeasure(const QByteArrayList& arguments) {
    for (const qint64 samples : optionValues(arguments, "SAMPLES", 3))
        if (samples <= 0 || samples > 1000)
            return heavy(u"SAMPLES %1 measures every element in one go."_s.arg(samples),
                         u"Leave SAMPLES out: the server then takes five samples."_s);
    return std::nullopt;
}

std::optional<Verdict> heavyRandom(const QByteArray& leaf, const QByteArrayList& arguments) {
    const qint64 count = arguments.value(2).toLongLong();
    if (count <= kMostElements && count >= -kMostElements) return std::nullopt;
    return heavy(u"%1 with a count of %2 builds that many elements in one go."_s
                     .arg(QString::fromLatin1(leaf).toUpper())
                     .arg(count),
                 u"Ask for at most %1."_s.arg(kMostElements));
}

/// The first of LIMIT's numbers is passed over one by one.
std::optional<Verdict> heavyLimit(const QByteArrayList& arguments) {
    for (const qint64 skipped : optionValues(arguments, "LIMIT", 4))
        if (skipped < 0 || skipped > kMostPassed)  // below 0 the server passes over all of them
            return heavy(
                u"LIMIT %1 passes over %2 members one by one and stops the server meanwhile."_s
                    .arg(skipped)
                    .arg(skipped < 0 ? u"all"_s : u"that many"_s),
                u"Begin the range at the last score or member that was read, with LIMIT 0 100."_s);
    return std::nullopt;
}

/// LOLWUT VERSION 5 columns squares …: a drawing of any size.
std::optional<Verdict> heavyDrawing(const QByteArrayList& arguments) {
    for (const QByteArray& argument : arguments.mid(1))
        if (argument.toLongLong() > kLargestDrawing)
            return heavy(u"LOLWUT draws a picture of that size in one go."_s,
                         u"Run LOLWUT alone."_s);
    return std::nullopt;
}

}  // namespace

std::optional<Verdict> heavyArguments(const QByteArray& leaf, const QByteArrayList& arguments) {
    if (leaf == "scan" || leaf == "sscan" || leaf == "hscan" || leaf == "zscan")
        return heavyScan(leaf, arguments);
    if (leaf == "xread") return heavyRead(arguments);
    if (leaf == "lolwut") return heavyDrawing(arguments);
    if (leaf == "xpending") return heavyPending(arguments);
    if (leaf == "xinfo|stream") return heavyStream(arguments);
    if (leaf == "slowlog|get") return heavyLog(arguments);
    if (leaf == "memory|usage") return heavyMeasure(arguments);
    if (leaf == "srandmember" || leaf == "hrandfield" || leaf == "zrandmember")
        return heavyRandom(leaf, arguments);
    if (leaf.startsWith("zrange") || leaf.startsWith("zrevrange")) return heavyLimit(arguments);
    return std::nullopt;
}

}  // namespace tocsin::redis
