#include "ui/query/rehearsal.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString confirmTr(const char* text) {
    return QCoreApplication::translate("tocsin::ui::SqlConfirm", text);
}

QString blocksText(const SessionFacts& facts) {
    if (facts.blocks == u"0") return confirmTr("nobody");
    const QString count = facts.blocks == u"1"
                              ? confirmTr("1 session directly")
                              : confirmTr("%1 sessions directly").arg(facts.blocks);
    return facts.waiterNames.isEmpty() ? count : count + u": "_s + facts.waiterNames;
}

QString writesText(const SessionFacts& facts) {
    QString text = facts.writes.isEmpty()
                       ? confirmTr("nothing written so far, as far as its locks show")
                       : confirmTr("what it wrote to %1").arg(facts.writes);
    if (!facts.transactionId.isEmpty())
        text += confirmTr(", %1 transactions ago").arg(facts.transactionId);
    return text;
}

}  // namespace

std::optional<SignalTarget> signalTarget(const QString& sql) {
    static const QRegularExpression comments(u"--[^\\n]*|/\\*.*?\\*/"_s,
                                             QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression call(
        u"^\\s*select\\s+(?:pg_catalog\\.)?(pg_terminate_backend|pg_cancel_backend)"
        u"\\s*\\(\\s*(?:(\\d{1,10})|pid)\\s*\\)"
        u"(?:\\s+from\\s+(?:pg_catalog\\.)?pg_stat_activity\\s+where\\s+([^;]+))?\\s*;?\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression one(u"(?:^|\\band\\s)\\s*pid\\s*=\\s*(\\d{1,10})\\b"_s,
                                        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression several(u"\\bor\\b"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    const auto match = call.match(QString(sql).remove(comments));
    if (!match.hasMatch()) return std::nullopt;
    const QString function = match.captured(1).toLower();
    const QString condition = match.captured(3).trimmed();
    if (condition.isEmpty()) {
        if (match.captured(2).isEmpty()) return std::nullopt;
        return SignalTarget{function, match.captured(2).toLongLong()};
    }
    const auto pid = one.match(condition);
    if (!match.captured(2).isEmpty() || !pid.hasMatch() || several.match(condition).hasMatch())
        return std::nullopt;
    return SignalTarget{function, pid.captured(1).toLongLong(), condition.simplified()};
}

QString rehearsalQuery(const SignalTarget& target) {
    return uR"(SELECT a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), 'local') AS client,
       coalesce(a.state, a.backend_type) AS state,
       to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS started,
       date_trunc('second', now() - a.xact_start) AS age, left(a.query, 300) AS query,
       (SELECT count(*) FROM pg_stat_activity b WHERE b.wait_event_type = 'Lock' AND a.pid = ANY (pg_blocking_pids(b.pid))) AS blocks,
       to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS began,
       ARRAY(SELECT b.pid FROM pg_stat_activity b WHERE b.wait_event_type = 'Lock' AND a.pid = ANY (pg_blocking_pids(b.pid)) ORDER BY 1) AS waiters,
       (SELECT string_agg(DISTINCT coalesce(c.relname::text, l.relation::text), ', ') FROM pg_locks l
        LEFT JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'm')
        WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND c.oid IS NOT NULL
          AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) AS writes,
       (SELECT string_agg(w.who, ', ') || CASE WHEN count(*) = 8 THEN ' …' ELSE '' END
        FROM (SELECT concat_ws(' ', b.pid, coalesce(b.usename, b.backend_type), nullif(b.application_name, '')) AS who
              FROM pg_stat_activity b WHERE b.wait_event_type = 'Lock' AND a.pid = ANY (pg_blocking_pids(b.pid))
              ORDER BY b.state_change LIMIT 8) w) AS waiter_names,
       age(a.backend_xid) AS transaction_id
FROM pg_stat_activity a WHERE a.pid = %1)"_s.arg(target.pid);
}

std::optional<SessionFacts> sessionFacts(const ResultSet& answer) {
    if (answer.rowCount() != 1 || answer.columns().size() != 14) return std::nullopt;
    const auto text = [&answer](int column) {
        const auto cell = answer.cell(0, column);
        return cell ? QString::fromUtf8(*cell) : QString();
    };
    return SessionFacts{text(0), text(1), text(2), text(3),  text(4),  text(5),  text(6),
                        text(7), text(8), text(9), text(10), text(11), text(12), text(13)};
}

QString guardedStatement(const SignalTarget& target, const SessionFacts& facts) {
    return u"SELECT pid, %1(pid) AS signalled\nFROM pg_stat_activity\n"
           u"WHERE pid = %2 AND backend_start = '%3'::timestamptz\n"
           u"  AND xact_start IS NOT DISTINCT FROM %4"_s.arg(
               target.function, QString::number(target.pid), facts.startedAt,
               facts.transactionAt.isEmpty() ? u"NULL"_s
                                             : u"'%1'::timestamptz"_s.arg(facts.transactionAt)) +
           (target.condition.isEmpty() ? QString() : u"\n  AND (%1)"_s.arg(target.condition));
}

QString aftermathQuery(const SessionFacts& facts) {
    return uR"(SELECT (SELECT count(*) FROM pg_stat_activity WHERE pid = %1 AND backend_start = '%2'::timestamptz) AS still_there,
       count(*) FILTER (WHERE wait_event_type = 'Lock' AND %1 = ANY (pg_blocking_pids(pid))) AS still_waiting
FROM pg_stat_activity WHERE pid = ANY ('%3'::int[]))"_s.arg(facts.pid, facts.startedAt,
                                                            facts.waiters);
}

ConfirmRequest confirmRequest(const inspection::ConnectionInfo& connection, const QString& sql,
                              const std::optional<SessionFacts>& facts) {
    ConfirmRequest request;
    request.connection = connection.name;
    request.place = connection.place;
    request.production = connection.isProduction();
    request.headline = confirmTr("This changes %1").arg(connection.name);
    request.statement = sql.trimmed();
    const auto target = signalTarget(sql);
    if (!target || !facts) return request;
    request.headline = target->function == u"pg_cancel_backend"
                           ? confirmTr("Stop the statement of session %1").arg(facts->pid)
                           : confirmTr("End session %1").arg(facts->pid);
    const QString age = facts->transactionAge;
    request.facts = {
        {confirmTr("Who"),
         confirmTr("%1 · %2 · from %3").arg(facts->user, facts->application, facts->client)},
        {confirmTr("State"), facts->state},
        {confirmTr("In transaction"),
         age.isEmpty() ? confirmTr("no") : confirmTr("for %1").arg(age)},
        {confirmTr("Connected at"), facts->startedAt},
        {confirmTr("Rolls back"), writesText(*facts)},
        {confirmTr("Frees"), blocksText(*facts)},
        {confirmTr("Last statement"), facts->query}};
    request.statement = guardedStatement(*target, *facts);
    return request;
}

}  // namespace tocsin::ui
