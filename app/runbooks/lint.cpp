#include "runbooks/lint.h"

#include <QRegularExpression>

#include "runbooks/contexts.h"
#include "runbooks/shelltext.h"

namespace tocsin::runbooks {

namespace {

enum Kinds {
    Sql = 1,
    Redis = 2,
    Http = 4,
    Link = 8,
    Shell = 16,
    Commands = Redis | Http | Shell,
    Addresses = Http | Link
};

struct Rule {
    const char* name;
    int kinds;
    const char* wrong;   ///< regular expression on what is run, or on the line as written
    const char* unless;  ///< makes it right after all; null: nothing does
    const char* message;
};

const Rule rules[] = {
    // Redis and queues
    {"wrong-redis-key", Redis | Shell, R"(\bllen\s+\S+:waiting\b)", nullptr,
     R"(There is no key "waiting" in BullMQ, so this is always 0. Use LLEN …:wait, with LLEN )"
     "…:paused and ZCARD …:prioritized beside it."},
    {"wrong-redis-type", Redis | Shell, R"(\bllen\s+\S+:(failed|delayed|completed|prioritized)\b)",
     nullptr,
     "This key is a sorted set: LLEN answers WRONGTYPE, and redis-cli still exits with 0. Use "
     "ZCARD."},
    {"not-a-queue-key", Redis | Shell, R"(\bllen\s+queue:\w+)", nullptr,
     "BullMQ keeps no list queue:NAME, so this is always 0. Use LLEN bull:NAME:wait."},
    {"stalled-is-not-failed", Redis | Shell, R"(\bsmembers\s+\S+:stalled\b)", nullptr,
     R"("stalled" holds candidates, most of them healthy. Use ZRANGE …:failed 0 9 REV for the )"
     "failed jobs."},
    {"keys-blocks-redis", Redis | Shell, R"((^|\bredis-cli\b[^|\n]*\s)keys\s+\S*[*?])", nullptr,
     "KEYS stops Redis for everyone while it looks at every key. Use redis-cli --scan --pattern "
     "'…'."},
    {"flush-deletes-all", Redis | Shell, R"(\bflush(all|db)\b)", nullptr,
     "This deletes queues, sessions and locks too. Delete by a scanned prefix, on the cache's own "
     "server."},
    {"deletes-queue-index", Redis | Shell,
     R"(\bdel\s+\S+:(failed|completed|delayed|wait|active)\b)", nullptr,
     "This leaves every job's hash behind. Use the application's queue.clean() or retry."},
    {"password-on-command-line", Redis | Shell, R"(\bredis-cli\b[^|\n]*\s-a\s+\S+)", nullptr,
     "The password shows in the process list and in the history. Use REDISCLI_AUTH."},
    {"redis-never-ends", Shell,
     R"(\bredis-cli\b[^|\n]*\s(--stat|--latency(-history|-dist)?|monitor|m?p?subscribe)\b)",
     R"(\btimeout\s+\d)",
     R"(This does not end by itself. Use INFO or SLOWLOG GET, or put "timeout 5" before it.)"},
    {"redis-waits-for-input", Shell, R"(^\s*redis-cli(\s+-[unhp]\s+\S+)*\s*$)", nullptr,
     "redis-cli without a command waits for input. Write the command after it."},
    // SQL
    {"wrong-statistics-column", Sql, R"(\b(mean|total|min|max|stddev)_time\b)", nullptr,
     "These columns of pg_stat_statements are named mean_exec_time, total_exec_time … since "
     "PostgreSQL 13."},
    {"statistics-column-moved", Sql,
     R"(\bpg_stat_statements\b.*\bblk_(read|write)_time\b|\bblk_(read|write)_time\b.*\bpg_)"
     R"(stat_statements\b)",
     "shared_blk|temp_blk",
     "PostgreSQL 17 renamed this column to shared_blk_read_time / shared_blk_write_time. Ask "
     "information_schema.columns which one there is."},
    {"ends-every-session", Sql,
     R"(\bpg_(terminate|cancel)_backend\s*\(\s*(\w+\.)?pid\s*\).*\bpg_stat_activity\b)",
     R"(\bpid\s*=|pg_backend_pid|pid\s+IN\b)",
     "This may end its own session, replication and the pooler. Name the pid, or add pid <> "
     "pg_backend_pid() and backend_type = 'client backend'."},
    {"idle-counts-as-active", Sql, R"(state\s*(<>|!=)\s*'idle')", "xact_start",
     "This also lists sessions that are idle in a transaction, with an old query. Use xact_start "
     "and show the state."},
    {"needs-restart", Sql,
     R"(\balter\s+system\s+set\s+(max_connections|shared_buffers|shared_preload_libraries)\b)",
     nullptr,
     "This setting only counts after a restart of the server. End idle sessions, or use a pooler."},
    {"exclusive-lock", Sql, R"(\bvacuum\s*(\(\s*)?full\b|\breindex\b(?!.*\bconcurrently\b))",
     nullptr, "This locks the table for everyone. Use plain VACUUM, or REINDEX … CONCURRENTLY."},
    {"string-in-double-quotes", Sql, R"((=|<>|\bin\s*\(|\blike)\s*"[^"]+"(?!\s*\.))", nullptr,
     "Double quotes name a column. A text goes in single quotes: 'value'."},
    {"kills-the-server", Shell, R"(\bkill\s+-(9|KILL|SIGKILL)\b.*(postgres|pg))", nullptr,
     "Killing one PostgreSQL process restarts the whole server. Use pg_cancel_backend, then "
     "pg_terminate_backend."},
    {"no-error-stop", Shell, R"(\bpsql\b.*(\s-f\s|<\s*\S))", "ON_ERROR_STOP",
     "Without -v ON_ERROR_STOP=1 a script that fails ends with 0 and looks fine."},
    {"dump-hides-failure", Shell, R"(\bpg_dump(all)?\b[^\n]*\|)", "pipefail",
     R"(The pipe hides a failed dump. Put "set -o pipefail" before it and test the file.)"},
    {"restores-over-production", Shell, R"(\bg(un)?zip\b[^\n]*\|[^\n]*\bpsql\b)", "ON_ERROR_STOP",
     "Name a new database and stop on errors: psql -d NEW -1 -v ON_ERROR_STOP=1."},
    // Commands that never end, or need a terminal
    {"never-ends", Shell, R"(\btail\b[^|;&\n]*\s(-\w*[fF]\w*|--follow\S*))", R"(\btimeout\s+\d)",
     "This follows the file for ever. Use tail -n 500."},
    {"never-ends", Shell,
     R"(\b(docker|docker-compose|kubectl|podman)\b[^|;&\n]*\blogs\b[^|;&\n]*\s(-f|--follow))"
     R"(\b|\b(docker|docker-compose|podman)\b[^|;&\n]*\blogs\s+-\w*f)",
     R"(\btimeout\s+\d)", "This follows the log for ever. Use --tail 200 or --since 10m."},
    {"never-ends", Shell, R"(\bjournalctl\b[^|;&\n]*\s(-\w*f\w*|--follow)\b)", R"(\btimeout\s+\d)",
     "This follows the journal for ever. Use journalctl -n 200 --no-pager."},
    {"never-ends", Shell, R"(\bkubectl\s+get\b[^|;&\n]*\s(-w|--watch)\b|(^|[|;&]\s*)watch\s+\S)",
     nullptr, "This repeats for ever. Run it once, and again when you need it."},
    {"never-ends", Shell, R"(\biostat\b(?![^|;&\n]*\s\d+\s+\d+)[^|;&\n]*\s\d+\s*($|[|;&]))",
     nullptr,
     "Without a count this never ends. Use iostat -xz 1 3; the first report is the average since "
     "boot."},
    {"never-ends", Shell, R"(\b(vmstat|sar)\s+\d+\s*($|[|;&\n])|\bfree\b[^|;&\n]*\s-\w*s\b)",
     R"(\bfree\b.*\s-c\b)", "Without a count this never ends. Give one: vmstat 1 3."},
    {"never-ends", Shell, R"(\bdocker\s+stats\b)", "--no-stream",
     "This refreshes for ever. Use docker stats --no-stream."},
    {"never-ends", Shell, R"((^|[|;&\n]\s*)ping\s)", R"(\s-c\s*\d)",
     "This never ends. Use ping -c 4 -W 2 HOST."},
    {"never-ends", Shell, R"((^|[|;&\n]\s*)mtr\s)", R"(\s-\w*[rc])",
     "This never ends. Use mtr -rwc 10 HOST."},
    {"never-ends", Shell, R"(\bpm2\s+logs\b)", "--nostream",
     "This follows the logs for ever. Use pm2 logs --nostream --lines 200."},
    {"needs-terminal", Shell, R"((^|[|;&\n]\s*)(sudo\s+(-n\s+)?)?top(?!\s+(-\w*b|-l\s)))", nullptr,
     "top needs a terminal. Use top -b -n 1 | head -20."},
    {"needs-terminal", Shell, R"((^|[|;&\n]\s*)(htop|pm2\s+monit|k9s|vim?|nano|less)\b)", nullptr,
     "This needs a terminal of its own. Use a command that prints and ends."},
    {"needs-terminal", Shell, R"(\b(docker|podman)(\s+compose)?\s+exec\s+-\w*t)", nullptr,
     "A terminal is refused when a program runs this. Use exec -i, or neither."},
    {"opens-pager", Shell, R"((^|[|;&\n]\s*)git\s+(log|show|diff|blame)\b)", nullptr,
     "The pager waits for a key. Use git --no-pager."},
    {"opens-pager", Shell, R"(\bsystemctl\s+(--\S+\s+)*status\b)", R"(--no-pager|\|)",
     "The pager waits for a key. Use systemctl --no-pager status."},
    {"opens-pager", Shell, R"(\bjournalctl\b)", R"(--no-pager|\||-f\b|--follow)",
     "The pager waits for a key. Use journalctl --no-pager -n 200."},
    {"opens-pager", Shell, R"((^|[|;&\n]\s*)aws\s)", R"(AWS_PAGER|--no-cli-pager|\|)",
     R"(The pager waits for a key. Put AWS_PAGER="" before it.)"},
    {"asks-for-password", Shell, R"((^|[|;&\n]\s*)ssh\s)", "BatchMode",
     "This may ask for a password or a host key. Use ssh -o BatchMode=yes -o ConnectTimeout=5."},
    {"asks-for-password", Shell, R"(\bsudo\s+(?!-n))", nullptr,
     "This may ask for a password. Use sudo -n."},
    {"no-time-limit", Http, R"(\bcurl\b)", R"(--max-time|\s-m\s*\d|\s-\w*m\s+\d)",
     "curl waits without limit, and ends with 0 on a 503. Use curl -fsS --max-time 10."},
    {"asks-questions", Shell, R"(\b(apt|apt-get|dnf|yum)\s+(install|upgrade|remove)\b)",
     R"(\s-y\b)", "This asks before it acts. Give -y; better not during an incident."},
    // Git, deploy, containers
    {"revert-opens-editor", Shell, R"(\bgit\s+revert\b)",
     "--no-edit|--abort|--continue|--no-commit",
     "This opens an editor and stays local. Use git revert --no-edit SHA (-m 1 for a merge) && git "
     "push origin HEAD:main, then watch the deploy."},
    {"force-push", Shell,
     R"(\bgit\s+push\b[^|;&\n]*\s(--force(?!-with-lease)|-f)\b|\bgit\s+reset\s+--hard\b)", nullptr,
     "This throws away what others pushed, and protected branches refuse it. Revert the commit."},
    {"retired-compose", Shell, R"(\bdocker-compose\b)", nullptr,
     "docker-compose is retired. Use docker compose, with -f or a project name."},
    {"deletes-volumes", Shell,
     R"(\bcompose\s+down\b[^|;&\n]*\s(-v|--volumes)\b|\bdocker\s+(volume|system)\s+prune\b)",
     nullptr, "This deletes data of services that happen to be stopped. Name what has to go."},
    {"restart-keeps-image", Shell, R"(\bcompose\s+restart\b)", nullptr,
     "A restart does not apply a new image or environment. Use docker compose up -d SERVICE."},
    {"kills-by-port", Shell, R"(\bkill\b[^\n]*\blsof\b)", nullptr,
     "This may hit clients of the port too. Stop the service by its manager."},
    {"frees-nothing", Shell, R"(\brm\s+(-\w+\s+)*\S*\.log\b)", nullptr,
     "A log file that is open keeps its space after rm. Truncate it, or rotate."},
    {"lost-variable", Shell, R"(^\s*export\s+\w+=[^\n;&]*$)", nullptr,
     "The next command runs in a process of its own and does not see this. Set it in the service."},
    {"no-such-option", Shell, R"(\baws\s+s3\s+rm\b[^\n]*--older-than)", nullptr,
     "aws s3 rm has no --older-than. Use a lifecycle rule."},
    {"prints-secret", Shell, R"(\becho\s+"?\$\{?\w*(SECRET|PASSWORD|TOKEN|PRIVATE|ACCESS_KEY)\w*)",
     nullptr,
     R"(This prints a secret on the screen and into the record. Ask only whether it is set: test -n )"
     R"("$NAME" && echo set.)"},
    {"kills-by-pattern", Shell, R"(\bpkill\s+-f\b)", nullptr,
     "The pattern matches anything whose command line holds it, an editor too, and nothing starts "
     "the worker again. Restart the service by its manager."},
    // HTTP APIs and addresses
    {"wrong-authorization", Http, R"(api\.mux\.com.*\bbearer\b|\bbearer\b.*api\.mux\.com)", nullptr,
     R"(Mux wants HTTP Basic: curl -u "$MUX_TOKEN_ID:$MUX_TOKEN_SECRET".)"},
    {"wrong-address", Addresses, R"(api\.mux\.com/health)", nullptr,
     "Mux documents no such path. Use https://api.mux.com/video/v1/assets?limit=1."},
    {"unbounded-list", Http, R"(api\.mux\.com/video/v1/assets)",
     "limit=", "This asks for a whole page of assets. Add ?limit=1."},
    {"wrong-address", Addresses, R"(//status\.cloudflare\.com)", nullptr,
     "Cloudflare's status is at https://www.cloudflarestatus.com."},
    {"wrong-address", Addresses, R"(//status\.github\.com)", nullptr,
     "GitHub's status is at https://www.githubstatus.com."},
    {"wrong-address", Addresses, R"(//(www\.)?vercelstatus\.com)", nullptr,
     "Vercel's status is at https://www.vercel-status.com."},
    {"wrong-address", Addresses, R"(//status\.aws\.amazon\.com)", nullptr,
     "AWS moved its status to https://health.aws.amazon.com/health/status."},
    {"wrong-address", Addresses, R"(status\.stripe\.com/api/)", nullptr,
     "Stripe's status has no such API. Use https://status.stripe.com/current."},
    {"retired-api", Addresses, R"(/api/v1/(alerts|silences)\b)", "prometheus|:9090",
     "Alertmanager answers 410 here. Use /api/v2/…."},
    {"retired-api", Http, R"(-X\s*DELETE.*/api/v2/silences/)", nullptr,
     "To end a silence, DELETE /api/v2/silence/ID, without the s."},
    {"wrong-endpoint", Addresses, "/api/0/projects/.*statsPeriod=(?!24h|14d)", nullptr,
     "Sentry answers 400 here. Use /api/0/organizations/ORG/issues/."},
    {"wrong-authorization", Http,
     R"(api\.pagerduty\.com.*\bbearer\b|\bbearer\b.*api\.pagerduty\.com)", nullptr,
     "PagerDuty wants Authorization: Token token=KEY, and From: on writes."},
    {"unsigned-request", Http, R"(r2\.cloudflarestorage\.com)", "--aws-sigv4",
     "Unsigned, this answers 400 or 403 whatever the bucket's state. Use a signed HeadBucket: aws "
     "s3api head-bucket."},
    {"secret-in-address", Addresses, R"([?&](token|api_?key|secret|password)=(?![\[<{$])\w{6,})",
     nullptr, "A secret in an address ends up in every log. Refer to it by name."},
};

int kindBit(BlockKind kind) {
    switch (kind) {
        case BlockKind::Postgres:
            return Sql;
        case BlockKind::Redis:
            return Redis;
        case BlockKind::Http:
            return Http;
        case BlockKind::Link:
            return Link;
        case BlockKind::Shell:
            break;
    }
    return Shell;
}

struct Compiled {
    QRegularExpression wrong, unless;
};

const std::vector<Compiled>& compiledRules() {
    static const std::vector<Compiled> compiled = [] {
        std::vector<Compiled> all;
        const auto options =
            QRegularExpression::CaseInsensitiveOption | QRegularExpression::MultilineOption;
        for (const Rule& rule : rules) {
            const bool crossesLines = rule.kinds == Sql || rule.kinds == Http;
            const auto own =
                crossesLines ? options | QRegularExpression::DotMatchesEverythingOption : options;
            all.push_back({QRegularExpression(QString::fromLatin1(rule.wrong), own),
                           QRegularExpression(rule.unless ? QString::fromLatin1(rule.unless)
                                                          : QStringLiteral("(?!)"),
                                              own)});
        }
        return all;
    }();
    return compiled;
}

Finding finding(const Block& block, const QString& file, qsizetype at, const QString& rule,
                const QString& message) {
    const int line = block.line + static_cast<int>(QStringView(block.text).left(at).count(u'\n'));
    return {file, line, 0, QStringLiteral("warning"), rule, message};
}

/// `psql -c "… "creatorId" …"`: the shell takes the inner quotes away.
bool losesQuotes(const Block& block) {
    if (!block.source.contains(QLatin1String("psql"))) return false;
    const QVector<ShellWord> words = shellWords(block.source);
    return std::any_of(words.begin(), words.end(), [](const ShellWord& word) {
        return word.hasEatenQuotes && word.text.contains(u' ');
    });
}

/// What is looked at: comments and, for SQL, nothing in them, may speak of the wrong form.
QString withoutComments(const Block& block) {
    if (block.kind != BlockKind::Postgres && block.kind != BlockKind::Shell) return block.text;
    const auto marks =
        block.kind == BlockKind::Postgres ? sqlContexts(block.text) : shellContexts(block.text);
    QString text = block.text;
    for (qsizetype i = 0; i < text.size(); ++i)
        if (marks[i] == Context::Comment && text[i] != u'\n') text[i] = u' ';
    return text;
}

}  // namespace

QVector<Finding> lint(const Block& block, const QString& file) {
    // Longer is no command that a person wrote; the expressions are not linear on everything.
    constexpr qsizetype longestText = 16 * 1024;
    QVector<Finding> findings;
    if (block.text.size() > longestText) return findings;
    const QString text = withoutComments(block);
    const int bit = kindBit(block.kind);
    for (std::size_t i = 0; i < std::size(rules); ++i) {
        if ((rules[i].kinds & bit) == 0) continue;
        const auto match = compiledRules()[i].wrong.match(text);
        if (match.hasMatch() && !compiledRules()[i].unless.match(text).hasMatch())
            findings << finding(block, file, match.capturedStart(),
                                QString::fromLatin1(rules[i].name),
                                QString::fromUtf8(rules[i].message));
    }
    if (losesQuotes(block))
        findings << finding(block, file, 0, QStringLiteral("shell-eats-quotes"),
                            QStringLiteral("The shell takes the inner double quotes away. Write -c "
                                           "'…', or a here document with <<'SQL'."));
    if (block.kind == BlockKind::Redis &&
        block.source.contains(QRegularExpression(QStringLiteral("\\bredis-cli\\b.*\\s-a\\s"))))
        findings << finding(
            block, file, 0, QStringLiteral("password-on-command-line"),
            QStringLiteral(
                "The password shows in the process list and in the history. Use REDISCLI_AUTH."));
    return findings;
}

QStringList lintRules() {
    QStringList names{QStringLiteral("shell-eats-quotes")};
    for (const Rule& rule : rules)
        names << QString::fromLatin1(rule.name);
    names.removeDuplicates();
    names.sort();
    return names;
}

}  // namespace tocsin::runbooks
