#include "plugins/engines/redis/weighing.h"

#include <QSet>
#include <QString>

#include "plugins/engines/redis/size.h"
#include "plugins/engines/redis/sums.h"

namespace tocsin::redis {

using namespace Qt::StringLiterals;

// Between two of them the server serves others, so that together they may be more than one.
constexpr qint64 kMostTogether = 4 * kMostValueBytes;

QVector<QByteArrayList> weighQuestions(const QByteArrayList& arguments) {
    const auto sums = sumQuestions(arguments);
    if (!sums.isEmpty()) return sums;
    const auto question = sizeQuestion(arguments);
    return question ? commandsOf(*question) : QVector<QByteArrayList>();
}

Weighed weigh(const QByteArrayList& arguments, const QVector<qint64>& answers) {
    if (answers.isEmpty()) return {};
    if (!sumQuestions(arguments).isEmpty()) return weighSum(arguments, answers);
    const auto question = sizeQuestion(arguments);
    if (!question) return {};
    const KeyMeasure measure = measureOf(*question, answers);
    return {refuseSize(*question, measure), bytesOf(*question, measure)};
}

std::optional<std::pair<QByteArrayList, qint64>> sizeToldBy(const QByteArrayList& arguments,
                                                            ReplyView reply) {
    static const QSet<QByteArray> counts{"STRLEN", "HSTRLEN", "LLEN", "HLEN",
                                         "SCARD",  "ZCARD",   "XLEN"};
    using Kind = ReplyKind;
    if (reply.kind() == Kind::Integer && counts.contains(arguments.first()))
        return std::pair(arguments, reply.text().toLongLong());
    const bool isField = arguments.size() == 3 && arguments.first() == "HGET";
    if (isField && (reply.kind() == Kind::BulkString || reply.kind() == Kind::Null))
        return std::pair(QByteArrayList{"HSTRLEN", arguments[1], arguments[2]},
                         static_cast<qint64>(reply.text().size()));
    return std::nullopt;
}

std::optional<Error> refuseTogether(qint64 bytes, qsizetype commands) {
    if (bytes <= kMostTogether) return std::nullopt;
    return Error{
        ErrorCode::TooLarge,
        u"These %1 commands would read about %2 together, more than %3 MB; run fewer of them at once."_s
            .arg(commands)
            .arg(megabytes(static_cast<double>(bytes)))
            .arg(kMostTogether / (1024 * 1024)),
        u"size-before-value"_s};
}

}  // namespace tocsin::redis
