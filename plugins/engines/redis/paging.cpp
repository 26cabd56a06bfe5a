#include "plugins/engines/redis/paging.h"

#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/commandline.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// "ZRANGE k 0 9 BYSCORE LIMIT 5 100" without its LIMIT.
QByteArrayList withoutLimit(QByteArrayList arguments) {
    for (qsizetype i = arguments.size() - 3; i >= 4; --i)
        if (isWord(arguments.at(i), "LIMIT")) arguments.remove(i, 3);
    return arguments;
}

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

bool canBeCut(const QByteArray& name) {
    static const QByteArrayList readers{"get",     "getrange", "substr", "lrange",   "xrange",
                                        "hgetall", "hkeys",    "hvals",  "smembers", "xrevrange"};
    static const QByteArrayList others{"zrandmember", "zrank", "zrevrank"};
    return readers.contains(name) || name.startsWith("geo") ||
           (name.startsWith("zr") && !others.contains(name));
}

}  // namespace

std::optional<Page> firstPage(const QByteArrayList& arguments, const SizeQuestion& question,
                              const KeyMeasure& measure) {
    const QByteArray name = arguments.first().toLower();
    const qint64 size = taken(question, measure.length);
    if (!canBeCut(name) || measure.length < 0 || question.of == SizeQuestion::Of::Area)
        return std::nullopt;
    if (question.of == SizeQuestion::Of::Names && size <= kMostElements) return std::nullopt;
    qint64 most = question.inBytes ? kMostValueBytes : kMostElements;
    const double each = question.inBytes ? 0 : elementBytes(question, measure);
    if (each > 0)
        most = std::min(most, static_cast<qint64>(static_cast<double>(kMostValueBytes) / each));
    if (size <= most || most == 0) return std::nullopt;
    if (name == "get" || question.range)
        return indexPage(arguments, question, measure.length, most);
    static const QByteArrayList byCursor{"hgetall", "hkeys", "hvals", "smembers"};
    if (byCursor.contains(name)) return scanPage(name, arguments.at(1), most);
    const QByteArray number = QByteArray::number(most);
    if (name.startsWith("geo"))  // it has no order to go on in; ANY: the rest is not gone through
        return Page{
            arguments + QByteArrayList{"COUNT", number, "ANY"}, {}, Page::Shape::Same, most};
    if (name.startsWith('x'))
        return Page{arguments + QByteArrayList{"COUNT", number}, u"%1"_s, Page::Shape::Same, most};
    const QByteArrayList bare = withoutLimit(arguments);
    const auto limited = [&](qint64 from) {
        return bare + QByteArrayList{"LIMIT", QByteArray::number(from), number};
    };
    return Page{limited(question.skipped), line(limited(question.skipped + most)),
                Page::Shape::Same, most};
}

QByteArrayList areaQuestion(const QByteArrayList& arguments) {
    static const QByteArrayList shown{"WITHCOORD", "WITHDIST", "WITHHASH", "ASC", "DESC"};
    QByteArrayList asked = arguments.first(std::min<qsizetype>(4, arguments.size()));
    for (qsizetype i = 4; i < arguments.size(); ++i)
        if (isWord(arguments.at(i), "COUNT"))
            ++i;
        else if (isWord(arguments.at(i), "FROMMEMBER"))  // a member may be called ASC
            asked << arguments.mid(i++, 2);
        else if (!shown.contains(arguments.at(i).toUpper()))
            asked << arguments.at(i);
    return asked + QByteArrayList{"COUNT", QByteArray::number(kMostElements + 1), "ANY"};
}

}  // namespace tocsin::redis
