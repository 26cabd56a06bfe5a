#include "plugins/engines/redis/size.h"

#include <QHash>
#include <QLocale>
#include <QString>
#include <algorithm>

#include "plugins/engines/redis/commandline.h"

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
        {"dump", {"STRLEN", true, "GETRANGE %1 0 4095"}},
        {"hgetall", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"hkeys", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"hvals", {"HLEN", false, "HSCAN %1 0 COUNT 200"}},
        {"smembers", {"SCARD", false, "SSCAN %1 0 COUNT 200"}},
    };
    return table;
}

bool isWord(const QByteArray& argument, const char* word) {
    return argument.compare(word, Qt::CaseInsensitive) == 0;
}

/// Whether every `option` that is there asks for few elements; false when there is none.
bool limits(const QByteArrayList& arguments, const char* option, qsizetype behind) {
    const auto values = optionValues(arguments, option, 4, behind);
    const auto isFew = [](qint64 value) { return value >= 0 && value <= kMostElements; };
    return !values.isEmpty() && std::all_of(values.begin(), values.end(), isFew);
}

/// "ZRANGE k 0 9 BYSCORE LIMIT 5 100" without its LIMIT.
QByteArrayList withoutLimit(QByteArrayList arguments) {
    for (qsizetype i = arguments.size() - 3; i >= 4; --i)
        if (isWord(arguments.at(i), "LIMIT")) arguments.remove(i, 3);
    return arguments;
}

std::optional<std::pair<qint64, qint64>> indexes(const QByteArrayList& arguments) {
    bool firstOk = false;
    bool lastOk = false;
    const qint64 first = arguments.at(2).toLongLong(&firstOk);
    const qint64 last = arguments.at(3).toLongLong(&lastOk);
    return firstOk && lastOk ? std::optional(std::pair(first, last)) : std::nullopt;
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

namespace {

QString line(const QByteArrayList& arguments) {
    CommandLine line;
    line.arguments = arguments;
    return line.text();
}

Page indexPage(const QByteArrayList& arguments, const SizeQuestion& question, qint64 length,
               qint64 most) {
    const auto [typedFirst, typedLast] = question.range.value_or(std::pair<qint64, qint64>(0, -1));
    const qint64 first = typedFirst < 0 ? std::max<qint64>(0, typedFirst + length) : typedFirst;
    QByteArrayList now = arguments;
    QByteArrayList next = arguments;
    if (arguments.size() < 4) {  // GET becomes GETRANGE
        now = {"GETRANGE", arguments.at(1), {}, {}};
        next = {"GETRANGE", arguments.at(1), {}, "-1"};
    }
    now[2] = QByteArray::number(first);
    now[3] = QByteArray::number(first + most - 1);
    next[2] = QByteArray::number(first + most);
    next[3] = QByteArray::number(typedLast);
    return {now, line(next), Page::Shape::Same, most};
}

Page scanPage(const QByteArray& name, const QByteArray& key, qint64 most) {
    const QByteArray count = QByteArray::number(std::min<qint64>(most, 1000));
    const QByteArray command = name == "smembers" ? "SSCAN" : "HSCAN";
    using Shape = Page::Shape;
    const Shape shape = name == "smembers" ? Shape::Members
                        : name == "hkeys"  ? Shape::Keys
                        : name == "hvals"  ? Shape::Values
                                           : Shape::Fields;
    // The cursor is a number: it stands in the text as it is.
    const QString next = line({command, key}) + u" %1 COUNT "_s + QString::fromLatin1(count);
    return {{command, key, "0", "COUNT", count}, next, shape, std::min<qint64>(most, 1000)};
}

}  // namespace

std::optional<Page> firstPage(const QByteArrayList& arguments, const SizeQuestion& question,
                              qint64 length, qint64 memory) {
    qint64 most = question.inBytes ? kMostValueBytes : kMostElements;
    if (!question.inBytes && length > 0 && memory > kMostValueBytes)
        most = std::clamp<qint64>(kMostValueBytes * length / memory, 1, kMostElements);
    const qint64 size = taken(question, length);
    if (size <= most) return std::nullopt;
    const QByteArray name = arguments.first().toLower();
    if (name == "dump") return std::nullopt;
    if (name == "get" || question.range) return indexPage(arguments, question, length, most);
    if (wholes().contains(name)) return scanPage(name, arguments.at(1), most);
    const QByteArray number = QByteArray::number(most);
    if (name.startsWith('x'))
        return Page{arguments + QByteArrayList{"COUNT", number}, u"%1"_s, Page::Shape::Same, most};
    const QByteArrayList bare = withoutLimit(arguments);
    const auto limited = [&](qint64 from) {
        return bare + QByteArrayList{"LIMIT", QByteArray::number(from), number};
    };
    return Page{limited(question.skipped), line(limited(question.skipped + most)),
                Page::Shape::Same, most};
}

namespace {

QString spaced(qint64 number) {
    QLocale c = QLocale::c();
    c.setNumberOptions(QLocale::DefaultNumberOptions);  // the C locale leaves groups out
    return c.toString(number).replace(u',', u' ');
}

}  // namespace

std::optional<Error> refuseSize(const SizeQuestion& question, qint64 length) {
    const qint64 size = taken(question, length);
    if (size <= (question.inBytes ? kMostValueBytes : kMostElements)) return std::nullopt;
    const QString much =
        question.inBytes ? u"%1 MB"_s.arg(static_cast<double>(size) / (1024.0 * 1024.0), 0, 'f', 1)
                         : u"%1 elements"_s.arg(spaced(size));
    const QString most =
        question.inBytes ? u"%1 MB"_s.arg(kMostValueBytes / (1024 * 1024)) : spaced(kMostElements);
    return Error{
        ErrorCode::TooLarge,
        u"This would read %1 of “%2” in one go, more than %3, and stop the server for others meanwhile; page with: %4"_s
            .arg(much, question.key, most, question.pageBy),
        u"size-before-value"_s};
}

namespace {

/// The keys of SUNION k k, ZUNION 2 k k …; none for other commands.
QByteArrayList summedKeys(const QByteArrayList& arguments) {
    static const QByteArrayList bare{"sunion", "sinter", "sdiff"};
    static const QByteArrayList counted{"zunion", "zinter", "zdiff", "sintercard", "zintercard"};
    const QByteArray name = arguments.value(0).toLower();
    if (bare.contains(name)) return arguments.mid(1);
    return counted.contains(name) ? arguments.mid(2, arguments.value(1).toInt()) : QByteArrayList();
}

}  // namespace

QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments) {
    QVector<QByteArrayList> questions;
    // The sorted ones take plain sets as well: whichever it is not answers with an error.
    const bool isSorted = arguments.value(0).toLower().startsWith('z');
    for (const QByteArray& key : summedKeys(arguments)) {
        questions << QByteArrayList{"SCARD", key};
        if (isSorted) questions << QByteArrayList{"ZCARD", key};
    }
    return questions;
}

