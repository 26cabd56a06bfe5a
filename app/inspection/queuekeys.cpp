// Which keys are a queue's.
#include <algorithm>

#include "inspection/queuereplies.h"
#include "inspection/queues.h"
#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

/// What only a queue keeps under these names, and with what its type is asked: a key of another
/// type is an error there, one that is not there is 0.
struct Sibling {
    const char* name;
    const char* count;
};
constexpr Sibling kSiblings[] = {
    {"wait", "LLEN"},         {"paused", "LLEN"},
    {"active", "LLEN"},       {"delayed", "ZCARD"},
    {"failed", "ZCARD"},      {"completed", "ZCARD"},
    {"repeat", "ZCARD"},      {"priority", "ZCARD"},
    {"prioritized", "ZCARD"}, {"waiting-children", "ZCARD"},
};

/// What is refused tells nothing, and nobody may be told that there is no queue.
bool isRefused(ReplyView reply) {
    return reply.isError() && !reply.text().startsWith("WRONGTYPE");
}

/// BullMQ 3 to 6 write "opts.maxLenEvents", or the first producer "version": "bullmq:5.81.5".
bool isMetaOfQueue(ReplyView values) {
    return queueField(values, 0).contains(':') || !queueField(values, 1).isEmpty();
}

}  // namespace

QByteArray queueKeyPattern() {
    return "*:[iemw][dvea]*";
}

std::optional<QueueId> queueOfKey(const QByteArray& key) {
    for (const char* suffix :
         {":meta", ":id", ":meta-paused", ":wait", ":waiting-children", ":events"}) {
        if (!key.endsWith(suffix)) continue;
        const QByteArray rest = key.chopped(qstrlen(suffix));
        const qsizetype colon = rest.indexOf(':');
        if (colon < 1 || colon + 1 >= rest.size()) return std::nullopt;
        return QueueId{rest.first(colon), rest.mid(colon + 1)};
    }
    return std::nullopt;
}

QString evidenceScript(const QVector<QueueId>& ids) {
    QString script;
    for (const QueueId& id : ids) {
        script += u"HMGET %1 version opts.maxLenEvents\nEXISTS"_s.arg(redisWord(id.key("meta")));
        for (const Sibling& sibling : kSiblings)
            script += u' ' + redisWord(id.key(sibling.name));
        // A worker of Bull renews it, even where no job is left.
        script += u' ' + redisWord(id.key("stalled-check")) + u'\n';
    }
    return script;
}

QVector<QueueEvidence> readEvidence(const QVector<QueueId>& ids, ReplyView reply) {
    QueueReplies replies(reply);
    QVector<QueueEvidence> all;
    all.reserve(ids.size());
    for (qsizetype i = 0; i < ids.size(); ++i) {
        const ReplyView meta = replies.next();
        const ReplyView siblings = replies.next();
        const bool hasSiblings = siblings.isError() || siblings.text().toLongLong() > 0;
        all << (isMetaOfQueue(meta) ? (hasSiblings ? QueueEvidence::Filled : QueueEvidence::Empty)
                : hasSiblings || isRefused(meta) ? QueueEvidence::Unsure
                                                 : QueueEvidence::None);
    }
    return all;
}

QString siblingScript(const QVector<QueueId>& ids) {
    QString script;
    for (const QueueId& id : ids) {
        for (const Sibling& sibling : kSiblings)
            script += QLatin1String(sibling.count) + u' ' + redisWord(id.key(sibling.name)) + u'\n';
        script += u"EXISTS %1\n"_s.arg(redisWord(id.key("stalled-check")));
    }
    return script;
}

QVector<QueueEvidence> readSiblings(const QVector<QueueId>& ids, ReplyView reply) {
    QueueReplies replies(reply);
    QVector<QueueEvidence> all;
    all.reserve(ids.size());
    for (qsizetype i = 0; i < ids.size(); ++i) {
        QueueEvidence evidence = QueueEvidence::None;
        for (std::size_t sibling = 0; sibling < std::size(kSiblings); ++sibling) {
            const ReplyView count = replies.next();
            if (isRefused(count) || (!count.isError() && count.text().toLongLong() > 0))
                evidence = QueueEvidence::Filled;
        }
        const bool isWorkedOn = replies.number() == 1;
        if (evidence == QueueEvidence::None && isWorkedOn) evidence = QueueEvidence::Empty;
        all << evidence;
    }
    return all;
}

QByteArrayList workerNames(const QueueId& id) {
    const QByteArray all = id.prefix + ':' + id.name;
    QByteArrayList names;
    for (qsizetype colon = all.indexOf(':'); colon >= 0; colon = all.indexOf(':', colon + 1))
        names << all.first(colon) + ':' + all.sliced(colon + 1).toBase64();
    return names;
}

}  // namespace tocsin::inspection
