#include <pg_query.h>

#include <QProcess>
#include <QtTest>

#include "runbooks/placeholders.h"
#include "runbooks/quoting.h"

using namespace tocsin::runbooks;

namespace {

QString filled(BlockKind kind, const QString& text, const QString& value) {
    Block block;
    block.kind = kind;
    block.text = text;
    block.placeholders = placeholdersIn(text, kind);
    return filledText(block, {{QStringLiteral("V_X"), value}});
}

/// What PostgreSQL's own grammar reads: the one string constant of the one statement.
std::optional<QString> constantIn(const QString& sql, const QString& node) {
    const PgQueryParseResult parsed = pg_query_parse(sql.toUtf8().constData());
    const bool failed = parsed.error != nullptr;
    const QJsonDocument tree =
        QJsonDocument::fromJson(QByteArray(parsed.parse_tree ? parsed.parse_tree : ""));
    pg_query_free_parse_result(parsed);
    if (failed || tree[QStringLiteral("stmts")].toArray().size() != 1) return {};
    QStringList found;
    const std::function<void(const QJsonValue&)> walk = [&](const QJsonValue& value) {
        if (value.isArray())
            for (const QJsonValue& item : value.toArray())
                walk(item);
        const QJsonObject object = value.toObject();
        for (auto entry = object.begin(); entry != object.end(); ++entry) {
            if (entry.key() == node && entry.value().isString()) found << entry.value().toString();
            walk(entry.value());
        }
    };
    walk(tree.object());
    return found.value(0);
}

/// redis-cli's splitting of a line (sdssplitargs): nullopt for unbalanced quotes.
std::optional<QByteArrayList> redisArguments(const QByteArray& line) {
    QByteArrayList arguments;
    qsizetype i = 0;
    while (true) {
        while (i < line.size() && isspace(static_cast<unsigned char>(line[i])))
            ++i;
        if (i >= line.size()) return arguments;
        QByteArray word;
        char quote = 0;
        for (;; ++i) {
            if (i >= line.size()) {
                if (quote != 0) return {};
                break;
            }
            const char c = line[i];
            if (quote == '"' && c == '\\' && line.mid(i + 1, 1) == "x") {
                word += static_cast<char>(line.mid(i + 2, 2).toInt(nullptr, 16));
                i += 3;
            } else if (quote == '"' && c == '\\' && i + 1 < line.size()) {
                word += line[++i];
            } else if (quote == '\'' && c == '\\' && line.mid(i + 1, 1) == "'") {
                word += line[++i];
            } else if (quote != 0 && c == quote) {
                if (i + 1 < line.size() && !isspace(static_cast<unsigned char>(line[i + 1])))
                    return {};
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote == 0 && isspace(static_cast<unsigned char>(c))) {
                break;
            } else {
                word += c;
            }
        }
        arguments << word;
    }
}

const QStringList& nastyValues() {
    static const QStringList values{QStringLiteral("plain"),
                                    QStringLiteral("42"),
                                    QStringLiteral("-1"),
                                    QStringLiteral("--"),
                                    QStringLiteral("1; DROP TABLE t"),
                                    QStringLiteral("' OR '1'='1"),
                                    QStringLiteral("'; DROP TABLE t; --"),
                                    QStringLiteral("\\'; DROP TABLE t; --"),
                                    QStringLiteral("\\"),
                                    QStringLiteral("a\\"),
                                    QStringLiteral("''"),
                                    QStringLiteral("\""),
                                    QStringLiteral("\"; x"),
                                    QStringLiteral("*/ x /*"),
                                    QStringLiteral("-- x"),
                                    QStringLiteral("$$"),
                                    QStringLiteral("$(touch /tmp/owned)"),
                                    QStringLiteral("`id`"),
                                    QStringLiteral("${HOME}"),
                                    QStringLiteral("$HOME"),
                                    QStringLiteral("a b"),
                                    QStringLiteral("a\nb"),
                                    QStringLiteral("a\r\nX: y"),
                                    QStringLiteral("\t"),
                                    QStringLiteral("!!"),
                                    QStringLiteral("*"),
                                    QStringLiteral("~"),
                                    QStringLiteral("{a,b}"),
                                    QStringLiteral("&& id"),
                                    QStringLiteral("| id"),
                                    QStringLiteral("> /tmp/x"),
                                    QStringLiteral("#c"),
                                    QStringLiteral("\u00fc\u4e2d"),
                                    QStringLiteral("\x1b[201~id\x01"),
                                    QStringLiteral("x'\"\\`$;\n"),
                                    QStringLiteral("E'"),
                                    QStringLiteral("99999999999999999999999999"),
                                    QStringLiteral("1e5"),
                                    QStringLiteral("")};
    return values;
}

}  // namespace

