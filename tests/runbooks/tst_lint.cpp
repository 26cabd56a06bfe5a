#include <QtTest>

#include "runbooks/commands.h"
#include "runbooks/lint.h"

using namespace tocsin::runbooks;

namespace {

QStringList rulesFor(const QVector<Block>& blocks) {
    QStringList rules;
    for (const Block& block : blocks)
        for (const Finding& finding : lint(block, QStringLiteral("x.md")))
            rules << finding.rule;
    rules.removeDuplicates();
    rules.sort();
    return rules;
}

QVector<Block> blocksOf(const QString& kind, const QString& text) {
    if (kind == QLatin1String("sql")) return blocksOfSql(text, 1, {}, nullptr);
    if (kind == QLatin1String("sh")) return blocksOfCommand(text, 1);
    Block link;
    link.kind = BlockKind::Link;
    link.text = text;
    return {link};
}

}  // namespace

class TestLint : public QObject {
    Q_OBJECT

private slots:
    void rules_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("wrong");
        QTest::addColumn<QString>("right");
        const auto row = [](const char* rule, const char* kind, const char* wrong,
                            const char* right) {
            QTest::addRow("%s", rule) << QString::fromLatin1(kind) << QString::fromUtf8(wrong)
                                      << QString::fromUtf8(right);
        };
        row("wrong-redis-key", "sh", "redis-cli LLEN bull:q:waiting", "redis-cli LLEN bull:q:wait");
        row("wrong-redis-type", "sh", "redis-cli LLEN bull:q:failed",
            "redis-cli ZCARD bull:q:failed");
        row("not-a-queue-key", "sh", "redis-cli LLEN queue:default",
            "redis-cli LLEN bull:default:wait");
        row("stalled-is-not-failed", "sh", "redis-cli SMEMBERS bull:q:stalled",
            "redis-cli SCARD bull:q:stalled");
        row("keys-blocks-redis", "sh", "redis-cli KEYS 'bull:*'",
            "redis-cli --scan --pattern 'bull:*'");
        row("flush-deletes-all", "sh", "redis-cli FLUSHALL", "redis-cli DBSIZE");
        row("deletes-queue-index", "sh", "redis-cli DEL bull:q:failed", "redis-cli DEL cache:a");
        row("password-on-command-line", "sh", "redis-cli -a secret PING", "redis-cli PING");
        row("redis-never-ends", "sh", "redis-cli --latency", "timeout 5 redis-cli --latency");
        row("redis-waits-for-input", "sh", "redis-cli -u $REDIS_URL",
            "redis-cli -u $REDIS_URL PING");
        row("wrong-statistics-column", "sql", "SELECT mean_time FROM pg_stat_statements",
            "SELECT mean_exec_time FROM pg_stat_statements");
        row("statistics-column-moved", "sql", "SELECT blk_read_time FROM pg_stat_statements",
            "SELECT blk_read_time FROM pg_stat_database");
        row("ends-every-session", "sql", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 4");
        row("idle-counts-as-active", "sql", "SELECT 1 FROM pg_stat_activity WHERE state <> 'idle'",
            "SELECT xact_start FROM pg_stat_activity WHERE state <> 'idle'");
        row("needs-restart", "sql", "ALTER SYSTEM SET max_connections = 200",
            "SHOW max_connections");
        row("exclusive-lock", "sql", "VACUUM FULL t", "VACUUM t");
        row("string-in-double-quotes", "sql", "SELECT 1 FROM t WHERE a = \"x\"",
            "SELECT 1 FROM t WHERE a = 'x'");
        row("shell-eats-quotes", "sh", "psql -c \"SELECT 1 FROM t WHERE \"userId\" = 5\"",
            "psql -c 'SELECT 1 FROM t WHERE \"userId\" = 5'");
        row("kills-the-server", "sh", "kill -9 $(pgrep postgres)", "kill 12");
        row("no-error-stop", "sh", "psql -d app -f x.sql",
            "psql -v ON_ERROR_STOP=1 -d app -f x.sql");
        row("dump-hides-failure", "sh", "pg_dump app | gzip > f",
            "set -o pipefail; pg_dump app | gzip > f");
        row("restores-over-production", "sh", "gunzip -c d.gz | psql -U app",
            "gunzip -c d.gz | psql -d new -1 -v ON_ERROR_STOP=1");
        row("never-ends", "sh", "tail -f a.log | grep x", "tail -n 500 a.log | grep x");
        row("needs-terminal", "sh", "top", "top -b -n 1 | head -20");
        row("opens-pager", "sh", "git log --oneline", "git --no-pager log --oneline");
        row("asks-for-password", "sh", "sudo systemctl restart x", "sudo -n systemctl restart x");
        row("no-time-limit", "sh", "curl http://h", "curl -fsS --max-time 10 http://h");
        row("asks-questions", "sh", "apt-get install x", "apt-get install -y x");
        row("revert-opens-editor", "sh", "git revert abc",
            "git revert --no-edit abc && git push origin HEAD:main");
        row("force-push", "sh", "git push --force origin main", "git push origin main");
        row("retired-compose", "sh", "docker-compose up -d", "docker compose up -d");
        row("deletes-volumes", "sh", "docker compose down -v", "docker compose down");
        row("restart-keeps-image", "sh", "docker compose restart api", "docker compose up -d api");
        row("kills-by-port", "sh", "kill -9 $(lsof -t -i:3000)", "systemctl --no-pager stop api");
        row("frees-nothing", "sh", "rm -f /var/log/app.log", "truncate -s 0 /var/log/app.log");
        row("lost-variable", "sh", "export X=y", "X=y env");
        row("no-such-option", "sh", "AWS_PAGER='' aws s3 rm s3://b --older-than 7d",
            "AWS_PAGER='' aws s3 ls s3://b");
        row("prints-secret", "sh", "echo $S3_SECRET_ACCESS_KEY",
            "test -n \"$S3_SECRET_ACCESS_KEY\" && echo set");
        row("kills-by-pattern", "sh", "pkill -f worker", "pgrep -f worker");
        row("wrong-authorization", "sh",
            "curl --max-time 9 -H 'Authorization: Bearer a:b' "
            "'https://api.mux.com/video/v1/assets?limit=1'",
            "curl --max-time 9 -u \"$A:$B\" 'https://api.mux.com/video/v1/assets?limit=1'");
        row("unbounded-list", "sh",
            "curl --max-time 9 -u \"$A:$B\" https://api.mux.com/video/v1/assets",
            "curl --max-time 9 -u \"$A:$B\" 'https://api.mux.com/video/v1/assets?limit=1'");
        row("wrong-address", "link", "https://status.cloudflare.com/",
            "https://www.cloudflarestatus.com");
        row("retired-api", "link", "http://am:9093/api/v1/alerts", "http://am:9093/api/v2/alerts");
        row("wrong-endpoint", "link", "https://sentry.io/api/0/projects/o/p/issues/?statsPeriod=1h",
            "https://sentry.io/api/0/organizations/o/issues/?statsPeriod=1h");
        row("unsigned-request", "sh", "curl --max-time 9 https://b.acc.r2.cloudflarestorage.com",
            "AWS_PAGER='' aws s3api head-bucket --bucket b");
        row("secret-in-address", "link", "https://h/x?token=abcdef123456",
            "https://h/x?token=$TOKEN");
    }

