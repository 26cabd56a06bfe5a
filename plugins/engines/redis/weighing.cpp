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

/// What is not asked about: SCAN's COUNT says what it goes through, and what writes out much of the
/// server's own takes as long as so many elements.
qint64 walkedBy(const QByteArrayList& arguments) {
    constexpr qint64 kLong = 5'000;
    constexpr qint64 kMiddling = 300;
    const QByteArray name = arguments.value(0).toLower();
    const QByteArray part = arguments.value(1).toLower();
    const auto counts = name == "scan" ? optionValues(arguments, "COUNT", 2) : QVector<qint64>();
    if (!counts.isEmpty()) return *std::max_element(counts.begin(), counts.end());
    if (name == "xinfo" && part == "consumers") return 2 * kLong;
    if (name == "xpending")
        return std::max(arguments.value(5).toLongLong(), arguments.value(7).toLongLong());
    if (name == "command" && part != "count" && part != "getkeys") return kLong;
    if (name == "client" && part == "list") return kLong;
    if (name == "slowlog" && part == "get") return kLong;
    return name == "info" || (name == "config" && part == "get") ? kMiddling : 0;
}

/// The server goes through every channel, whatever the pattern.
bool listsChannels(const QByteArrayList& arguments) {
    return isWord(arguments.value(0), "PUBSUB") && isWord(arguments.value(1), "CHANNELS");
}

Weighed weighChannels(qint64 channels) {
    if (channels <= kMostPassed) return {{}, 0, std::max<qint64>(0, channels)};
    return {Error{
        ErrorCode::TooLarge,
        u"%1 channels have subscribers: to list them stops the server for others; PUBSUB NUMSUB channel asks about one."_s
            .arg(countText(channels)),
        u"size-before-value"_s}};
}

/// To an index the server goes node by node, from the nearer end; of an ordinary list a node has at
/// least so many elements.
qint64 wayTo(const QByteArrayList& arguments, qint64 length) {
    constexpr qint64 kNode = 64;
    const bool isIndexed =
        isWord(arguments.value(0), "LINDEX") || isWord(arguments.value(0), "LRANGE");
    if (!isIndexed || length <= 0) return 0;
    const qint64 index = arguments.value(2).toLongLong();
    const qint64 from = index < 0 ? -index : std::min(index, length - std::min(index, length));
    return std::min(from, length) / kNode;
}

qint64 stepsOf(const SizeQuestion& question, const KeyMeasure& measure) {
    if (question.inBytes || measure.length < 0) return 0;
    return taken(question, measure.length) + std::min(question.skipped, measure.length);
}

}  // namespace

QVector<QByteArrayList> weighQuestions(const QByteArrayList& arguments) {
    if (listsChannels(arguments)) return {{"INFO", "stats"}};
    const auto sums = sumQuestions(arguments);
    if (!sums.isEmpty()) return sums;
    const auto question = sizeQuestion(arguments);
    return question ? commandsOf(*question) : QVector<QByteArrayList>();
}

qint64 sizeIn(ReplyView answer) {
    using Kind = ReplyKind;
    if (answer.kind() == Kind::Integer) return answer.text().toLongLong();
    if (answer.kind() == Kind::Null) return -1;
    const QByteArray text = answer.text();
    if (answer.isError())  // a key that is forbidden is so to the command as well
        return text.startsWith("NOPERM") && text.contains("to run the") ? kUntold
               : text.startsWith("ERR unknown")                         ? kUntold
                                                                        : -1;
    // INFO stats: how many channels have subscribers.
    const QByteArray name = "pubsub_channels:";
    const qsizetype at = text.indexOf(name);
    return at < 0 ? kUntold
                  : text.mid(at + name.size(), 20).split('\r').first().trimmed().toLongLong();
}

Weighed weigh(const QByteArrayList& arguments, const QVector<qint64>& answers) {
    if (answers.isEmpty()) return {{}, 0, walkedBy(arguments)};
    if (listsChannels(arguments)) return weighChannels(answers.first());
    if (!sumQuestions(arguments).isEmpty()) return weighSum(arguments, answers);
    const auto question = sizeQuestion(arguments);
    if (!question) return {};
    const KeyMeasure measure = measureOf(*question, answers);
    return {refuseSize(*question, measure), bytesOf(*question, measure),
            stepsOf(*question, measure) + wayTo(arguments, measure.length)};
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
