// What a session does in a cluster: knows its primaries, and asks those that have the keys.
#include <QCryptographicHash>
#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/node.h"
#include "plugins/engines/redis/session.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr auto kReplicaStandIn = "replica";

/// "MOVED 3999 10.0.0.2:6381", or ASK; nothing when it is another answer.
std::optional<Place> movedTo(ReplyView reply, const QString& here) {
    if (!reply.isError()) return std::nullopt;
    const QList<QByteArray> words = reply.text().split(' ');
    if (words.size() < 3 || (words.first() != "MOVED" && words.first() != "ASK"))
        return std::nullopt;
    const qsizetype colon = words[2].lastIndexOf(':');
    const auto port = words[2].mid(colon + 1).toUShort();
    if (colon < 0 || port == 0) return std::nullopt;
    const QString host = QString::fromUtf8(words[2].left(colon));
    return Place{host.isEmpty() ? here : host, port};
}

/// What a node tells of itself alone, and nobody adds up.
bool isOfOneNode(const QByteArrayList& arguments) {
    static const QByteArrayList words{"INFO",   "SLOWLOG", "LATENCY", "CONFIG", "CLIENT",
                                      "MEMORY", "PUBSUB",  "DBSIZE",  "SCAN",   "RANDOMKEY",
                                      "ROLE",   "TIME",    "LASTSAVE"};
    const QByteArray name = arguments.value(0).toUpper();
    if (name == "MEMORY") return !isWord(arguments.value(1), "USAGE");
    return words.contains(name);
}

/// "10.0.0.2:6381@16381,name": what CLUSTER NODES calls a node, or what somebody typed.
std::optional<Place> placeOf(const QByteArray& text, const QString& here) {
    const QByteArray address = text.split('@').first();
    const qsizetype colon = address.lastIndexOf(':');
    const auto port = address.mid(colon + 1).toUShort();
    if (colon < 0 || port == 0) return std::nullopt;
    const QString host = QString::fromUtf8(address.left(colon));
    return Place{host.isEmpty() ? here : host, port};
}

/// Stands for an answer that is still to come: from where a key is, or from a replica's primary.
bool isStandIn(ReplyView reply) {
    const QByteArray text = reply.isError() ? reply.text() : QByteArray();
    return text.startsWith("MOVED ") || text.startsWith("ASK ") || text == kReplicaStandIn;
}

Reply together(ReplyView one, ReplyView other) {
    if (one.kind() == ReplyKind::Integer && other.kind() == ReplyKind::Integer)
        return Reply(ReplyKind::Integer,
                     QByteArray::number(one.text().toLongLong() + other.text().toLongLong()));
    return Reply(ReplyKind::BulkString, one.text() + other.text());
}

}  // namespace

/// Questions whose answers come from several nodes.
struct Session::Round {
    /// What one node answers, and where the answers belong.
    struct Part {
        Place place;
        QVector<QByteArrayList> commands;
        std::vector<std::size_t> answers;
        std::vector<bool> isAsking;  ///< comes before its command, and its answer is dropped
        std::size_t seen = 0;
    };
    QVector<QByteArrayList> commands;
    qint64 byteCap = 0;
    std::vector<Answer> answers;
    std::vector<Part> parts;
    std::function<void(std::vector<Answer>)> next;

    void add(const Place& place, std::size_t answer, bool isAsking) {
        auto part = std::find_if(parts.begin(), parts.end(),
                                 [&](const Part& each) { return each.place == place; });
        if (part == parts.end()) part = parts.insert(parts.end(), Part{place, {}, {}, {}});
        if (isAsking) {
            part->commands << QByteArrayList{"ASKING"};
            part->answers.push_back(answer);
            part->isAsking.push_back(true);
        }
        part->commands << commands[static_cast<qsizetype>(answer)];
        part->answers.push_back(answer);
        part->isAsking.push_back(false);
    }
    /// A stand-in is replaced, an answer is added to. Another error stays, whatever the next node
    /// answers: a sum that lacks a node is none.
    void take(Part& part, Answer answer) {
        const std::size_t index = part.seen++;
        if (part.isAsking[index]) return;
        Answer& kept = answers[part.answers[index]];
        if (kept.reply.isError() && !isStandIn(kept.reply)) return;
        if (!kept.reply.isError() && !answer.reply.isError())
            answer.reply = together(kept.reply, answer.reply);
        if (!kept.reply.isError())
            answer.sha256 =
                QCryptographicHash::hash(kept.sha256 + answer.sha256, QCryptographicHash::Sha256)
                    .toHex();
        answer.bytes += kept.bytes;
        kept = std::move(answer);
    }
};

