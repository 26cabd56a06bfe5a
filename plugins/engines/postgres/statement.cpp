#include "plugins/engines/postgres/statement.h"

#include <pg_query.h>

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>
#include <algorithm>
#include <functional>
#include <memory>

#include "plugins/engines/postgres/functions.h"
#include "plugins/engines/postgres/lexer.h"

namespace tocsin::postgres {
namespace {

const QString kUnlock = QStringLiteral(
    "If it must run: rehearse it and confirm it by name, or on the command line add --unlock "
    "--reason TEXT.");

// libpg_query walks its tree by recursion without a limit: a chain of 100 000 operators overflows
// an ordinary stack and ends the program. A level takes two characters of text at least and less
// than 300 bytes of stack, so this length is safe on this stack.
constexpr qsizetype kLongest = 100'000;
constexpr unsigned kDeepStack = 64U * 1024 * 1024;

void onDeepStack(const std::function<void()>& work) {
    const std::unique_ptr<QThread> deep(QThread::create(work));
    deep->setStackSize(kDeepStack);
    deep->start();
    deep->wait();
}

struct Parsed {
    QByteArray tree;  ///< JSON
    QString error;
    int position = 0;  ///< of the error: character, counted from 1
};

Parsed parse(const QByteArray& text) {
    Parsed parsed;
    PgQueryParseResult raw = pg_query_parse(text.constData());
    if (raw.error) {
        parsed.error = QString::fromUtf8(raw.error->message);
        parsed.position = raw.error->cursorpos;
    } else {
        parsed.tree = raw.parse_tree;
    }
    pg_query_free_parse_result(raw);
    return parsed;
}

/// On a deep stack.
Statement understood(const QString& text);

Verdict verdict(Effect effect, const char* rule, const QString& reason,
                const QString& remedy = kUnlock) {
    return {effect, QString::fromLatin1(rule), reason, remedy};
}

struct KindRule {
    Effect effect;
    const char* rule;
    QString reason;
    bool neverRun = false;
};

const QHash<QString, KindRule>& kindRules() {
    static const QHash<QString, KindRule> rules = [] {
        QHash<QString, KindRule> r;
        const auto add = [&r](const char* node, Effect effect, const char* rule, const char* reason,
                              bool neverRun = false) {
            r.insert(QString::fromLatin1(node),
                     {effect, rule, QString::fromUtf8(reason), neverRun});
        };
        constexpr auto changes = Effect::Changes;
        constexpr auto unproven = Effect::Unproven;
        add("InsertStmt", changes, "write", "It inserts rows.");
        add("UpdateStmt", changes, "write", "It changes rows.");
        add("DeleteStmt", changes, "write", "It deletes rows.");
        add("MergeStmt", changes, "write", "It changes rows.");
        add("TruncateStmt", changes, "write", "It empties whole tables.");
        add("DropStmt", changes, "schema-change", "It drops something.");
        add("CopyStmt", unproven, "copy",
            "COPY moves data into or out of the server, and can start programs there.");
        add("DoStmt", unproven, "code-block", "DO runs code that the guard cannot see into.");
        add("CallStmt", unproven, "code-block",
            "CALL runs a procedure, which may change and commit anything.");
        add("LockStmt", changes, "lock", "It locks tables against everybody else.");
        add("VacuumStmt", changes, "maintenance",
            "VACUUM and ANALYZE rewrite tables or their statistics.");
        add("ReindexStmt", changes, "maintenance", "It rebuilds indexes.");
        add("ClusterStmt", changes, "maintenance", "It rewrites a table under a full lock.");
        add("CheckPointStmt", changes, "maintenance", "It forces a checkpoint.");
        add("AlterSystemStmt", changes, "server-setting", "It changes the server's settings.");
        add("NotifyStmt", changes, "notify", "It wakes the sessions that listen.");
        add("ListenStmt", changes, "session-state", "It would stay behind in the session.", true);
        add("UnlistenStmt", changes, "session-state", "It would stay behind in the session.", true);
        add("PrepareStmt", changes, "session-state",
            "A prepared statement would stay behind in the session.", true);
        add("ExecuteStmt", unproven, "session-state",
            "EXECUTE runs a statement that the guard cannot see.", true);
        add("DeallocateStmt", changes, "session-state", "It changes the session.", true);
        add("DeclareCursorStmt", unproven, "session-state", "A cursor would outlive the statement.",
            true);
        add("FetchStmt", unproven, "session-state", "There is no open cursor here.", true);
        add("ClosePortalStmt", unproven, "session-state", "There is no open cursor here.", true);
        add("DiscardStmt", changes, "session-state", "It changes the session.", true);
        add("LoadStmt", changes, "session-state", "It loads code into the server.");
        add("VariableSetStmt", changes, "session-setting",
            "SET and RESET change the session that the guard relies on.", true);
        add("ConstraintsSetStmt", changes, "session-setting", "It changes the transaction.", true);
        add("TransactionStmt", changes, "transaction-control",
            "It would begin or end the transaction that protects the server.", true);
        add("CreateTableAsStmt", changes, "schema-change", "It creates a table.");
        add("RefreshMatViewStmt", changes, "write", "It rewrites a materialized view.");
        return r;
    }();
    return rules;
}

Verdict verdictOf(const Mentions& found) {
    if (found.writes)
        return verdict(Effect::Changes, "cte-write",
                       QStringLiteral("A part of it inserts, changes or deletes rows."));
    if (found.selectsInto)
        return verdict(Effect::Changes, "select-into",
                       QStringLiteral("SELECT … INTO creates a table."));
    if (found.locksRows)
        return verdict(Effect::Changes, "row-lock",
                       QStringLiteral("FOR UPDATE and FOR SHARE lock rows against the others."),
                       QStringLiteral("Leave the clause out to only look."));
    for (const FunctionName& function : found.functions)
        if (const auto known = judgeByName(function)) return *known;
    // `(24817).pg_terminate_backend` is a call; of a table's columns only the server can tell.
    for (const FieldName& field : found.fields)
        if (const auto known = judgeByName({{}, field.name}); known && field.of.name.isEmpty())
            return *known;
    return {Effect::ReadOnly,
            QStringLiteral("parse"),
            QStringLiteral("Nothing in the text changes anything; the server confirms it before "
                           "it runs."),
            {}};
}

bool saysAnalyze(const QJsonValue& option) {
    const QJsonValue element = option[u"DefElem"];
    if (element[u"defname"].toString() != u"analyze") return false;
    if (element[u"arg"].toObject().contains(u"Integer"))
        return element[u"arg"][u"Integer"][u"ival"].toInt() != 0;
    const QString arg = element[u"arg"][u"String"][u"sval"].toString().toLower();
    return arg != u"false" && arg != u"off";
}

bool analyzes(const QJsonObject& explain) {
    const QJsonArray options = explain[u"options"].toArray();
    return std::any_of(options.begin(), options.end(), saysAnalyze);
}

void takeSelect(Statement& statement, const QJsonObject& tree, const QString& text) {
    statement.kind = Statement::Kind::Select;
    statement.executed = text;
    statement.mentions = mentionedIn(tree);
    statement.verdict = verdictOf(statement.mentions);
}

void takeExplain(Statement& statement, const QJsonObject& explain, const QString& text) {
    statement.kind = Statement::Kind::Explain;
    const QJsonObject inner = explain[u"query"].toObject();
    const QString node = inner.isEmpty() ? QString() : inner.begin().key();
    const bool query = node == u"SelectStmt";
    const bool write = kindRules().value(node).rule == QByteArrayView("write");
    if (!analyzes(explain) && (query || write)) {
        statement.mentions = mentionedIn(inner);
        statement.verdict = {Effect::ReadOnly,
                             QStringLiteral("explain"),
                             QStringLiteral("EXPLAIN without ANALYZE only plans; for the plan the "
                                            "server may compute functions marked immutable or "
                                            "stable."),
                             {}};
        return;
    }
    if (!analyzes(explain)) {
        statement.verdict =
            verdict(Effect::Changes, "explain-kind",
                    QStringLiteral("EXPLAIN of this is not known to leave everything as it is."),
                    QStringLiteral("Explain the query inside it."));
        return;
    }
    if (!query) {
        statement.verdict = verdict(Effect::Changes, "explain-analyze",
                                    QStringLiteral("EXPLAIN ANALYZE runs what it explains."),
                                    QStringLiteral("Leave ANALYZE out to see the plan only."));
        return;
    }
    // The inner query is proved on its own, so it must be found in the text and parse alone.
    const Statement alone = understood(afterExplain(text));
    if (alone.kind != Statement::Kind::Select) {
        statement.verdict = verdict(Effect::Unproven, "explain-analyze",
                                    QStringLiteral("The query inside EXPLAIN ANALYZE could not be "
                                                   "told apart."));
        return;
    }
    statement.executed = alone.executed;
    statement.measures = true;
    statement.mentions = alone.mentions;
    statement.verdict = alone.verdict;
}

void takeStatement(Statement& statement, const QJsonObject& tree, const QString& text) {
    const QString node = tree.isEmpty() ? QString() : tree.begin().key();
    if (node == u"SelectStmt") return takeSelect(statement, tree, text);
    if (node == u"ExplainStmt") return takeExplain(statement, tree[node].toObject(), text);
    if (node == u"VariableShowStmt") {
        statement.kind = Statement::Kind::Show;
        statement.verdict = {
            Effect::ReadOnly, QStringLiteral("show"), QStringLiteral("SHOW reads a setting."), {}};
        return;
    }
    const auto rule = kindRules().find(node);
    if (rule == kindRules().end()) {
        statement.verdict =
            verdict(Effect::Changes, "statement-kind",
                    QStringLiteral("It is not a query: it defines or changes something."));
        return;
    }
    statement.neverRun = rule->neverRun;
    statement.verdict =
        verdict(rule->effect, rule->rule, rule->reason,
                rule->neverRun ? QStringLiteral("The console keeps that in its own hands; use psql "
                                                "if you need it.")
                               : kUnlock);
}

void takeSyntaxError(Statement& statement, const Parsed& parsed, const QString& text) {
    if (parsed.position > 0) statement.position = utf16Offset(text, parsed.position - 1);
    const bool meta = text.trimmed().startsWith(u'\\');
    statement.verdict =
        meta ? verdict(Effect::Unproven, "parse",
                       QStringLiteral("Commands with a backslash belong to psql, not to the "
                                      "server."),
                       QStringLiteral("Ask the catalogue instead, for example "
                                      "information_schema.columns."))
             : verdict(Effect::Unproven, "parse",
                       QStringLiteral("PostgreSQL's grammar does not understand it: %1.")
                           .arg(parsed.error),
                       QStringLiteral("Mend it where the mark is; nothing was sent."));
}

Statement understood(const QString& text) {
    Statement statement;
    const Parsed parsed = parse(text.toUtf8());
    if (!parsed.error.isEmpty()) {
        takeSyntaxError(statement, parsed, text);
        return statement;
    }
    // A tree nested deeper than Qt's JSON reader goes comes back empty: unproven, never allowed.
    const QJsonDocument document = QJsonDocument::fromJson(parsed.tree);
    if (!document.isObject()) {
        statement.verdict = verdict(Effect::Unproven, "parse",
                                    QStringLiteral("It is nested too deeply to be understood."),
                                    QStringLiteral("Split it into simpler statements."));
        return statement;
    }
    // Qt leaves a mark at the beginning of a name out: another name.
    if (parsed.tree.contains("\xef\xbb\xbf") || parsed.tree.toLower().contains("\\ufeff")) {
        statement.verdict =
            verdict(Effect::Unproven, "parse",
                    QStringLiteral("It contains a byte order mark (U+FEFF), which nobody sees."),
                    QStringLiteral("Write it anew without the mark."));
        return statement;
    }
    const QJsonArray statements = document[u"stmts"].toArray();
    statement.parsed = true;
    if (statements.size() != 1) {
        statement.neverRun = true;
        statement.verdict =
            statements.isEmpty()
                ? verdict(Effect::Unproven, "empty", QStringLiteral("There is nothing to run."),
                          QStringLiteral("Write a statement."))
                : verdict(Effect::Unproven, "single-statement",
                          QStringLiteral("It holds %1 statements; one runs at a time.")
                              .arg(statements.size()),
                          QStringLiteral("Run them one after the other."));
        return statement;
    }
    takeStatement(statement, statements[0][u"stmt"].toObject(), text);
    return statement;
}

}  // namespace

Verdict measuringVerdict() {
    return verdict(Effect::Unproven, "explain-measures",
                   QStringLiteral("EXPLAIN ANALYZE runs the query to measure it."),
                   QStringLiteral("Unlock the connection to measure, or leave ANALYZE out to see "
                                  "the plan only."));
}

Mentions mentionedInBody(const QString& body) {
    Mentions mentions;
    if (body.size() > kLongest || body.contains(QChar(0))) return mentions;
    onDeepStack([&mentions, &body] {
        const Parsed parsed = parse(body.toUtf8());
        const QJsonDocument document = QJsonDocument::fromJson(parsed.tree);
        if (document.isObject()) mentions = mentionedIn(document[u"stmts"]);
    });
    return mentions;
}

Statement examine(const QString& text) {
    Statement statement;
    if (text.contains(QChar(0))) {
        statement.verdict = verdict(Effect::Unproven, "parse",
                                    QStringLiteral("It contains a zero byte."), QString());
        statement.neverRun = true;
        return statement;
    }
    if (text.size() > kLongest) {
        statement.verdict =
            verdict(Effect::Unproven, "parse",
                    QStringLiteral("It is longer than %1 characters.").arg(kLongest),
                    QStringLiteral("Split it into smaller statements."));
        return statement;
    }
    onDeepStack([&statement, &text] { statement = understood(text); });
    return statement;
}

}  // namespace tocsin::postgres
