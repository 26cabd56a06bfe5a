// How a session runs one command: judge, ask its size, send, explain.

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/masking.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/session.h"
#include "plugins/engines/redis/weighing.h"
#include "sdk/secret.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr int kMostMoves = 5;  // nodes that send each other's clients around

qsizetype rowsOf(ReplyView reply) {
    if (!reply.isAggregate()) return 1;
    const auto count = static_cast<qsizetype>(reply.children().size());
    return reply.kind() == Reply::Kind::Map ? count / 2 : count;
}

}  // namespace

Receipt Session::freshReceipt() const {
    const Job& job = *m_job;
    Receipt receipt;
    receipt.connection = m_address.name;
    receipt.statement = redactCommands(
        job.line.hadWrapper && job.script.size() == 1 ? job.line.text() : job.query.text.trimmed());
    receipt.server = m_identity;
    receipt.startedAt = m_clock.now();
    receipt.guards = {
        m_isResp3 ? u"RESP3"_s : u"RESP2"_s,
        m_table.isFromServer() ? u"allow-list, checked against COMMAND"_s : u"allow-list"_s,
        u"time limit %1 s"_s.arg(static_cast<double>(job.query.timeout.count()) / 1000.0),
        u"never sent twice"_s};
    if (!m_knowsDryRun && !job.line.arguments.isEmpty()) receipt.guards << m_whyNoDryRun;
    return receipt;
}

/// A wrapper that names another database is not obeyed silently. True: the job has ended.
bool Session::refuseOtherPlace() {
    Job& job = *m_job;
    for (const CommandLine& line : std::as_const(job.script)) {
        if (!line.database || *line.database == m_address.database) continue;
        failWith(
            {ErrorCode::Refused,
             u"The command names database %1, but the connection “%2” is on database %3; add a connection whose url ends in /%1."_s
                 .arg(*line.database)
                 .arg(m_address.name)
                 .arg(m_address.database),
             u"other-database"_s});
        return true;
    }
    const auto namesPlace = [](const CommandLine& line) { return line.namedPlace; };
    if (std::any_of(job.script.cbegin(), job.script.cend(), namesPlace))
        job.result.notices << u"The server named after redis-cli was not used: this ran on %1."_s
                                  .arg(m_address.place());
    const auto repeats = [](const CommandLine& line) { return line.repeats; };
    if (std::any_of(job.script.cbegin(), job.script.cend(), repeats))
        job.result.notices << u"redis-cli's -r is not obeyed: this ran once."_s;
    return false;
}

void Session::judgeJob() {
    Job& job = *m_job;
    job.result.receipt = freshReceipt();
    if (refuseOtherPlace()) return;
    job.judgement = judgeLine(job.line, m_table);
    job.result.receipt.verdict = job.judgement.verdict;
    if (job.line.scan) return walk(job.line.scan->cursor.isEmpty() ? "0" : job.line.scan->cursor);
    gatherProofs();
}

/// One round trip before the command: what the server's own rules say, and how large the answer
/// will be.
void Session::gatherProofs() {
    const Job& job = *m_job;
    QVector<QByteArrayList> questions;
    const bool asksAcl = m_knowsDryRun && !job.line.arguments.isEmpty();
    if (asksAcl)
        questions << QByteArrayList{"ACL", "DRYRUN", m_identity.user.toUtf8()} +
                         withoutSecrets(job.line.arguments);
    if (job.judgement.verdict.effect == Effect::ReadOnly)
        questions += weighQuestions(job.line.arguments);
    askThere(questions,
             [this, asksAcl](const std::vector<Answer>& proofs) { weighProofs(proofs, asksAcl); });
}

/// ASKING is good for one command.
void Session::askThere(const QVector<QByteArrayList>& commands,
                       std::function<void(const std::vector<Answer>&)> next) {
    if (!m_job->isAsking) return askAll(commands, std::move(next));
    QVector<QByteArrayList> doubled;
    for (const QByteArrayList& command : commands)
        doubled << QByteArrayList{"ASKING"} << command;
    askAll(doubled, [next = std::move(next)](std::vector<Answer> answers) {
        std::vector<Answer> asked;
        for (std::size_t i = 1; i < answers.size(); i += 2)
            asked.push_back(std::move(answers[i]));
        next(asked);
    });
}

void Session::weighProofs(const std::vector<Answer>& proofs, bool askedAcl) {
    Job& job = *m_job;
    Receipt& receipt = job.result.receipt;
    std::vector<Answer> sizes(proofs.begin() + (askedAcl ? 1 : 0), proofs.end());
    // An error of DRYRUN itself is about the command's shape; the command will say it again.
    if (askedAcl && !proofs.front().reply.isError()) {
        job.aclAnswer = QString::fromUtf8(proofs.front().reply.text());
        receipt.guards << (job.aclAnswer == u"OK"
                               ? u"ACL DRYRUN: “%1” may"_s.arg(m_identity.user)
                               : u"ACL DRYRUN: “%1” may not"_s.arg(m_identity.user));
    }
    if (!isAllowed(job.judgement, receipt)) return refuse();
    if (job.line.monitor) return sample();
    if (cutToPage(sizes)) send();
}

