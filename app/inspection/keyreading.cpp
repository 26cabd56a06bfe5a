#include "inspection/keyreading.h"

#include <algorithm>

#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 kPage = 200;
constexpr qint64 kStringPage = 64LL * 1024;
constexpr qint64 kEntries = 50;
constexpr double kPageBytes = 8.0 * 1024 * 1024;

qint64 number(ReplyView reply, std::size_t at) {
    return at < reply.children().size() && !reply.children()[at].isError()
               ? reply.children()[at].text().toLongLong()
               : -1;
}

QByteArray text(ReplyView reply, std::size_t at) {
    return at < reply.children().size() && !reply.children()[at].isError()
               ? reply.children()[at].text()
               : QByteArray();
}

/// "a", "b" of RESP2 as well as ["a", "b"] of RESP3, and maps.
QVector<QByteArray> flat(ReplyView reply) {
    QVector<QByteArray> out;
    for (const ReplyView child : reply.children()) {
        if (!child.isAggregate()) out << child.text();
        for (const ReplyView inner : child.children())
            out << inner.text();
    }
    return out;
}

void addPairs(ValuePage& page, ReplyView reply) {
    const auto values = flat(reply);
    for (qsizetype i = 0; i + 1 < values.size(); i += 2)
        page.rows << QVector<QByteArray>{values[i], values[i + 1]};
}

void addMembers(ValuePage& page, ReplyView reply, qint64 from, bool numbered) {
    for (const ReplyView member : reply.children()) {
        QVector<QByteArray> row{member.text()};
        if (numbered) row.prepend(QByteArray::number(from + page.rows.size()));
        page.rows << row;
    }
}

void addEntries(ValuePage& page, ReplyView reply) {
    for (const ReplyView entry : reply.children()) {
        if (entry.children().size() < 2) continue;
        QByteArray fields;
        const auto values = flat(entry.children()[1]);
        for (qsizetype i = 0; i + 1 < values.size(); i += 2)
            fields += (i ? "  " : "") + values[i] + '=' + values[i + 1];
        page.rows << QVector<QByteArray>{entry.children()[0].text(), fields};
    }
}

/// Fewer of large elements: the guard refuses a page of more than 16 MB, by the same average.
qint64 pageOf(const KeyFacts& facts, qint64 most) {
    if (facts.size <= 0 || static_cast<double>(facts.memory) <= kPageBytes) return most;
    const double each = static_cast<double>(facts.memory) / static_cast<double>(facts.size);
    return std::clamp<qint64>(static_cast<qint64>(kPageBytes / each), 1, most);
}

/// As one of several it is answered or refused as typed; alone it might be cut.
QString pair(const QStringList& words) {
    return words.join(u' ') + u"\nPING"_s;
}

}  // namespace

QString factsScript(const QByteArray& key, bool withMemory) {
    const QString word = redisWord(key);
    QString script;
    for (const char* ask :
         {"TYPE", "PTTL", "OBJECT ENCODING", "STRLEN", "LLEN", "HLEN", "SCARD", "ZCARD", "XLEN"})
        script += QLatin1String(ask) + u' ' + word + u'\n';
    return withMemory ? script + u"MEMORY USAGE "_s + word : script;
}

KeyFacts readFacts(const QByteArray& key, ReplyView reply) {
    KeyFacts facts;
    facts.key = key;
    facts.type = QString::fromUtf8(text(reply, 0));
    facts.expiresIn = number(reply, 1);
    facts.encoding = QString::fromUtf8(text(reply, 2));
    // Only the question that fits the type is answered; the others say WRONGTYPE.
    for (std::size_t at = 3; at < 9; ++at)
        facts.size = std::max(facts.size, number(reply, at));
    if (reply.children().size() > 9) facts.memory = number(reply, 9);
    return facts;
}

QString valueScript(const KeyFacts& facts, const ValuePosition& at) {
    const QString key = redisWord(facts.key);
    const QString first = QString::number(at.from);
    const QString last = QString::number(at.from + pageOf(facts, kPage) - 1);
    const QString count = QString::number(pageOf(facts, kPage));
    if (facts.type == u"string")
        return pair({u"GETRANGE"_s, key, first, QString::number(at.from + kStringPage - 1)});
    if (facts.type == u"list") return pair({u"LRANGE"_s, key, first, last});
    if (facts.type == u"zset") return pair({u"ZRANGE"_s, key, first, last, u"WITHSCORES"_s});
    const QString cursor =
        QString::fromLatin1(at.cursor.isEmpty() ? QByteArrayLiteral("0") : at.cursor);
    if (facts.type == u"hash") return pair({u"HSCAN"_s, key, cursor, u"COUNT"_s, count});
    if (facts.type == u"set") return pair({u"SSCAN"_s, key, cursor, u"COUNT"_s, count});
    if (facts.type != u"stream") return {};
    const QString newest = at.cursor.isEmpty() ? u"+"_s : u'(' + cursor;
    return u"XREVRANGE "_s + key + u' ' + newest + u" - COUNT "_s +
           QString::number(pageOf(facts, kEntries)) + u"\nXINFO GROUPS "_s + key;
}