class TestQuoting : public QObject {
    Q_OBJECT

private slots:
    void sql_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("node");
        QTest::addColumn<QString>("value");
        const QVector<QPair<QString, QString>> places{
            {QStringLiteral("SELECT [V_X]"), QStringLiteral("sval")},
            {QStringLiteral("SELECT ([V_X])"), QStringLiteral("sval")},
            {QStringLiteral("SELECT 'a [V_X] b'"), QStringLiteral("sval")},
            {QStringLiteral("SELECT E'a [V_X] b'"), QStringLiteral("sval")},
            {QStringLiteral("SELECT 1 AS \"a [V_X] b\""), QStringLiteral("name")},
            {QStringLiteral("SELECT 1 FROM [V_X]"), QStringLiteral("relname")}};
        for (const auto& [text, node] : places)
            for (const QString& value : nastyValues())
                QTest::addRow("%s <- %s", qPrintable(text), qPrintable(value))
                    << text << node << value;
    }

    void sql() {
        QFETCH(QString, text);
        QFETCH(QString, node);
        QFETCH(QString, value);
        const QString result = filled(BlockKind::Postgres, text, value);
        const bool isName = node != QLatin1String("sval");
        if (isName && (value.isEmpty() || value.contains(u'.')))
            return;  // an empty name is an error of the server, not a way out
        const auto constant = constantIn(result, node);
        QVERIFY2(constant, qPrintable(result));
        static const QRegularExpression number(QStringLiteral("^-?\\d+$"));
        if (number.match(value).hasMatch() && node == QLatin1String("sval") &&
            !text.contains(u'\''))
            return;  // stays a number
        const bool isWhole = !text.contains(QLatin1String("a [V_X] b"));
        const QString expected = isWhole ? value : QStringLiteral("a %1 b").arg(value);
        // Names are cut at 63 bytes; none here is longer.
        QCOMPARE(*constant, expected);
    }

    void minusIsNoComment() {
        QCOMPARE(
            filled(BlockKind::Postgres, QStringLiteral("SELECT 5-[V_X]"), QStringLiteral("-3")),
            QStringLiteral("SELECT 5-(-3)"));
    }

    void shell_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        for (const char* text :
             {"printf %s [V_X]", "printf %s \"[V_X]\"", "printf %s '[V_X]'",
              "printf %s \"$(printf %s [V_X])\"", "printf %s \"$(printf %s \"[V_X]\")\"",
              "printf %s \"${V_X}\"", "printf %s $V_X"})
            for (const QString& value : nastyValues())
                QTest::addRow("%s <- %s", text, qPrintable(value))
                    << QString::fromLatin1(text) << value;
    }

    void shell() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        QProcess bash;
        bash.start(QStringLiteral("bash"), {QStringLiteral("--norc"), QStringLiteral("-c"),
                                            filled(BlockKind::Shell, text, value)});
        QVERIFY(bash.waitForFinished());
        QCOMPARE(bash.exitCode(), 0);
        QString expected = value;
        if (text.contains(QLatin1String("$(")))
            while (expected.endsWith(u'\n'))
                expected.chop(1);
        QCOMPARE(QString::fromUtf8(bash.readAllStandardOutput()), expected);
        QCOMPARE(bash.readAllStandardError(), QByteArray());
    }

    void shellKeepsHoleWhereNothingIsSafe_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"echo `cat [V_X]`", "bash -c 'echo [V_X]'", "ssh host cat [V_X]", "eval [V_X]",
              "cat <<EOF\n[V_X]\nEOF", "echo $(( [V_X] ))", "awk '/[V_X]/' f"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void shellKeepsHoleWhereNothingIsSafe() {
        QFETCH(QString, text);
        QCOMPARE(filled(BlockKind::Shell, text, QStringLiteral("a; id")), text);
        QCOMPARE(filled(BlockKind::Shell, text, QStringLiteral("abc")),
                 QString(text).replace(QStringLiteral("[V_X]"), QStringLiteral("abc")));
    }

    void redis_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        for (const char* text :
             {"GET [V_X]", "LLEN bull:[V_X]:wait", "GET \"a [V_X]\"", "GET 'a [V_X]'"})
            for (const QString& value : nastyValues())
                QTest::addRow("%s <- %s", text, qPrintable(value))
                    << QString::fromLatin1(text) << value;
    }

    void redis() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        const QString result = filled(BlockKind::Redis, text, value);
        const auto arguments = redisArguments(result.toUtf8());
        QVERIFY2(arguments, qPrintable(result));
        QCOMPARE(arguments->size(), 2);
        QString expected = text.mid(text.indexOf(u' ') + 1);
        expected.remove(u'"').remove(u'\'');
        QCOMPARE(QString::fromUtf8(arguments->at(1)),
                 expected.replace(QStringLiteral("[V_X]"), value));
    }

    void addresses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* value, const char* expected) {
            QTest::addRow("%s <- %s", text, value)
                << QString::fromLatin1(text) << QString::fromUtf8(value)
                << QString::fromLatin1(expected);
        };
        row("https://h/[V_X]/runs", "acme/app", "https://h/acme/app/runs");
        row("https://h/[V_X]/runs", "../admin", "https://h/..%2Fadmin/runs");
        row("https://h/[V_X]", "a?b#c&d e", "https://h/a%3Fb%23c%26d%20e");
        row("https://h/?q=[V_X]", "a/b&c=d", "https://h/?q=a%2Fb%26c%3Dd");
        row("https://[V_X]/x", "db.example", "https://db.example/x");
        row("https://[V_X]/x", "evil/@h", "https://[V_X]/x");
        row("${V_X}/api", "javascript:alert(1)", "${V_X}/api");
        row("${V_X}/api", "http://127.0.0.1:8080", "http://127.0.0.1:8080/api");
    }

    void addresses() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        QFETCH(QString, expected);
        QCOMPARE(filled(BlockKind::Link, text, value), expected);
    }

    void curl_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* value, const char* expected) {
            QTest::addRow("%s <- %s", text, value)
                << QString::fromLatin1(text) << QString::fromUtf8(value)
                << QString::fromLatin1(expected);
        };
        row("curl \"${V_X}/api\"", "http://h:1", "curl \"http://h:1/api\"");
        row("curl http://h/[V_X]", "a b'c", "curl http://h/'a%20b%27c'");
        row("curl -H \"A: [V_X]\" http://h", "x\r\nB: y", "curl -H \"A: \"'xB: y'\"\" http://h");
        row("curl -d '{\"a\":\"[V_X]\"}' http://h", "q\"}'",
            "curl -d '{\"a\":\"''q\\\"}'\\''''\"}' http://h");
        row("curl -u \"[V_X]:x\" http://h", "$(id)", "curl -u \"\"'$(id)'\":x\" http://h");
    }

    void curl() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        QFETCH(QString, expected);
        QCOMPARE(filled(BlockKind::Http, text, value), expected);
    }
};

QTEST_GUILESS_MAIN(TestQuoting)
#include "tst_quoting.moc"
