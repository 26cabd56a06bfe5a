#include "plugins/engines/redis/weighing.h"

#include <QSet>
#include <QString>
#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/size.h"
#include "plugins/engines/redis/sums.h"
#include "sdk/figures.h"

namespace tocsin::redis {

using namespace Qt::StringLiterals;

namespace {

// What the server reads in one go it runs before it turns to others, so a script is nearly as one
// command.
constexpr qint64 kMostTogether = 4 * kMostValueBytes;
constexpr qint64 kMostStepsTogether = 200'000;  // 15 ms of LRANGE

/// SCAN is not asked about: its COUNT says what it goes through.
qint64 walkedBy(const QByteArrayList& arguments) {
    const auto counts = isWord(arguments.value(0), "SCAN") ? optionValues(arguments, "COUNT", 2)
                                                           : QVector<qint64>();
    return counts.isEmpty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

qint64 stepsOf(const SizeQuestion& question, const KeyMeasure& measure) {
    if (question.inBytes || measure.length < 0) return 0;
    return taken(question, measure.length) + std::min(question.skipped, measure.length);
}

}  // namespace

QVector<QByteArrayList> weighQuestions(const QByteArrayList& arguments) {
    const auto sums = sumQuestions(arguments);
    if (!sums.isEmpty()) return sums;
    const auto question = sizeQuestion(arguments);
    return question ? commandsOf(*question) : QVector<QByteArrayList>();
}

Weighed weigh(const QByteArrayList& arguments, const QVector<qint64>& answers) {
    if (answers.isEmpty()) return {{}, 0, walkedBy(arguments)};
    if (!sumQuestions(arguments).isEmpty()) return weighSum(arguments, answers);
    const auto question = sizeQuestion(arguments);
    if (!question) return {};
    const KeyMeasure measure = measureOf(*question, answers);
    return {refuseSize(*question, measure), bytesOf(*question, measure),
            stepsOf(*question, measure)};
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

std::optional<Error> refuseTogether(qint64 bytes, qint64 steps, qsizetype commands) {
    if (steps > kMostStepsTogether)
        return Error{
            ErrorCode::TooLarge,
            u"These %1 commands would go through %2 elements together, more than %3, and the server answers nobody else meanwhile; run fewer of them at once."_s
                .arg(commands)
                .arg(countText(steps), countText(kMostStepsTogether)),
            u"size-before-value"_s};
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
