// How a session runs one command: judge, ask its size, send, explain.
#include <QCryptographicHash>

#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/session.h"
#include "sdk/secret.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr std::size_t kMostWalked = 100'000;

const QSet<QByteArray>& secretSettings() {
    static const QSet<QByteArray> names{"requirepass", "masterauth", "tls-key-file-pass",
                                        "tls-client-key-file-pass"};
    return names;
}

/// CONFIG GET answers with passwords in clear; they are not evidence.
void maskSettings(Reply& reply) {
    for (std::size_t i = 0; i + 1 < reply.children.size(); i += 2)
        if (secretSettings().contains(reply.children[i].text.toLower()) &&
            !reply.children[i + 1].text.isEmpty())
            reply.children[i + 1].text = "•••";
}

qsizetype rowsOf(const Reply& reply) {
    if (!reply.isAggregate()) return 1;
    const auto count = static_cast<qsizetype>(reply.children.size());
    return reply.kind == Reply::Kind::Map ? count / 2 : count;
}

bool isCall(const QByteArrayList& arguments, const char* first, const char* second) {
    return arguments.size() > 1 && arguments.at(0).toUpper() == first &&
           arguments.at(1).toUpper() == second;
}

}  // namespace

void Session::judgeJob() {
    Job& job = *m_job;
    const QDateTime now = m_clock.now();
    Receipt& receipt = job.result.receipt;
    receipt.connection = m_address.name;
    receipt.statement = redact(job.line.hadWrapper ? job.line.text() : job.query.text.trimmed());
    receipt.server = m_identity;
    receipt.startedAt = now;
    receipt.guards = {
        m_isResp3 ? u"RESP3"_s : u"RESP2"_s,
        m_table.isFromServer() ? u"allow-list, checked against COMMAND"_s : u"allow-list"_s,
        u"time limit %1 s"_s.arg(static_cast<double>(job.query.timeout.count()) / 1000.0),
        u"never sent twice"_s};
    if (job.line.database && *job.line.database != m_address.database)
        return failWith(
            {ErrorCode::Refused,
             u"The command names database %1, but the connection “%2” is on database %3; add a connection whose url ends in /%1."_s
                 .arg(*job.line.database)
                 .arg(m_address.name)
                 .arg(m_address.database),
             u"other-database"_s});
    if (job.line.namedPlace)
        job.result.notices << u"The server named after redis-cli was not used: this ran on %1."_s
                                  .arg(m_address.place());
    if (job.line.scan) {
        receipt.verdict = {Effect::ReadOnly,
                           u"readonly-flag"_s,
                           u"Walks the keys with SCAN, %1 at a time."_s.arg(job.line.scan->count),
                           {}};
        return walk("0");
    }
    const Judgement judgement = judge(job.line.arguments, m_table);
    receipt.verdict = judgement.verdict;
    if (judgement.verdict.effect == Effect::ReadOnly) return askSize();
    if (judgement.unlockable && job.query.unlock && job.query.unlock->until > now) {
        receipt.unlockReason = job.query.unlock->reason;
        receipt.guards << u"unlocked by a person"_s;
        return send();
    }
    failWith({ErrorCode::Refused, judgement.verdict.reason + u' ' + judgement.verdict.remedy,
              judgement.verdict.rule});
}

void Session::askSize() {
    const auto question = sizeQuestion(m_job->line.arguments);
    if (!question) return send();
    ask(question->ask, [this, question](const Answer& answer) {
        // An error here is the same one that the command itself will get, or a missing permission.
        if (answer.reply.kind != Reply::Kind::Integer) return send();
        const qint64 length = answer.reply.text.toLongLong();
        if (const auto tooMuch = refuseSize(*question, length)) return failWith(*tooMuch);
        m_job->result.receipt.guards
            << u"size asked first: %1 %2"_s.arg(QString::fromUtf8(question->ask.first()))
                   .arg(length);
        send();
    });
}

void Session::send() {
    m_wire->ask(m_job->line.arguments, m_job->query.byteCap, [this](Result<Answer> answer) {
        if (!m_job) return;
        answer ? conclude(std::move(*answer)) : failWith(answer.error());
    });
}

