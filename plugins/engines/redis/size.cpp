#include "plugins/engines/redis/size.h"

#include <QHash>
#include <QString>
#include <algorithm>
#include <limits>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/fewelements.h"
#include "sdk/figures.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// A command that returns a whole value, or goes through it.
struct Whole {
    const char* ask;
    bool inBytes;
    const char* pageBy;  ///< %1 is the key
    SizeQuestion::Of of = SizeQuestion::Of::Values;
};

const QHash<QByteArray, Whole>& wholes() {
    static const QHash<QByteArray, Whole> table{
        {"get", {"STRLEN", true, "GETRANGE %1 0 4095"}},
        {"hgetall", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"hkeys", {"HLEN", false, "HSCAN %1 0 COUNT 200", SizeQuestion::Of::Names}},
        {"hvals", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"smembers", {"SCARD", false, "SSCAN %1 0 COUNT 200"}},
    };
    return table;
}

/// Whether every `option` that is there asks for few elements; nothing when one does not, or there
/// is none. Else the largest.
std::optional<qint64> limitOf(const QByteArrayList& arguments, const char* option,
                              qsizetype behind) {
    const auto values = optionValues(arguments, option, 4, behind);
    const auto isFew = [](qint64 value) { return value >= 0 && value <= kMostElements; };
    if (values.isEmpty() || !std::all_of(values.begin(), values.end(), isFew)) return std::nullopt;
    return *std::max_element(values.begin(), values.end());
}

std::optional<std::pair<qint64, qint64>> indexes(const QByteArrayList& arguments) {
    bool firstOk = false;
    bool lastOk = false;
    const qint64 first = arguments.at(2).toLongLong(&firstOk);
    const qint64 last = arguments.at(3).toLongLong(&lastOk);
    return firstOk && lastOk ? std::optional(std::pair(first, last)) : std::nullopt;
}

/// Of any type, so only its memory is known; serialising it is as long as that.
SizeQuestion dumpQuestion(const QByteArray& key) {
    const QString shownKey = QString::fromUtf8(key);
    return {{"MEMORY", "USAGE", key},
            true,
            {},
            u"TYPE %1, then GETRANGE, HSCAN, SSCAN, LRANGE, ZRANGE or XRANGE"_s.arg(shownKey),
            shownKey};
}

/// The area may hold every member, and the server goes through all of it: to sort for the nearest,
/// too. Only COUNT … ANY stops at the first that it finds.
std::optional<SizeQuestion> geoQuestion(const QByteArray& name, const QByteArrayList& arguments) {
    static const QByteArrayList areas{"geosearch", "georadius_ro", "georadiusbymember_ro"};
    if (!areas.contains(name)) return std::nullopt;
    SizeQuestion question{{"ZCARD", arguments.at(1)},
                          false,
                          {},
                          u"the same command with COUNT 100 ANY"_s,
                          QString::fromUtf8(arguments.at(1))};
    question.atMost = limitOf(arguments, "COUNT", 1);
    bool isAny = false;
    for (qsizetype i = 4; i + 2 < arguments.size(); ++i)
        isAny = isAny || (isWord(arguments.at(i), "COUNT") && isWord(arguments.at(i + 2), "ANY"));
    if (question.atMost && !isAny) question.of = SizeQuestion::Of::Area;
    return question;
}

SizeQuestion streamQuestion(const QByteArray& name, const QByteArrayList& a) {
    const QString shownKey = QString::fromUtf8(a.at(1));
    SizeQuestion question{
        {"XLEN", a.at(1)},
        false,
        {},
        u"%1 %2 %3 %4 COUNT 100"_s.arg(QString::fromLatin1(name).toUpper(), shownKey,
                                       QString::fromUtf8(a.at(2)), QString::fromUtf8(a.at(3))),
        shownKey};
    question.atMost = limitOf(a, "COUNT", 1);
    return question;
}

SizeQuestion sortedQuestion(const QByteArray& name, const QByteArrayList& a) {
    const QByteArray& key = a.at(1);
    const QString shownKey = QString::fromUtf8(key);
    const bool byScore =
        name == "zrangebyscore" || name == "zrevrangebyscore" || hasWord(a, "BYSCORE", 4);
    const bool byLex = name == "zrangebylex" || name == "zrevrangebylex" || hasWord(a, "BYLEX", 4);
    if (!byScore && !byLex)
        return {{"ZCARD", key}, false, indexes(a), u"ZRANGE %1 0 99"_s.arg(shownKey), shownKey};
    const auto skips = optionValues(a, "LIMIT", 4);
    const bool reversed = name.startsWith("zrev") || hasWord(a, "REV", 4);
    const QByteArray& low = reversed ? a.at(3) : a.at(2);
    const QByteArray& high = reversed ? a.at(2) : a.at(3);
    SizeQuestion question{{byScore ? "ZCOUNT" : "ZLEXCOUNT", key, low, high},
                          false,
                          {},
                          u"the same command with LIMIT 0 100"_s,
                          shownKey,
                          skips.isEmpty() ? 0 : std::max<qint64>(0, skips.last())};
    question.atMost = limitOf(a, "LIMIT", 2);
    question.all = {"ZCARD", key};
    return question;
}

