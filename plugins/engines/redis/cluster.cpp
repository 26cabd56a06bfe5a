// What a session does in a cluster: knows its primaries, and asks those that have the keys.
#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/node.h"
#include "plugins/engines/redis/session.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

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

/// What each node tells of itself alone, and is put together here.
bool isOfEachNode(const QByteArrayList& arguments) {
    return (arguments.size() == 2 && isWord(arguments[0], "CLIENT") &&
            isWord(arguments[1], "LIST")) ||
           (arguments.size() == 1 && isWord(arguments[0], "DBSIZE"));
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
    /// An error is replaced: it was MOVED. An answer is added to.
    void take(Part& part, Answer answer) {
        const std::size_t index = part.seen++;
        if (part.isAsking[index]) return;
        Answer& kept = answers[part.answers[index]];
        if (!kept.reply.isError() && !answer.reply.isError())
            answer.reply = together(kept.reply, answer.reply);
        answer.bytes += kept.bytes;
        kept = std::move(answer);
    }
};

/// Its own id tells which of the primaries this connection goes to. What the server does not tell,
/// as through a tunnel, leaves it a node alone.
void Session::readNodes() {
    m_primaries.clear();
    m_isPrimary = true;
    const auto alone = [this] {
        m_identity.warnings
            << u"A node of a cluster: walks, queues and figures are those of this node alone; a command about a key of another is asked there."_s;
        readRole();
    };
    if (!m_address.ssh.isEmpty()) return alone();
    askAll({{"CLUSTER", "SLOTS"}, {"CLUSTER", "MYID"}}, [this, alone](
                                                            const std::vector<Answer>& answers) {
        if (answers[0].reply.isError() || answers[1].reply.isError()) return alone();
        takeNodes(answers[0].reply, answers[1].reply.text());
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
void Session::askEverywhere(const QVector<QByteArrayList>& commands, qint64 byteCap,
                            std::function<void(std::vector<Answer>)> next) {
    if (commands.isEmpty()) return next({});
    auto round = std::make_shared<Round>();
    round->commands = commands;
    round->byteCap = byteCap;
    round->next = std::move(next);
    m_wire->askAll(commands, byteCap, [this, round](Result<Answer> answer) {
        if (!m_job) return;
        if (!answer) return failWith(answer.error());
        round->answers.push_back(std::move(*answer));
        if (static_cast<qsizetype>(round->answers.size()) < round->commands.size()) return;
        shareOut(*round);
        askPart(round, 0);
    });
}

void Session::shareOut(Round& round) const {
    for (std::size_t i = 0; i < round.answers.size(); ++i) {
        const ReplyView reply = round.answers[i].reply;
        if (const auto place = movedTo(reply, m_address.host))
            round.add(*place, i, reply.bytes().startsWith("ASK"));
        else if (isOfEachNode(round.commands[static_cast<qsizetype>(i)]) && !reply.isError())
            for (const Place& primary : m_primaries)
                round.add(primary, i, false);
    }
}

void Session::askPart(const std::shared_ptr<Round>& round, std::size_t at) {
    if (at == round->parts.size()) return round->next(std::move(round->answers));
    const Round::Part& part = round->parts[at];
    nodeAt(part.place)
        ->askAll(part.commands, round->byteCap, [this, round, at](Result<Answer> answer) {
            if (!m_job) return;
            if (!answer) return failWith(answer.error());
            Round::Part& asked = round->parts[at];
            round->take(asked, std::move(*answer));
            if (asked.seen == asked.answers.size()) askPart(round, at + 1);
        });
}

}  // namespace tocsin::redis
