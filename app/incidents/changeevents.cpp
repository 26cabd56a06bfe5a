#include "incidents/changeevents.h"

#include <QJsonArray>
#include <QRegularExpression>

#include "incidents/capturer.h"
#include "sdk/secret.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

QString kindOf(const inspection::ConnectionInfo& connection) {
    return connection.kind == u"redis" ? u"redis"_s : u"query"_s;
}

Event eventOf(const inspection::ConnectionInfo& connection, const QString& text,
              const QJsonObject& detail) {
    Event event;
    event.kind = kindOf(connection);
    event.text = text;
    event.detail = detail;
    return event;
}

QString comeOf(const QueryResult& result) {
    if (result.reply) {
        const QString line = toText(*result.reply).section(u'\n', 0, 0).trimmed();
        return line.size() > 60 ? line.left(60) + u'…' : line;
    }
    if (result.receipt.verdict.effect != Effect::ReadOnly && !result.notices.isEmpty())
        return result.notices.mid(0, 2).join(u", "_s);
    return result.receipt.rows == 1 ? u"1 row"_s : u"%1 rows"_s.arg(result.receipt.rows);
}

/// The guard's refusals carry the name of their rule, the server's an SQLSTATE or a sentence.
bool wasRefusedHere(const Error& error) {
    static const QRegularExpression rule(u"^[a-z]+(-[a-z]+)*$"_s);
    return (error.code == ErrorCode::Refused || error.code == ErrorCode::Parse) &&
           rule.match(error.detail).hasMatch();
}

}  // namespace

QString shortStatement(const QString& statement) {
    const QString line = statement.simplified();
    return line.size() <= 60 ? line : line.left(59) + u'…';
}

Event unlockEvent(const inspection::ConnectionInfo& connection, const QString& reason,
                  const QString& span) {
    return eventOf(connection, u"ran unlock of %1: %2: %3"_s.arg(connection.name, span, reason),
                   {{u"unlock_reason"_s, reason}});
}

Event changeEvent(const inspection::ConnectionInfo& connection, const QueryResult& result) {
    QJsonObject detail = keptResult(result);
    if (!result.notices.isEmpty())
        detail[u"notices"_s] = QJsonArray::fromStringList(result.notices);
    if (result.truncated) detail[u"truncated"_s] = true;
    if (result.notices.contains(u"committed"_s)) detail[u"decision"_s] = u"committed"_s;
    if (result.rows) detail[u"row_count"_s] = qint64(result.receipt.rows);
    return eventOf(connection,
                   u"ran %1 on %2: %3"_s.arg(shortStatement(result.receipt.statement),
                                             connection.name, comeOf(result)),
                   detail);
}

Event changeEvent(const inspection::ConnectionInfo& connection, const QString& statement,
                  const Error& error) {
    const QString shown = redact(statement);
    const QString words =
        wasRefusedHere(error) ? u"%1 on %2 was not run: %3"_s : u"%1 on %2 failed: %3"_s;
    return eventOf(connection, words.arg(shortStatement(shown), connection.name, error.message),
                   {{u"statement"_s, shown},
                    {u"connection"_s, connection.name},
                    {u"error"_s, nameOf(error.code)},
                    {u"message"_s, error.message},
                    {u"detail"_s, error.detail}});
}

}  // namespace tocsin::incidents