/// Nothing where the indexes are none: the server will say so.
std::optional<SizeQuestion> rangeQuestion(const QByteArray& name, const QByteArrayList& a) {
    const QString shownKey = QString::fromUtf8(a.at(1));
    static const QByteArrayList indexed{"lrange", "getrange", "substr"};
    if (indexed.contains(name) && !indexes(a)) return std::nullopt;
    if (name == "lrange")
        return SizeQuestion{
            {"LLEN", a.at(1)}, false, indexes(a), u"LRANGE %1 0 99"_s.arg(shownKey), shownKey};
    if (name == "getrange" || name == "substr")
        return SizeQuestion{
            {"STRLEN", a.at(1)}, true, indexes(a), u"GETRANGE %1 0 4095"_s.arg(shownKey), shownKey};
    if (name == "xrange" || name == "xrevrange") return streamQuestion(name, a);
    if (!name.startsWith("zr") || name == "zrandmember" || name == "zrank" || name == "zrevrank")
        return std::nullopt;
    const SizeQuestion question = sortedQuestion(name, a);
    const bool isIndexed = question.ask.first() == "ZCARD";
    return isIndexed && !question.range ? std::nullopt : std::optional(question);
}

bool asksMemory(const SizeQuestion& question) {
    return !question.inBytes && question.of != SizeQuestion::Of::Steps;
}

Error tooLarge(const QString& message) {
    return {ErrorCode::TooLarge, message, u"size-before-value"_s};
}

QString howToLook(const SizeQuestion& question) {
    if (question.ask.first() == "HLEN")
        return u"HKEYS %1 lists the fields, HSTRLEN %1 FIELD says how long each is"_s.arg(
            question.key);
    return u"%1 and MEMORY USAGE say how large the key is"_s.arg(
        QString::fromUtf8(question.ask.first()));
}

std::optional<Error> refuseBytes(const SizeQuestion& question, const KeyMeasure& measure) {
    const qint64 bytes = bytesOf(question, measure);
    if (bytes <= kMostValueBytes) return std::nullopt;
    const double each = elementBytes(question, measure);
    const auto atOnce = static_cast<qint64>(static_cast<double>(kMostValueBytes) / each);
    const bool isOne = question.isUneven && measure.length <= kFewUneven;
    const QString about =
        isOne ? u"The %1 fields of “%2” have %3 (MEMORY USAGE), and one may be most of that"_s
                    .arg(measure.length)
                    .arg(question.key, megabytes(each))
              : u"An element of “%1” has about %2 (MEMORY USAGE)"_s.arg(question.key,
                                                                        megabytes(each));
    return tooLarge(
        u"%1: this would read about %2 in one go, more than %3 MB, and stop the server for others meanwhile; %4"_s
            .arg(about, megabytes(static_cast<double>(bytes)))
            .arg(kMostValueBytes / (1024 * 1024))
            .arg(atOnce > 0 ? u"ask for %1 of them at once."_s.arg(atOnce)
                 : isOne    ? howToLook(question) + u", and HGET reads a short one."_s
                            : noPartOf(howToLook(question))));
}

/// What goes on in the server, whatever is returned.
std::optional<Error> refuseSteps(const SizeQuestion& question, qint64 length) {
    using Of = SizeQuestion::Of;
    if (question.of == Of::Steps && taken(question, length) > kMostPassed)
        return tooLarge(
            u"This would look through %1 elements of “%2” in one go, more than %3, and stop the server for others meanwhile; add MAXLEN %4, and RANK -1 to begin at the other end."_s
                .arg(countText(taken(question, length)), question.key, countText(kMostPassed))
                .arg(kMostPassed));
    if (question.of == Of::Area && length > kMostElements)
        return tooLarge(
            u"To find the nearest the server goes through the whole area, up to %1 members of “%2”; add ANY behind COUNT (some of the area, not the nearest), or run this command alone: the guard then counts first what is in the area."_s
                .arg(countText(length), question.key));
    return std::nullopt;
}

/// However large the key is, the command may ask for little by itself.
std::optional<Error> refuseUntold(const SizeQuestion& question) {
    using Of = SizeQuestion::Of;
    constexpr qint64 kEndless = std::numeric_limits<qint64>::max() / 4;
    const qint64 most = question.inBytes           ? kMostValueBytes
                        : question.of == Of::Steps ? kMostPassed
                                                   : kMostElements;
    if (question.of != Of::Area && taken(question, kEndless) <= most) return std::nullopt;
    const QString ask = QString::fromUtf8(question.ask.first());
    return tooLarge(
        u"The server does not tell this user how large “%1” is (%2), so nobody knows how long it would stop the server for others; let the user ask (ACL SETUSER … +%3), or ask for a part by numbers."_s
            .arg(question.key, ask, ask.toLower()));
}

}  // namespace

QString megabytes(double bytes) {
    return u"%1 MB"_s.arg(bytes / (1024.0 * 1024.0), 0, 'f', 1);
}

