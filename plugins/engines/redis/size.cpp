#include "plugins/engines/redis/size.h"

#include <QHash>
#include <QString>
#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "sdk/figures.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// A command that returns a whole value.
struct Whole {
    const char* ask;
    bool inBytes;
    const char* pageBy;  ///< %1 is the key
};

const QHash<QByteArray, Whole>& wholes() {
    static const QHash<QByteArray, Whole> table{
        {"get", {"STRLEN", true, "GETRANGE %1 0 4095"}},
        {"hgetall", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"hkeys", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"hvals", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"smembers", {"SCARD", false, "SSCAN %1 0 COUNT 200"}},
    };
    return table;
}

/// Whether every `option` that is there asks for few elements; false when there is none.
bool limits(const QByteArrayList& arguments, const char* option, qsizetype behind) {
    const auto values = optionValues(arguments, option, 4, behind);
    const auto isFew = [](qint64 value) { return value >= 0 && value <= kMostElements; };
    return !values.isEmpty() && std::all_of(values.begin(), values.end(), isFew);
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

/// The area may hold every member.
std::optional<SizeQuestion> geoQuestion(const QByteArray& name, const QByteArrayList& arguments) {
    static const QByteArrayList areas{"geosearch", "georadius_ro", "georadiusbymember_ro"};
    if (!areas.contains(name) || limits(arguments, "COUNT", 1)) return std::nullopt;
    return SizeQuestion{{"ZCARD", arguments.at(1)},
                        false,
                        {},
                        u"the same command with COUNT 100"_s,
                        QString::fromUtf8(arguments.at(1))};
}

std::optional<SizeQuestion> rangeQuestion(const QByteArray& name, const QByteArrayList& a) {
    const QByteArray& key = a.at(1);
    const QString shownKey = QString::fromUtf8(key);
    const bool byScore =
        name == "zrangebyscore" || name == "zrevrangebyscore" || hasWord(a, "BYSCORE", 4);
    const bool byLex = name == "zrangebylex" || name == "zrevrangebylex" || hasWord(a, "BYLEX", 4);
    if (name == "lrange")
        return SizeQuestion{
            {"LLEN", key}, false, indexes(a), u"LRANGE %1 0 99"_s.arg(shownKey), shownKey};
    if (name == "getrange" || name == "substr")
        return SizeQuestion{
            {"STRLEN", key}, true, indexes(a), u"GETRANGE %1 0 4095"_s.arg(shownKey), shownKey};
    if (name == "xrange" || name == "xrevrange") {
        if (limits(a, "COUNT", 1)) return std::nullopt;
        return SizeQuestion{
            {"XLEN", key},
            false,
            {},
            u"%1 %2 %3 %4 COUNT 100"_s.arg(QString::fromLatin1(name).toUpper(), shownKey,
                                           QString::fromUtf8(a.at(2)), QString::fromUtf8(a.at(3))),
            shownKey};
    }
    if (!name.startsWith("zr") || name == "zrandmember" || name == "zrank" || name == "zrevrank")
        return std::nullopt;
    if (byScore || byLex) {
        if (limits(a, "LIMIT", 2)) return std::nullopt;
        const auto skips = optionValues(a, "LIMIT", 4);
        const bool reversed = name.startsWith("zrev") || hasWord(a, "REV", 4);
        const QByteArray& low = reversed ? a.at(3) : a.at(2);
        const QByteArray& high = reversed ? a.at(2) : a.at(3);
        return SizeQuestion{{byScore ? "ZCOUNT" : "ZLEXCOUNT", key, low, high},
                            false,
                            {},
                            u"the same command with LIMIT 0 100"_s,
                            shownKey,
                            skips.isEmpty() ? 0 : std::max<qint64>(0, skips.last())};
    }
    return SizeQuestion{
        {"ZCARD", key}, false, indexes(a), u"ZRANGE %1 0 99"_s.arg(shownKey), shownKey};
}

}  // namespace

std::optional<SizeQuestion> sizeQuestion(const QByteArrayList& arguments) {
    if (arguments.size() < 2) return std::nullopt;
    const QByteArray name = arguments.first().toLower();
    if (name == "dump") return dumpQuestion(arguments.at(1));
    if (name.startsWith("geo")) return geoQuestion(name, arguments);
    const auto whole = wholes().find(name);
    if (whole != wholes().end()) {
        const QString key = QString::fromUtf8(arguments.at(1));
        return SizeQuestion{{whole->ask, arguments.at(1)},
                            whole->inBytes,
                            {},
                            QString::fromLatin1(whole->pageBy).arg(key),
                            key};
    }
    return arguments.size() < 4 ? std::nullopt : rangeQuestion(name, arguments);
}

bool isBounded(const SizeQuestion& question) {
    if (!question.range || question.inBytes) return false;
    const auto [first, last] = *question.range;
    return (first < 0) == (last < 0) && last - first < kMostElements;
}

qint64 taken(const SizeQuestion& question, qint64 length) {
    if (!question.range) return std::max<qint64>(0, length - question.skipped);
    const auto fromStart = [length](qint64 index) {
        return index < 0 ? std::max<qint64>(0, index + length) : index;
    };
    const qint64 first = fromStart(question.range->first);
    const qint64 lastTyped = question.range->second;
    if (lastTyped < 0 && lastTyped + length < 0) return 0;
    const qint64 last = std::min(fromStart(lastTyped), length - 1);
    return std::max<qint64>(0, last - first + 1);
}

std::optional<Error> refuseSize(const SizeQuestion& question, qint64 length) {
    const qint64 size = taken(question, length);
    if (size <= (question.inBytes ? kMostValueBytes : kMostElements)) return std::nullopt;
    const QString much =
        question.inBytes ? u"%1 MB"_s.arg(static_cast<double>(size) / (1024.0 * 1024.0), 0, 'f', 1)
                         : u"%1 elements"_s.arg(countText(size));
    const QString most = question.inBytes ? u"%1 MB"_s.arg(kMostValueBytes / (1024 * 1024))
                                          : countText(kMostElements);
    return Error{
        ErrorCode::TooLarge,
        u"This would read %1 of “%2” in one go, more than %3, and stop the server for others meanwhile; page with: %4"_s
            .arg(much, question.key, most, question.pageBy),
        u"size-before-value"_s};
}

}  // namespace tocsin::redis