void Session::conclude(Answer answer) {
    const QByteArrayList& arguments = m_job->line.arguments;
    if (answer.reply.isError()) {
        const QByteArray line = answer.reply.text;
        return line.startsWith("WRONGTYPE") ? explainWrongType(line)
                                            : failWith(serverError(answer.reply));
    }
    if (isCall(arguments, "CONFIG", "GET")) maskSettings(answer.reply);
    QueryResult& result = m_job->result;
    result.receipt.firstRow = answer.firstByte;
    result.receipt.total = answer.total;
    result.receipt.rows = rowsOf(answer.reply);
    result.receipt.bytes = answer.bytes;
    result.receipt.sha256 = answer.sha256;
    const bool isZero = answer.reply.kind == Reply::Kind::Integer && answer.reply.text == "0";
    result.reply = std::make_shared<const Reply>(std::move(answer.reply));
    isZero&& countsOneKey(arguments) ? checkMissingKey() : deliver();
}

void Session::explainWrongType(const QByteArray& line) {
    const QByteArrayList arguments = m_job->line.arguments;
    ask({"TYPE", arguments.value(1)}, [this, arguments, line](const Answer& answer) {
        const bool known =
            answer.reply.kind == Reply::Kind::SimpleString && answer.reply.text != "none";
        failWith(known ? wrongType(arguments, answer.reply.text, line)
                       : serverError(Reply(Reply::Kind::Error, line)));
    });
}

void Session::checkMissingKey() {
    const QByteArrayList arguments = m_job->line.arguments;
    ask({"EXISTS", arguments.at(1)}, [this, arguments](const Answer& answer) {
        if (answer.reply.text == "0") m_job->result.notices << missingKeyNotice(arguments);
        deliver();
    });
}

/// `--scan`: follows the cursor to its end, a few keys at a time so that others are served between.
void Session::walk(const QByteArray& cursor) {
    const CommandLine::Scan& scan = *m_job->line.scan;
    QByteArrayList step{"SCAN",       cursor,  "MATCH",
                        scan.pattern, "COUNT", QByteArray::number(scan.count)};
    if (!scan.type.isEmpty()) step << "TYPE" << scan.type;
    ask(step, [this](Answer answer) {
        if (answer.reply.isError()) return failWith(serverError(answer.reply));
        if (answer.reply.children.size() != 2)
            return failWith({ErrorCode::Protocol,
                             u"%1 does not answer SCAN as Redis does."_s.arg(m_address.place()),
                             {}});
        Job& job = *m_job;
        Receipt& receipt = job.result.receipt;
        receipt.bytes += answer.bytes;
        receipt.total += answer.total;
        if (receipt.firstRow.count() == 0) receipt.firstRow = answer.firstByte;
        // A chain over the batches: each hash takes the one before it in.
        receipt.sha256 =
            QCryptographicHash::hash(receipt.sha256 + answer.sha256, QCryptographicHash::Sha256)
                .toHex();
        auto& keys = job.collected.children;
        for (Reply& key : answer.reply.children[1].children)
            keys.push_back(std::move(key));
        const QByteArray next = answer.reply.children[0].text;
        // What was found until shortly before the time limit is worth more than a timeout.
        const bool timeIsUp = m_deadline->remainingTime() < m_deadline->interval() / 10;
        const bool isEnough = keys.size() >= kMostWalked || receipt.bytes >= job.query.byteCap;
        job.result.truncated = next != "0" && (isEnough || timeIsUp);
        if (next != "0" && !job.result.truncated) return walk(next);
        if (job.result.truncated)
            job.result.notices
                << (timeIsUp
                        ? u"The time limit was near: stopped after %1 keys, there may be more."_s
                        : u"Stopped after %1 keys; narrow the pattern to see the rest."_s)
                       .arg(keys.size());
        receipt.rows = static_cast<qsizetype>(keys.size());
        job.result.reply = std::make_shared<const Reply>(std::move(job.collected));
        deliver();
    });
}

void Session::deliver() {
    finish(std::move(m_job->result));
}

}  // namespace tocsin::redis