std::optional<Error> refuseSum(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    const auto keys = summedKeys(arguments).size();
    QVector<qint64> known = sizes;
    known.removeIf([](qint64 size) { return size < 0; });
    if (keys == 0 || known.isEmpty()) return std::nullopt;
    // An intersection goes through the smallest and looks each up in the others.
    const bool intersects = arguments.first().toLower().contains("inter");
    qint64 walked = intersects ? *std::min_element(known.begin(), known.end()) * keys : 0;
    for (const qint64 size : std::as_const(known))
        if (!intersects) walked += size;
    if (walked <= kMostElements) return std::nullopt;
    return Error{
        ErrorCode::TooLarge,
        u"This would go through %1 elements of %2 keys in one go, more than %3, and stop the server for others meanwhile; read the keys with SSCAN or ZSCAN and compare them here."_s
            .arg(spaced(walked))
            .arg(keys)
            .arg(spaced(kMostElements)),
        u"size-before-value"_s};
}

bool hasWord(const QByteArrayList& arguments, const char* word, qsizetype from) {
    for (qsizetype i = from; i < arguments.size(); ++i)
        if (isWord(arguments.at(i), word)) return true;
    return false;
}

QVector<qint64> optionValues(const QByteArrayList& arguments, const char* option, qsizetype from,
                             qsizetype behind) {
    QVector<qint64> values;
    for (qsizetype i = from; i + behind < arguments.size(); ++i) {
        bool isNumber = false;
        const qint64 value = arguments.at(i + behind).toLongLong(&isNumber);
        if (isNumber && isWord(arguments.at(i), option)) values << value;
    }
    return values;
}

}  // namespace tocsin::redis