    void rules() {
        QFETCH(QString, kind);
        QFETCH(QString, wrong);
        QFETCH(QString, right);
        const QString rule = QString::fromLatin1(QTest::currentDataTag());
        const QStringList found = rulesFor(blocksOf(kind, wrong));
        QVERIFY2(found.contains(rule), qPrintable(found.join(u' ')));
        QCOMPARE(rulesFor(blocksOf(kind, right)), QStringList());
    }

    void everyRuleIsTried() {
        // By the rows above: a rule without one would go untested.
        QFile self(QStringLiteral(TOCSIN_TEST_SOURCE));
        QVERIFY(self.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(self.readAll());
        for (const QString& rule : lintRules())
            QVERIFY2(text.contains(QStringLiteral("row(\"%1\"").arg(rule)), qPrintable(rule));
    }

    void neverEnds_data() {
        QTest::addColumn<QString>("command");
        for (const char* command :
             {"iostat -x 1", "vmstat 1", "free -s 1", "docker logs -f api",
              "docker compose logs --follow", "kubectl logs -f pod", "journalctl -u x -f",
              "ping host", "mtr host", "docker stats", "pm2 logs", "watch df -h",
              "kubectl get pods -w", "tail -n 10 -F x"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }

    void neverEnds() {
        QFETCH(QString, command);
        QVERIFY(rulesFor(blocksOfCommand(command, 1)).contains(QStringLiteral("never-ends")));
    }
};

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
