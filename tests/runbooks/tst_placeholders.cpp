#include <QtTest>

#include "runbooks/placeholders.h"

using namespace tocsin::runbooks;

class TestPlaceholders : public QObject {
    Q_OBJECT

private slots:
    void finds_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        const auto row = [](BlockKind kind, const char* text, const QStringList& names) {
            QTest::addRow("%s: %s", qPrintable(toString(kind)), text)
                << static_cast<int>(kind) << QString::fromUtf8(text) << names;
        };
        const auto sql = BlockKind::Postgres;
        row(sql, "WHERE pid = [PID_HERE]", {"PID_HERE"});
        row(sql, "WHERE id = '[USER_ID]'", {"USER_ID"});
        row(sql, "WHERE id = <user-id>", {"user-id"});
        row(sql, "WHERE id = {{ user_id }} AND t = ${T_NAME:-x}", {"user_id", "T_NAME"});
        row(sql, "WHERE id = $USER", {"USER"});
        row(sql, "WHERE id = $1 AND b = $2", {});
        row(sql, "SELECT $$ [PID] $$, $x$ [PID] $x$", {});
        row(sql, "SELECT a[1], b[idx], (c)[name], ARRAY[status], ARRAY [status]", {});
        row(sql, "WHERE a <b AND c> d", {});
        row(sql, "WHERE a<b>c", {});
        row(sql, "WHERE a ~ '^[a-z]+$' AND b ~ '[A-Z0-9_]' AND c ~ '[abc]{2}'", {});
        row(sql, "SELECT '[1,2]'::jsonb, '[\"a\"]', '[true]', '{\"a\":[null]}'", {});
        row(sql, "SELECT 1 -- kill [PID]\n/* [PID] */", {});
        row(sql, "SELECT a$b", {});
        const auto shell = BlockKind::Shell;
        row(shell, "kill [PID] && git revert [commit-hash]", {"PID", "commit-hash"});
        row(shell, "aws s3 ls s3://$S3_BUCKET --endpoint-url=${S3_ENDPOINT}",
            {"S3_BUCKET", "S3_ENDPOINT"});
        row(shell, "awk '{print $NF}' x | sed 's/[a-z]$//'", {});
        row(shell, "for f in *; do echo $f; done", {});
        row(shell, "X=1; echo $X $Y", {"Y"});
        row(shell, "if [ -f x ]; then [[ -n $HOME ]]; fi", {});
        row(shell, "ls file[abc].txt", {});
        row(shell, "grep '[error]' l | grep \"[USER_ID]\"", {"USER_ID"});
        row(shell, "cat <<EOF\nx\nEOF", {});
        row(shell, "echo \\$X # [PID]", {});
        row(shell, "docker ps --format '{{.Names}}'", {});
        row(BlockKind::Http, "curl -d '{\"ids\":[1,2],\"user\":\"[USER_ID]\"}' http://h/<id-of-x>",
            {"USER_ID", "id-of-x"});
        row(BlockKind::Http, "curl -d '<Name>x</Name>' http://h", {});
        row(BlockKind::Link, "https://h/[repo]/a?x=[your-org]", {"repo", "your-org"});
        row(BlockKind::Redis, "LLEN bull:[QUEUE]:wait", {"QUEUE"});
        row(BlockKind::Redis, "KEYS a[1-3]*", {});
    }

    void finds() {
        QFETCH(int, kind);
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        QStringList found;
        qsizetype end = 0;
        for (const Placeholder& hole : placeholdersIn(text, static_cast<BlockKind>(kind))) {
            found << hole.name;
            QVERIFY(hole.offset >= end);
            QVERIFY(text.mid(hole.offset, hole.length).contains(hole.name));
            end = hole.offset + hole.length;
        }
        QCOMPARE(found, names);
    }
};

QTEST_GUILESS_MAIN(TestPlaceholders)
#include "tst_placeholders.moc"