bool Session::isAllowed(const Judgement& judgement, Receipt& receipt) const {
    if (judgement.verdict.effect == Effect::ReadOnly) return true;
    const Query& query = m_job->query;
    const bool unlocked = query.unlock && query.unlock->until > receipt.startedAt;
    if (judgement.leave == Leave::Never || !unlocked) return false;
    if (judgement.leave == Leave::UnlockAndName && query.typedName != m_address.name) return false;
    receipt.unlockReason = query.unlock->reason;
    if (!receipt.guards.contains(u"unlocked by a person"_s))
        receipt.guards << u"unlocked by a person"_s;
    if (judgement.leave == Leave::UnlockAndName) receipt.guards << u"name typed by a person"_s;
    return true;
}

void Session::refuse() {
    const Job& job = *m_job;
    const Verdict& verdict = job.judgement.verdict;
    QString message = verdict.reason + u' ' + verdict.remedy;
    if (job.judgement.leave == Leave::UnlockAndName && job.query.unlock)
        message =
            verdict.reason +
            u" The connection is unlocked, but this needs its name, “%1”, typed as well (on the "
            "command line --name %1)."_s.arg(m_address.name);
    if (job.aclAnswer == u"OK")
        message +=
            u" The server would let its user “%1” do it: only this guard stands before it."_s.arg(
                m_identity.user);
    else if (!job.aclAnswer.isEmpty())
        message += u" The server would refuse it to its user “%1” as well."_s.arg(m_identity.user);
    failWith({ErrorCode::Refused, message, verdict.rule});
}

void Session::send() {
    if (m_job->line.node.isEmpty() && !m_primaries.isEmpty() && !m_isAway &&
        isOfEachNode(m_job->line.arguments))
        return sendToEach();
    QVector<QByteArrayList> commands{m_job->line.arguments};
    if (m_job->isAsking) commands.prepend({"ASKING"});
    m_wire->askAll(
        commands, m_job->query.byteCap,
        ofThisJob(static_cast<std::size_t>(commands.size()), [this](std::vector<Answer> answers) {
            sayWhichNode();
            conclude(std::move(answers.back()));
        }));
}

void Session::conclude(Answer answer) {
    const QByteArrayList& arguments = m_job->line.arguments;
    if (answer.reply.isError()) {
        const QByteArray line = answer.reply.text();
        if (followMove(line)) return;
        return line.startsWith("WRONGTYPE") ? explainWrongType(line)
                                            : failWith(serverError(answer.reply, answer.place));
    }
    maskSecrets(arguments, answer.reply);
    if (m_job->page) shapePage(answer.reply);
    QueryResult& result = m_job->result;
    result.receipt.firstRow = answer.firstByte;
    result.receipt.total = answer.total;
    result.receipt.rows = rowsOf(answer.reply);
    result.receipt.bytes = answer.bytes;
    result.receipt.sha256 = answer.sha256;
    const bool isZero = answer.reply.kind() == Reply::Kind::Integer && answer.reply.text() == "0";
    result.reply = std::make_shared<const Reply>(std::move(answer.reply));
    isZero&& countsOneKey(arguments) ? checkMissingKey() : deliver();
}

/// A cluster's node that does not have the key says who does: "MOVED 3999 10.0.0.2:6381", or while
/// the slot is on its way there, for this once: "ASK 3999 10.0.0.2:6381". It did nothing, so asking
/// there is not sending twice. False: it is no such answer, or one too many.
bool Session::followMove(const QByteArray& line) {
    const QList<QByteArray> words = line.split(' ');
    const bool isAsk = words.first() == "ASK";
    if ((!isAsk && words.first() != "MOVED") || words.size() < 3 || m_job->moves >= kMostMoves)
        return false;
    if (!m_job->line.node.isEmpty()) return false;  // who named a node wants that one's answer
    if (!m_isOfCluster) return false;  // a server alone sends nobody, and our login, elsewhere
    const qsizetype colon = words[2].lastIndexOf(':');
    const QString host = QString::fromUtf8(words[2].left(colon));  // empty: the same host
    const auto port = words[2].mid(colon + 1).toUShort();
    if (colon < 0 || port == 0) return false;
    Job& job = *m_job;
    ++job.moves;
    job.isAsking = isAsk;
    job.page.reset();
    job.line = job.script.first();
    job.result.notices << (isAsk
                               ? u"Slot %1 is moving to another node of the cluster: asked at %2."_s
                               : u"Slot %1 is on another node of the cluster: asked at %2."_s)
                              .arg(QString::fromUtf8(words[1]), QString::fromUtf8(words[2]));
    m_greeted = false;
    m_isAway = true;
    m_wire->close();
    connectTo({host.isEmpty() ? m_address.host : host, port});
    return true;
}

void Session::explainWrongType(const QByteArray& line) {
    const QByteArrayList arguments = m_job->line.arguments;
    ask({"TYPE", arguments.value(1)}, [this, arguments, line](const Answer& answer) {
        const bool known =
            answer.reply.kind() == Reply::Kind::SimpleString && answer.reply.text() != "none";
        failWith(known ? wrongType(arguments, answer.reply.text(), line)
                       : serverError(Reply(Reply::Kind::Error, line)));
    });
}

void Session::checkMissingKey() {
    const QByteArrayList arguments = m_job->line.arguments;
    ask({"EXISTS", arguments.at(1)}, [this, arguments](const Answer& answer) {
        if (answer.reply.text() == "0") m_job->result.notices << missingKeyNotice(arguments);
        deliver();
    });
}

void Session::deliver() {
    QString& next = m_job->result.nextPage;
    if (const QByteArray& node = m_job->script.first().node; !node.isEmpty() && !next.isEmpty())
        next.prepend(u"--node %1 "_s.arg(QString::fromUtf8(node)));
    finish(std::move(m_job->result));
}

}  // namespace tocsin::redis
