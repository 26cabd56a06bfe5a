// What a session does that is more than one command: a walk over the keys, a sample, a script.
#include <QCryptographicHash>
#include <QSet>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/masking.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/session.h"
#include "plugins/engines/redis/weighing.h"
#include "sdk/secret.h"

namespace tocsin::redis {

using namespace Qt::StringLiterals;

constexpr std::size_t kMostWalked = 100'000;
// A part of a walk is one turn among others: what a person types meanwhile waits as long as this,
// and no window has more to take in at once.
constexpr int kPartMs = 8;
constexpr qsizetype kMostDryRuns = 64;
constexpr qint64 kSizesCap = 64LL * 1024 * 1024;
constexpr qint64 kSmall = 64LL * 1024;  // what is larger is weighed each time
constexpr std::size_t kMostInPart = 16'000;
constexpr std::chrono::milliseconds kLongStep(2);  // that others would feel

static QString sentence(const QString& text) {
    return text.endsWith(u'.') ? text : text + u'.';
}

/// The next cursor, the keys, and how many SCANs that were.
static Reply partOfWalk(ReplyBuilder& keys, int steps, const QByteArray& next) {
    ReplyBuilder part;
    part.add(Reply(Reply::Kind::BulkString, next));
    part.add(keys.take());
    part.add(Reply(Reply::Kind::Integer, QByteArray::number(steps)));
    return part.take();
}

/// `--scan`: follows the cursor to its end, a few keys at a time so that others are served between.
void Session::walk(const QByteArray& cursor) {
    const CommandLine::Scan& scan = *m_job->line.scan;
    const qsizetype colon = cursor.indexOf(':');
    qsizetype node = cursor.left(std::max<qsizetype>(colon, 0)).toLongLong();
    // A replica's keys are walked at its primary.
    if (node == 0 && !m_isPrimary && !m_primaries.isEmpty()) node = 1;
    QByteArrayList step{"SCAN",  cursor.mid(colon + 1),         "MATCH", scan.pattern,
                        "COUNT", QByteArray::number(scan.count)};
    if (!scan.type.isEmpty()) step << "TYPE" << scan.type;
    askAt(node, step, [this, node](const Answer& answer) {
        if (answer.reply.isError()) return failWith(serverError(answer.reply, answer.place));
        if (answer.reply.children().size() != 2)
            return failWith({ErrorCode::Protocol,
                             u"%1 does not answer SCAN as Redis does."_s.arg(m_address.place()),
                             {}});
        const std::shared_ptr<Job> job = m_job;
        ++job->steps;
        const QByteArray next = cursorAfter(node, answer.reply.children()[0].text());
        const bool goesOn = next != "0" && !endsWalk(answer);
        // The server looks for the next ones while these are kept.
        if (goesOn) walk(next);
        if (job != m_job) return;  // which broke off
        keepWalked(answer);
        if (goesOn) return;
        Receipt& receipt = job->result.receipt;
        receipt.rows = static_cast<qsizetype>(job->collected.size());
        job->result.reply = std::make_shared<const Reply>(
            job->line.scan->cursor.isEmpty() ? job->collected.take()
                                             : partOfWalk(job->collected, job->steps, next));
        deliver();
    });
}

/// Of a cluster's other primaries "node:cursor"; where one of them ends, the next begins.
QByteArray Session::cursorAfter(qsizetype node, const QByteArray& cursor) const {
    if (cursor == "0" && node >= m_primaries.size()) return cursor;
    if (cursor == "0") return QByteArray::number(node + 1) + ":0";
    return node == 0 ? cursor : QByteArray::number(node) + ':' + cursor;
}

/// Whether this was enough, and says so where the rest is not asked for later.
bool Session::endsWalk(const Answer& answer) {
    Job& job = *m_job;
    const auto found = job.collected.size() + answer.reply.children()[1].children().size();
    const auto keys = static_cast<qsizetype>(found);
    if (!job.line.scan->cursor.isEmpty())
        return m_deadline->interval() - m_deadline->remainingTime() >= kPartMs ||
               answer.firstByte > kLongStep || found >= kMostInPart;
    // What was found until shortly before the time limit is worth more than a timeout.
    const bool timeIsUp = m_deadline->remainingTime() < m_deadline->interval() / 10;
    const bool isEnough =
        found >= kMostWalked || job.result.receipt.bytes + answer.bytes >= job.query.byteCap;
    if (!timeIsUp && !isEnough) return false;
    job.result.truncated = true;
    job.result.notices
        << (timeIsUp ? u"The time limit was near: stopped after %1 keys, there may be more."_s
                     : u"Stopped after %1 keys; narrow the pattern to see the rest."_s)
               .arg(keys);
    return true;
}

void Session::keepWalked(const Answer& answer) {
    Job& job = *m_job;
    Receipt& receipt = job.result.receipt;
    receipt.bytes += answer.bytes;
    receipt.total += answer.total;
    // Of a part the step that held the server longest, of a whole walk the first.
    if (receipt.firstRow.count() == 0 || !job.line.scan->cursor.isEmpty())
        receipt.firstRow = std::max(receipt.firstRow, answer.firstByte);
    // A chain over the batches: each hash takes the one before it in.
    receipt.sha256 =
        QCryptographicHash::hash(receipt.sha256 + answer.sha256, QCryptographicHash::Sha256)
            .toHex();
    for (const ReplyView key : answer.reply.children()[1].children())
        job.collected.add(key);
}

void Session::sample() {
    m_job->tap = std::make_unique<Tap>(m_address, m_way);
    const std::weak_ptr<Job> asked = m_job;
    const std::chrono::seconds time(*m_job->line.monitor);
    m_job->tap->sample(
        time,
        [this, asked](std::shared_ptr<const ResultSet> rows) {
            if (m_job && m_job == asked.lock()) emit rowsArrived(std::move(rows));
        },
        [this, asked](Result<Sample> heard) {
            if (!m_job || m_job != asked.lock()) return;
            // Not from within the tap's own call: ending the job deletes it.
            QMetaObject::invokeMethod(
                this,
                [this, asked, heard = std::move(heard)]() mutable {
                    if (!m_job || m_job != asked.lock()) return;
                    if (!heard) return failWith(heard.error());
                    takeSample(std::move(*heard));
                },
                Qt::QueuedConnection);
        });
}

void Session::takeSample(Sample heard) {
    QueryResult& result = m_job->result;
    Receipt& receipt = result.receipt;
    receipt.rows = static_cast<qsizetype>(heard.lines.children().size());
    receipt.total = heard.lasted;
    for (const ReplyView line : heard.lines.children())
        receipt.bytes += line.text().size();
    result.notices << u"A sample of %1 s: %2 commands seen."_s
                          .arg(static_cast<double>(heard.lasted.count()) / 1000.0, 0, 'f', 1)
                          .arg(receipt.rows);
    result.truncated = heard.end != Sample::End::Time;
    if (heard.end == Sample::End::Lines)
        result.notices << u"It ended early: more commands would be a load of their own."_s;
    if (heard.end == Sample::End::Lost)
        result.notices << u"It ended early: %1 closed the connection."_s.arg(m_address.place());
    result.reply = std::make_shared<const Reply>(std::move(heard.lines));
    deliver();
}

/// A script runs whole or not at all: every line is judged before the first is sent.
void Session::judgeScript() {
    Job& job = *m_job;
    job.result.receipt = freshReceipt();
    Receipt& receipt = job.result.receipt;
    if (refuseOtherPlace()) return;
    receipt.verdict = {Effect::ReadOnly,
                       u"script-of-reads"_s,
                       u"All %1 commands change nothing."_s.arg(job.script.size()),
                       {}};
    for (qsizetype i = 0; i < job.script.size(); ++i) {
        job.judgement = judge(job.script[i].arguments, m_table);
        if (job.judgement.verdict.effect != Effect::ReadOnly)
            receipt.verdict = job.judgement.verdict;
        if (isAllowed(job.judgement, receipt)) continue;
        Verdict& verdict = job.judgement.verdict;
        verdict.reason = u"Command %1 of %2 (%3): %4 Nothing of the script was sent."_s.arg(i + 1)
                             .arg(job.script.size())
                             .arg(redactCommands(job.script[i].text()).left(60), verdict.reason);
        return refuse();
    }
    sizeScript();
}

/// One round trip before the script: what the server's own rules say of each line, and how large
/// its answer will be. Without sizes to ask, the rules are asked along with the lines.
void Session::sizeScript() {
    const QVector<QByteArrayList> dryRuns = dryRunsOfScript();
    const QVector<QByteArrayList> sizes = sizesOfScript();
    if (sizes.isEmpty() && m_primaries.isEmpty() && m_job->line.node.isEmpty())
        return weighScript() ? sendScript(dryRuns) : void();
    askScript(dryRuns + sizes, kSizesCap, [this, dryRuns, sizes](const std::vector<Answer>& said) {
        noteDryRuns(said, static_cast<std::size_t>(dryRuns.size()));
        noteSizes(sizes, said, static_cast<std::size_t>(dryRuns.size()));
        if (weighScript()) sendScript();
    });
}

/// What is to be asked, each once: what is not known from a moment ago, and what was not small
/// then.
QVector<QByteArrayList> Session::sizesOfScript() {
    QVector<QByteArrayList> sizes;
    QSet<QByteArrayList> asked;
    for (const CommandLine& line : std::as_const(m_job->script)) {
        m_job->questions.push_back(weighQuestions(line.arguments));
        if (recallSmall(line.arguments, m_job->questions.back())) continue;
        for (const QByteArrayList& question : m_job->questions.back()) {
            if (asked.contains(question)) continue;
            asked << question;
            sizes << question;
        }
    }
    return sizes;
}

bool Session::recallSmall(const QByteArrayList& command, const QVector<QByteArrayList>& questions) {
    QVector<qint64> numbers;
    for (const QByteArrayList& question : questions) {
        const auto known = m_knownSizes.recall(question);
        if (!known) return false;
        numbers << *known;
    }
    const Weighed weighed = weigh(command, numbers);
    if (weighed.tooMuch || weighed.bytes > kSmall) return false;
    for (qsizetype i = 0; i < questions.size(); ++i)
        m_job->sizes.insert(questions[i], numbers[i]);
    return true;
}

void Session::noteSizes(const QVector<QByteArrayList>& sizes, const std::vector<Answer>& answers,
                        std::size_t first) {
    for (const QByteArrayList& size : sizes) {
        const ReplyView said = answers[first++].reply;
        const qint64 number = sizeIn(said);
        m_job->sizes.insert(size, number);
        if (!said.isError()) m_knownSizes.keep(size, number);
    }
}

/// Of a long script one line of each command: keys may be forbidden one by one, but to ask for
/// thousands would be a load of its own.
QVector<QByteArrayList> Session::dryRunsOfScript() const {
    QVector<QByteArrayList> questions;
    QSet<QByteArray> seen;
    for (const CommandLine& line : std::as_const(m_job->script)) {
        const QByteArray name = line.arguments.first().toLower();
        const QByteArray leaf =
            m_table.isContainer(name) ? name + '|' + line.arguments.value(1).toLower() : name;
        const bool isShort = m_job->script.size() <= kMostDryRuns;
        if (!m_knowsDryRun || (!isShort && seen.contains(leaf))) continue;
        seen << leaf;
        questions << QByteArrayList{"ACL", "DRYRUN", m_identity.user.toUtf8()} +
                         withoutSecrets(line.arguments);
    }
    return questions;
}

void Session::noteDryRuns(const std::vector<Answer>& answers, std::size_t count) {
    Job& job = *m_job;
    if (count == 0) return;
    QStringList refused;
    for (std::size_t i = 0; i < count; ++i) {
        const ReplyView said = answers[i].reply;
        if (!said.isError() && said.text() != "OK") refused << QString::number(i + 1);
    }
    const bool isEach = job.script.size() <= kMostDryRuns;
    QString guard =
        u"ACL DRYRUN: “%1” %2"_s.arg(m_identity.user, refused.isEmpty() ? u"may"_s : u"may not"_s);
    if (!refused.isEmpty() && isEach) guard += u" (command %1)"_s.arg(refused.join(u", "_s));
    if (!isEach) guard += u" (one line of each of %1 commands was asked)"_s.arg(count);
    job.result.receipt.guards << guard;
}

/// False: the job has ended, because a line is too much, or all of them are together.
bool Session::weighScript() {
    qint64 bytes = 0;
    qint64 steps = 0;
    for (qsizetype i = 0; i < m_job->script.size(); ++i) {
        const QByteArrayList& arguments = m_job->script[i].arguments;
        QVector<qint64> numbers;
        for (const QByteArrayList& question : m_job->questions[static_cast<std::size_t>(i)])
            numbers << m_job->sizes.value(question, -1);
        Weighed weighed = weigh(arguments, numbers);
        bytes += weighed.bytes;
        steps += weighed.steps;
        if (!weighed.tooMuch) continue;
        weighed.tooMuch->message =
            u"Command %1 of %2: %3 Nothing of the script was sent."_s.arg(i + 1)
                .arg(m_job->script.size())
                .arg(sentence(weighed.tooMuch->message));
        return failWith(*weighed.tooMuch), false;
    }
    const auto together = refuseTogether(bytes, steps, m_job->script.size());
    if (together) failWith(*together);
    return !together;
}

void Session::sendScript(const QVector<QByteArrayList>& dryRuns) {
    QVector<QByteArrayList> commands = dryRuns;
    commands.reserve(dryRuns.size() + m_job->script.size());
    for (const CommandLine& line : std::as_const(m_job->script))
        commands << line.arguments;
    // In a cluster the answers are whole before the first is kept: some come from elsewhere.
    if (!m_primaries.isEmpty() || !m_job->line.node.isEmpty())
        return askScript(commands, m_job->query.byteCap, [this](std::vector<Answer> answers) {
            const std::shared_ptr<Job> job = m_job;
            for (Answer& answer : answers)
                if (job == m_job) keepOfScript(std::move(answer));
        });
    const auto aside = static_cast<std::size_t>(dryRuns.size());
    auto said = std::make_shared<std::vector<Answer>>();
    m_wire->askAll(commands, m_job->query.byteCap, ofThisJob([this, said, aside](Answer answer) {
                       if (said->size() == aside) return keepOfScript(std::move(answer));
                       said->push_back(std::move(answer));
                       if (said->size() == aside) noteDryRuns(*said, aside);
                   }),
                   dryRuns.size());
}

void Session::keepOfScript(Answer answer) {
    Job& job = *m_job;
    Receipt& receipt = job.result.receipt;
    ReplyBuilder& replies = job.collected;
    receipt.firstRow = answer.firstByte;
    receipt.total = answer.total;
    job.result.replyTimes << answer.total;
    receipt.bytes += answer.bytes;
    receipt.sha256 = answer.sha256;
    if (receipt.bytes > job.query.byteCap) {
        m_wire->close();  // more answers are on their way
        return failWith(
            {ErrorCode::TooLarge,
             u"The replies together are larger than %1 bytes; ask for less at once."_s.arg(
                 job.query.byteCap),
             {}});
    }
    const QByteArrayList& arguments = job.script[static_cast<qsizetype>(replies.size())].arguments;
    if (const auto size = sizeToldBy(arguments, answer.reply))
        m_knownSizes.keep(size->first, size->second);
    maskSecrets(arguments, answer.reply);
    replies.add(answer.reply);
    if (static_cast<qsizetype>(replies.size()) < job.script.size()) return;
    sayWhichNode();
    receipt.rows = job.script.size();
    job.result.reply = std::make_shared<const Reply>(job.collected.take());
    deliver();
}

}  // namespace tocsin::redis