/// Its own id tells which of the primaries this connection goes to. What the server does not tell,
/// as through a tunnel, leaves it a node alone.
void Session::readNodes() {
    m_isOfCluster = true;
    m_primaries.clear();
    m_ownPlace.reset();
    m_isPrimary = true;
    const auto alone = [this] {
        m_identity.warnings
            << u"A node of a cluster: walks, queues and figures are those of this node alone; a command about a key of another is asked there."_s;
        readRole();
    };
    if (!m_address.ssh.isEmpty())
        return ask({"CLUSTER", "NODES"}, [this, alone](const Answer& answer) {
            if (!answer.reply.isError()) takeOwnPlace(answer.reply.text());
            alone();
        });
    askAll({{"CLUSTER", "SLOTS"}, {"CLUSTER", "MYID"}, {"CLUSTER", "NODES"}}, [this, alone](
                                                                                  const std::vector<
                                                                                      Answer>&
                                                                                      answers) {
        if (answers[0].reply.isError() || answers[1].reply.isError()) return alone();
        takeNodes(answers[0].reply, answers[1].reply.text());
        const QByteArray lines =
            answers[2].reply.isError() ? QByteArray() : answers[2].reply.text();
        takeMembers(lines);
        takeOwnPlace(lines);
        m_identity.warnings
            << u"A cluster of %1 primaries: keys, queues and commands about a key are asked of all that have them; the figures are those of this node."_s
                   .arg(m_primaries.size() + (m_isPrimary ? 1 : 0));
        readRole();
    });
}

/// Of each range: first slot, last, and its nodes, the primary before its replicas; a node is
/// address, port and id (https://redis.io/docs/latest/commands/cluster-slots/).
void Session::takeNodes(ReplyView ranges, const QByteArray& own) {
    m_isPrimary = false;
    for (const ReplyView range : ranges.children()) {
        if (range.children().size() < 3 || range.children()[2].children().size() < 3) continue;
        const ReplyChildren node = range.children()[2].children();
        if (node[2].bytes() == own) {
            m_isPrimary = true;
            continue;
        }
        const QString host = QString::fromUtf8(node[0].bytes());
        const Place place{host.isEmpty() || host == u"?" ? m_address.host : host,
                          node[1].text().toUShort()};
        if (place.port != 0 && !m_primaries.contains(place)) m_primaries << place;
    }
}

/// A line each: id, address, flags … (https://redis.io/docs/latest/commands/cluster-nodes/).
void Session::takeMembers(const QByteArray& lines) {
    m_members = m_primaries;
    for (const QByteArray& line : lines.split('\n')) {
        const auto place = placeOf(line.split(' ').value(1), m_address.host);
        if (place && !m_members.contains(*place)) m_members << *place;
    }
}

/// What the cluster calls this connection's own server; we may know it by another name or reach it
/// another way.
void Session::takeOwnPlace(const QByteArray& lines) {
    for (const QByteArray& line : lines.split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (words.value(2).split(',').contains("myself"))
            m_ownPlace = placeOf(words[1], m_address.host);
    }
}

bool Session::isHere(const Place& place) const {
    return place == Place{m_address.host, m_address.port} || (m_ownPlace && place == *m_ownPlace);
}

/// A job that names its node is asked there: several commands over a connection beside this one,
/// which is kept; one alone by this connection itself, so that all that is said of it is said of
/// that server. Only what the cluster called its own is given our login.
void Session::goToNode() {
    const QByteArray named = m_job->line.node;
    const Place place = placeOf(named, m_address.host).value_or(Place{});
    if (!isHere(place) && !m_members.contains(place))
        return failWith(
            {ErrorCode::NotFound,
             u"“%1” is no node of the cluster that “%2” belongs to; CLUSTER NODES lists "
             "them."_s.arg(QString::fromUtf8(named), m_address.name),
             {}});
    if (m_job->script.size() > 1) return judgeScript();
    if (isHere(place)) return judgeJob();
    m_greeted = false;
    m_isAway = true;
    m_wire->close();
    connectTo(place);
}

