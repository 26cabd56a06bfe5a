#include "plugins/engines/redis/fewelements.h"

#include <QHash>
#include <QString>
#include <cstdlib>

#include "plugins/engines/redis/arguments.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 kScanned = 10;  ///< what SCAN and XINFO STREAM FULL take where nothing is said

SizeQuestion fewOf(const char* ask, const QByteArray& key, qint64 atMost) {
    SizeQuestion question{{ask, key}, false, {}, {}, QString::fromUtf8(key)};
    question.atMost = atMost;
    return question;
}

SizeQuestion fieldQuestion(const QByteArrayList& a) {
    const QString key = QString::fromUtf8(a.at(1));
    return {{"HSTRLEN", a.at(1), a.at(2)},
            true,
            {},
            u"HSTRLEN %1 %2 says how long the field is"_s.arg(key, QString::fromUtf8(a.at(2))),
            key};
}

/// SRANDMEMBER key, or with a count; below 0 it may return the same one again and again.
SizeQuestion randomQuestion(const char* ask, const QByteArrayList& a) {
    const qint64 count = a.size() > 2 ? a.at(2).toLongLong() : 1;
    SizeQuestion question = fewOf(ask, a.at(1), std::llabs(count));
    question.repeats = count < 0;
    question.isUneven = hasWord(a, "WITHVALUES", 3);
    if (isWord(a.first(), "HRANDFIELD") && !question.isUneven)
        question.of = SizeQuestion::Of::Names;
    return question;
}

SizeQuestion scanQuestion(const char* ask, const QByteArrayList& a) {
    const auto counts = optionValues(a, "COUNT", 3);
    SizeQuestion question = fewOf(ask, a.at(1), counts.isEmpty() ? kScanned : counts.last());
    question.isUneven = isWord(a.first(), "HSCAN");
    if (hasWord(a, "NOVALUES", 3)) question.of = SizeQuestion::Of::Names;
    return question;
}

/// The first and the last entry, or with FULL as many as COUNT says.
SizeQuestion entriesQuestion(const QByteArrayList& a) {
    const auto counts = optionValues(a, "COUNT", 4);
    const bool isFull = hasWord(a, "FULL", 3);
    return fewOf("XLEN", a.at(2), !isFull ? 2 : counts.isEmpty() ? kScanned : counts.last());
}

SizeQuestion positionQuestion(const QByteArrayList& a) {
    const auto lengths = optionValues(a, "MAXLEN", 3);
    SizeQuestion question{{"LLEN", a.at(1)}, false, {}, {}, QString::fromUtf8(a.at(1))};
    if (!lengths.isEmpty() && lengths.last() > 0) question.atMost = lengths.last();
    question.of = SizeQuestion::Of::Steps;
    return question;
}

/// BITCOUNT key [first last], BITPOS key bit [first [last]].
SizeQuestion bitsQuestion(const QByteArrayList& a) {
    const QString key = QString::fromUtf8(a.at(1));
    const bool isCount = isWord(a.first(), "BITCOUNT");
    SizeQuestion question{{"STRLEN", a.at(1)},
                          true,
                          {},
                          isCount ? u"BITCOUNT %1 0 %2"_s.arg(key).arg(kMostValueBytes - 1)
                                  : u"BITPOS %1 %2 0 %3"_s.arg(key, QString::fromUtf8(a.value(2)))
                                        .arg(kMostValueBytes - 1),
                          key};
    const qsizetype at = isCount ? 2 : 3;
    if (a.size() > at && !isWord(a.last(), "BIT"))
        question.range =
            std::pair(a.at(at).toLongLong(), a.size() > at + 1 ? a.at(at + 1).toLongLong() : -1LL);
    return question;
}

}  // namespace

std::optional<SizeQuestion> fewQuestion(const QByteArray& name, const QByteArrayList& arguments) {
    static const QHash<QByteArray, const char*> scans{
        {"hscan", "HLEN"}, {"sscan", "SCARD"}, {"zscan", "ZCARD"}};
    static const QHash<QByteArray, const char*> randoms{
        {"hrandfield", "HLEN"}, {"srandmember", "SCARD"}, {"zrandmember", "ZCARD"}};
    if (const char* ask = randoms.value(name)) return randomQuestion(ask, arguments);
    if (name == "bitcount" || name == "bitpos") return bitsQuestion(arguments);
    if (arguments.size() < 3) return std::nullopt;
    if (name == "hget") return fieldQuestion(arguments);
    if (name == "lindex") return fewOf("LLEN", arguments.at(1), 1);
    if (name == "lpos") return positionQuestion(arguments);
    if (const char* ask = scans.value(name)) return scanQuestion(ask, arguments);
    if (name == "xinfo" && isWord(arguments.at(1), "STREAM")) return entriesQuestion(arguments);
    return std::nullopt;
}

}  // namespace tocsin::redis