Result<ValuePage> readValue(const KeyFacts& facts, const ValuePosition& at, ReplyView reply) {
    ValuePage page;
    if (reply.children().empty()) return page;
    const ReplyView first = reply.children().front();
    if (first.isError())
        return fail(ErrorCode::Refused, u"The server does not give the value: %1"_s.arg(
                                            QString::fromUtf8(first.text())));
    const auto follows = [&facts, &at](qint64 step) -> std::optional<ValuePosition> {
        if (at.from + step >= facts.size) return std::nullopt;
        return ValuePosition{at.from + step, {}};
    };
    if (facts.type == u"string") {
        page.columns = {u"value"_s};
        page.rows << QVector<QByteArray>{first.text()};
        page.next = follows(kStringPage);
    } else if (facts.type == u"list") {
        page.columns = {u"#"_s, u"value"_s};
        addMembers(page, first, at.from, true);
        page.next = follows(pageOf(facts, kPage));
    } else if (facts.type == u"zset") {
        page.columns = {u"member"_s, u"score"_s};
        addPairs(page, first);
        page.next = follows(pageOf(facts, kPage));
    } else if (facts.type == u"stream") {
        page.columns = {u"id"_s, u"fields"_s};
        addEntries(page, first);
        if (page.rows.size() == pageOf(facts, kEntries))
            page.next = ValuePosition{0, page.rows.last().first()};
    } else if (first.children().size() == 2) {
        const bool isHash = facts.type == u"hash";
        page.columns = isHash ? QStringList{u"field"_s, u"value"_s} : QStringList{u"member"_s};
        isHash ? addPairs(page, first.children()[1])
               : addMembers(page, first.children()[1], 0, false);
        if (first.children()[0].text() != "0")
            page.next = ValuePosition{0, first.children()[0].text()};
    }
    return page;
}

ValuePage readGroups(ReplyView reply) {
    ValuePage page;
    page.columns = {u"group"_s, u"consumers"_s, u"pending"_s, u"last delivered"_s, u"lag"_s};
    if (reply.children().size() < 2) return page;
    for (const ReplyView group : reply.children()[1].children()) {
        const auto value = [&group](QByteArrayView name) {
            for (std::size_t i = 0; i + 1 < group.children().size(); i += 2)
                if (group.children()[i].text() == name) return group.children()[i + 1].text();
            return QByteArray();
        };
        page.rows << QVector<QByteArray>{value("name"), value("consumers"), value("pending"),
                                         value("last-delivered-id"), value("lag")};
    }
    return page;
}

namespace {

constexpr qsizetype kMostGroups = 20;

QByteArray named(ReplyView map, QByteArrayView name) {
    const ReplyChildren all = map.children();
    for (std::size_t i = 0; i + 1 < all.size(); i += 2)
        if (all[i].bytes() == name) return all[i + 1].text();
    return {};
}

QByteArray spanText(const QByteArray& milliseconds) {
    const qint64 seconds = milliseconds.toLongLong() / 1000;
    if (seconds < 120) return QByteArray::number(seconds) + " s";
    if (seconds < 7200) return QByteArray::number(seconds / 60) + " min";
    return QByteArray::number(seconds / 3600) + " h";
}

/// [[id, consumer, idle ms, deliveries]] of XPENDING … - + 1.
QByteArray oldestText(ReplyView pending) {
    if (pending.children().empty()) return {};
    const ReplyChildren entry = pending.children().front().children();
    if (entry.size() < 4) return {};
    return spanText(entry[2].text()) + " by " + entry[1].text() + ", delivered " + entry[3].text() +
           "×";
}

}  // namespace

QString consumersScript(const QByteArray& key, const ValuePage& groups) {
    QString script;
    for (const auto& group : groups.rows.mid(0, kMostGroups)) {
        const QString both = redisWord(key) + u' ' + redisWord(group.value(0));
        script += u"XINFO CONSUMERS %1\nXPENDING %1 - + 1\n"_s.arg(both);
    }
    return script;
}

ValuePage readConsumers(const ValuePage& groups, ReplyView reply) {
    ValuePage page;
    page.columns = {u"group"_s,          u"consumer"_s,       u"pending"_s, u"idle"_s,
                    u"oldest pending"_s, u"last delivered"_s, u"lag"_s};
    const ReplyChildren answers = reply.children();
    for (qsizetype i = 0; i < groups.rows.size(); ++i) {
        const auto& group = groups.rows[i];
        const auto at = static_cast<std::size_t>(i) * 2;
        const bool isKnown = at + 1 < answers.size();
        page.rows << QVector<QByteArray>{group.value(0),
                                         group.value(1) + " in all",
                                         group.value(2),
                                         {},
                                         isKnown ? oldestText(answers[at + 1]) : QByteArray(),
                                         group.value(3),
                                         group.value(4)};
        if (!isKnown) continue;
        for (const ReplyView consumer : answers[at].children())
            page.rows << QVector<QByteArray>{group.value(0),
                                             named(consumer, "name"),
                                             named(consumer, "pending"),
                                             spanText(named(consumer, "idle")),
                                             {},
                                             {},
                                             {}};
    }
    return page;
}

}  // namespace tocsin::inspection