void Session::askScript(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next) {
    m_job->line.node.isEmpty() ? askEverywhere(commands, byteCap, std::move(next))
                               : askMember(commands, byteCap, std::move(next));
}

void Session::askMember(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next) {
    if (commands.isEmpty()) return next({});
    const Place place = placeOf(m_job->line.node, m_address.host).value_or(Place{});
    auto take = ofThisJob(static_cast<std::size_t>(commands.size()), std::move(next));
    if (isHere(place)) return m_wire->askAll(commands, byteCap, std::move(take));
    QStringList& guards = m_job->result.receipt.guards;
    const QString there = u"asked at node %1:%2"_s.arg(place.host).arg(place.port);
    if (!guards.contains(there)) guards << there;
    nodeAt(place)->askAll(commands, byteCap, std::move(take));
}

/// One command that every node answers for itself: the answers are put together.
void Session::sendToEach() {
    askEverywhere({m_job->line.arguments}, m_job->query.byteCap,
                  [this](std::vector<Answer> answers) {
                      m_job->result.notices
                          << u"Of all %1 primaries of the cluster together; --node HOST:PORT in "
                             "front asks one."_s.arg(m_primaries.size() + (m_isPrimary ? 1 : 0));
                      conclude(std::move(answers.front()));
                  });
}

void Session::sayWhichNode() {
    const auto& script = m_job->script;
    const bool isOfOne = std::any_of(script.begin(), script.end(), [](const CommandLine& line) {
        return isOfOneNode(line.arguments) && !isOfEachNode(line.arguments);
    });
    if (m_members.size() < 2 || !m_job->line.node.isEmpty() || m_job->moves > 0 || !isOfOne) return;
    m_job->result.notices
        << u"This is what one node of the cluster tells, %1; --node HOST:PORT in front asks another."_s
               .arg(m_address.place());
}

Node* Session::nodeAt(const Place& place) {
    for (Node* node : std::as_const(m_nodes))
        if (node->place() == place) return node;
    m_nodes << new Node(m_address, place, this);
    return m_nodes.last();
}

void Session::forgetNodes() {
    for (Node* node : std::as_const(m_nodes)) {
        node->forget();
        node->deleteLater();
    }
    m_nodes.clear();
}

/// This connection's own server first; the others in a pipeline each, one node after the other.
/// MOVED and ASK did nothing, so that asking elsewhere is not sending twice.
void Session::askEverywhere(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next) {
    if (commands.isEmpty()) return next({});
    auto round = std::make_shared<Round>();
    round->commands = commands;
    round->byteCap = byteCap;
    round->next = std::move(next);
    const auto count = static_cast<std::size_t>(commands.size());
    m_wire->askAll(commands, byteCap, ofThisJob(count, [this, round](std::vector<Answer> answers) {
                       round->answers = std::move(answers);
                       shareOut(*round);
                       askPart(round, 0);
                   }));
}

void Session::shareOut(Round& round) const {
    for (std::size_t i = 0; i < round.answers.size(); ++i) {
        const ReplyView reply = round.answers[i].reply;
        if (const auto place = movedTo(reply, m_address.host))
            round.add(*place, i, reply.bytes().startsWith("ASK"));
        else if (isOfEachNode(round.commands[static_cast<qsizetype>(i)]) && !reply.isError()) {
            for (const Place& primary : m_primaries)
                round.add(primary, i, false);
            // A replica's keys are its primary's, and would count twice.
            if (!m_isPrimary && reply.kind() == ReplyKind::Integer)
                round.answers[i].reply = Reply(ReplyKind::Error, kReplicaStandIn);
        }
    }
}

void Session::askPart(const std::shared_ptr<Round>& round, std::size_t at) {
    if (at == round->parts.size()) return round->next(std::move(round->answers));
    const Round::Part& part = round->parts[at];
    nodeAt(part.place)
        ->askAll(part.commands, round->byteCap, ofThisJob([this, round, at](Answer answer) {
                     Round::Part& asked = round->parts[at];
                     round->take(asked, std::move(answer));
                     if (asked.seen == asked.answers.size()) askPart(round, at + 1);
                 }));
}

}  // namespace tocsin::redis
