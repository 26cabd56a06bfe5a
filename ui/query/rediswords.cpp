#include "ui/query/rediswords.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QLocale>

#include "sdk/secret.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr int kEvidenceText = 4000;

QString words(const char* text) {
    return QCoreApplication::translate("RedisPane", text);
}

}  // namespace

QString timeText(std::chrono::microseconds time) {
    const double ms = static_cast<double>(time.count()) / 1000.0;
    return ms < 10 ? u"%1 ms"_s.arg(ms, 0, 'f', 1) : u"%1 ms"_s.arg(ms, 0, 'f', 0);
}

QString shortReply(const QueryResult& result) {
    const ReplyView reply = *result.reply;
    if (reply.isAggregate())
        return result.receipt.rows == 1 ? words("1 element")
                                        : words("%1 elements").arg(result.receipt.rows);
    if (reply.kind() == Reply::Kind::Integer) return QString::fromUtf8(reply.text());
    const QString text = toText(reply);
    if (reply.text().contains('\n')) return words("%1 lines").arg(reply.text().count('\n'));
    const QString line = text.section(u'\n', 0, 0).trimmed();
    return line.size() < text.size() || line.size() > 60 ? line.left(60) + u'…' : line;
}

/// The guard's refusals carry the short name of a rule, a server's its own words.
QString failureWord(const Error& error) {
    const bool byGuard = error.code == ErrorCode::Refused && !error.detail.contains(u' ');
    if (byGuard || error.code == ErrorCode::Parse) return words("Not run");
    if (error.code == ErrorCode::Cancelled) return words("Cancelled");
    return error.code == ErrorCode::Refused ? words("The server refused it") : words("Failed");
}

bool isUnlockable(const Error& error) {
    static const QStringList rules{u"write-command"_s,        u"admin-command"_s,
                                   u"not-in-allow-list"_s,    u"touch"_s,
                                   u"writes-while-reading"_s, u"monitor"_s};
    return error.code == ErrorCode::Refused &&
           (rules.contains(error.detail) || wantsTypedName(error));
}

bool wantsTypedName(const Error& error) {
    static const QStringList rules{u"destructive"_s,   u"server-settings"_s, u"topology"_s,
                                   u"blocks-server"_s, u"script"_s,          u"unknown-command"_s};
    return error.code == ErrorCode::Refused && rules.contains(error.detail);
}

QString effectOf(const QString& text) {
    QStringList all = text.split(u'\n', Qt::SkipEmptyParts);
    if (all.size() > 1) return words("%1 commands, one after the other").arg(all.size());
    QStringList parts = text.simplified().split(u' ');
    if (parts.value(0).endsWith(u"redis-cli"_s)) parts.removeFirst();
    const QString name = parts.value(0).toUpper();
    static const QHash<QString, const char*> known{
        {u"FLUSHALL"_s, "every key of every database is deleted"},
        {u"FLUSHDB"_s, "every key of this database is deleted"},
        {u"SHUTDOWN"_s, "the server stops, for everybody"},
        {u"KEYS"_s, "the server answers nobody else while it walks all keys"},
        {u"CONFIG"_s, "the running server's settings change at once"},
        {u"EVAL"_s, "the script runs; what it does cannot be told from outside"}};
    if (const char* effect = known.value(name)) return words(effect);
    if (name == u"CLIENT" && parts.value(1).toUpper() == u"KILL")
        return words("that client's connection is closed at once; what it had under way is lost");
    if (name == u"--MONITOR")
        return words("the server is slowed down for %1 s, and what all clients send is shown here")
            .arg(parts.value(1));
    if (name == u"DEL" || name == u"UNLINK")
        return parts.size() == 2
                   ? words("the key named here is deleted; Redis cannot take it back")
                   : words("%1 keys named here are deleted; Redis cannot take it back")
                         .arg(parts.size() - 1);
    return words("it is carried out at once; Redis cannot take it back");
}

Outcome redisOutcome(const QString& name, const QString& text, const Result<QueryResult>& answer) {
    Outcome outcome;
    outcome.kind = u"redis"_s;
    outcome.ok = answer.has_value();
    outcome.subject = words("%1 on %2").arg(redactCommands(text).simplified().left(80), name);
    if (!answer) {
        outcome.line = answer.error().message;
        outcome.evidence = {{u"error"_s, answer.error().message},
                            {u"code"_s, nameOf(answer.error().code)},
                            {u"detail"_s, answer.error().detail}};
        return outcome;
    }
    outcome.line = u"%1 · %2"_s.arg(shortReply(*answer), timeText(answer->receipt.total));
    if (!answer->notices.isEmpty()) outcome.line += u" · "_s + answer->notices.first();
    outcome.evidence = {{u"receipt"_s, answer->receipt.toJson()},
                        {u"notices"_s, QJsonArray::fromStringList(answer->notices)}};
    // A large reply is proved by its hash; only what a reader would look at is kept.
    if (answer->receipt.bytes < kEvidenceText)
        outcome.evidence[u"reply"_s] = redact(toText(*answer->reply));
    return outcome;
}

}  // namespace tocsin::ui