QString noPartOf(const QString& look) {
    return u"Redis reads no part of an element; %1. An unlock does not change this: redis-cli at a replica reads it without holding the primary up."_s
        .arg(look);
}

QByteArrayList memoryQuestion(const QByteArray& key) {
    return {"MEMORY", "USAGE", key, "SAMPLES", "100"};
}

std::optional<SizeQuestion> sizeQuestion(const QByteArrayList& arguments) {
    if (arguments.size() < 2) return std::nullopt;
    const QByteArray name = arguments.first().toLower();
    if (name == "dump") return dumpQuestion(arguments.at(1));
    if (name.startsWith("geo")) return geoQuestion(name, arguments);
    const auto whole = wholes().find(name);
    if (whole != wholes().end()) {
        const QString key = QString::fromUtf8(arguments.at(1));
        SizeQuestion question{{whole->ask, arguments.at(1)},
                              whole->inBytes,
                              {},
                              QString::fromLatin1(whole->pageBy).arg(key),
                              key};
        question.of = whole->of;
        question.isUneven = name.startsWith('h') && whole->of == SizeQuestion::Of::Values;
        return question;
    }
    if (auto few = fewQuestion(name, arguments)) return few;
    return arguments.size() < 4 ? std::nullopt : rangeQuestion(name, arguments);
}

QVector<QByteArrayList> commandsOf(const SizeQuestion& question) {
    QVector<QByteArrayList> commands{question.ask};
    if (asksMemory(question)) commands << memoryQuestion(question.ask.at(1));
    if (!question.all.isEmpty()) commands << question.all;
    return commands;
}

KeyMeasure measureOf(const SizeQuestion& question, const QVector<qint64>& answers) {
    KeyMeasure measure{answers.value(0, -1), -1, -1};
    if (asksMemory(question)) measure.memory = std::max<qint64>(-1, answers.value(1, -1));
    if (!question.all.isEmpty()) measure.all = answers.last();
    return measure;
}

qint64 taken(const SizeQuestion& question, qint64 length) {
    if (question.repeats) return length > 0 ? question.atMost.value_or(0) : 0;
    const qint64 most = question.atMost.value_or(length);
    if (!question.range) return std::min(most, std::max<qint64>(0, length - question.skipped));
    const auto fromStart = [length](qint64 index) {
        return index < 0 ? std::max<qint64>(0, index + length) : index;
    };
    const qint64 first = fromStart(question.range->first);
    const qint64 lastTyped = question.range->second;
    if (lastTyped < 0 && lastTyped + length < 0) return 0;
    const qint64 last = std::min(fromStart(lastTyped), length - 1);
    return std::min(most, std::max<qint64>(0, last - first + 1));
}

double elementBytes(const KeyMeasure& measure) {
    const qint64 elements = measure.all >= 0 ? measure.all : measure.length;
    if (elements <= 0 || measure.memory <= 0) return 0;
    return static_cast<double>(measure.memory) / static_cast<double>(elements);
}

double elementBytes(const SizeQuestion& question, const KeyMeasure& measure) {
    return question.isUneven && measure.length > 0 && measure.length <= kFewUneven
               ? static_cast<double>(std::max<qint64>(0, measure.memory))
               : elementBytes(measure);
}

qint64 bytesOf(const SizeQuestion& question, const KeyMeasure& measure) {
    using Of = SizeQuestion::Of;
    if (measure.length < 0 || question.of == Of::Steps) return 0;
    const qint64 size = taken(question, measure.length);
    if (question.inBytes) return size;
    // The names are a small part of what a hash holds, as a rule.
    if (question.of == Of::Names && size <= kMostElements && !question.repeats) return 0;
    const auto bytes =
        static_cast<qint64>(static_cast<double>(size) * elementBytes(question, measure));
    return question.isUneven && !question.repeats ? std::min(bytes, measure.memory) : bytes;
}

std::optional<Error> refuseSize(const SizeQuestion& question, const KeyMeasure& measure) {
    if (measure.length == kUntold) return refuseUntold(question);
    if (measure.length < 0) return std::nullopt;
    if (auto steps = refuseSteps(question, measure.length)) return steps;
    if (question.of == SizeQuestion::Of::Steps) return std::nullopt;
    const qint64 size = taken(question, measure.length);
    if (size <= (question.inBytes ? kMostValueBytes : kMostElements))
        return question.inBytes ? std::nullopt : refuseBytes(question, measure);
    const QString much = question.inBytes ? megabytes(static_cast<double>(size))
                                          : u"%1 elements"_s.arg(countText(size));
    const QString most = question.inBytes ? u"%1 MB"_s.arg(kMostValueBytes / (1024 * 1024))
                                          : countText(kMostElements);
    const bool isField = question.ask.first() == "HSTRLEN";
    return tooLarge(
        u"This would read %1 of “%2” in one go, more than %3, and stop the server for others meanwhile; %4"_s
            .arg(much, question.key, most,
                 isField ? noPartOf(question.pageBy) : u"page with: "_s + question.pageBy));
}

}  // namespace tocsin::redis
