#include "runbooks/commands.h"

#include <QRegularExpression>
#include <QSet>

#include "runbooks/contexts.h"
#include "runbooks/quoting.h"
#include "runbooks/shelltext.h"

namespace tocsin::runbooks {

namespace {

using Words = QVector<ShellWord>;

Block shellBlock(const QString& command, int line) {
    Block block;
    block.kind = BlockKind::Shell;
    block.text = command.trimmed();
    block.source = block.text;
    block.line = line;
    return block;
}

QSet<QString> setOf(const char* words) {
    const QStringList list = QString::fromLatin1(words).split(u' ');
    return {list.begin(), list.end()};
}

/// An option of a command line, with its value if it takes one.
struct Option {
    QString name;  ///< "c", "--command"; empty: a plain argument
    ShellWord value;
};

/// Reads options the way getopt does: `-tAc X`, `-cX`, `--command=X`, `--command X`.
QVector<Option> optionsOf(const Words& words, const QString& shortWithValue,
                          const QSet<QString>& longWithValue) {
    QVector<Option> options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString& text = words[i].text;
        if (text.startsWith(QLatin1String("--")) && text.size() > 2) {
            const qsizetype equals = text.indexOf(u'=');
            Option option{text.left(equals), words[i]};
            option.value.text = equals < 0 ? QString() : text.mid(equals + 1);
            if (equals < 0 && longWithValue.contains(text) && i + 1 < words.size())
                option.value = words[++i];
            options << option;
        } else if (text.startsWith(u'-') && text.size() > 1 && !words[i].isQuoted) {
            for (qsizetype letter = 1; letter < text.size(); ++letter) {
                Option option{QString(text[letter]), {}};
                if (shortWithValue.contains(text[letter])) {
                    option.value = words[i];
                    option.value.text = text.mid(letter + 1);
                    if (option.value.text.isEmpty() && i + 1 < words.size())
                        option.value = words[++i];
                    letter = text.size();
                }
                options << option;
            }
        } else {
            options << Option{{}, words[i]};
        }
    }
    return options;
}

/// "user@host:port/database" from what was given; empty when nothing was.
QString place(const QMap<QString, QString>& parts) {
    QString text = parts.value(QStringLiteral("h"));
    if (!parts.value(QStringLiteral("p")).isEmpty())
        text += u':' + parts.value(QStringLiteral("p"));
    if (!parts.value(QStringLiteral("U")).isEmpty())
        text.prepend(parts.value(QStringLiteral("U")) + u'@');
    if (!parts.value(QStringLiteral("d")).isEmpty())
        text = text.isEmpty() ? parts.value(QStringLiteral("d"))
                              : text + u'/' + parts.value(QStringLiteral("d"));
    return text;
}

int lineAt(const QString& command, qsizetype offset, int line) {
    return line + static_cast<int>(QStringView(command).left(offset).count(u'\n'));
}

/// What a psql call says, from its words after "psql".
class PsqlCall {
public:
    explicit PsqlCall(const Words& words) {
        static const QSet<QString> longOptions = setOf(
            "--command --dbname --username --host --port --file --output --set --variable --pset "
            "--log-file --field-separator --record-separator --table-attr");
        static const QMap<QString, QString> shortNames{
            {QStringLiteral("--command"), QStringLiteral("c")},
            {QStringLiteral("--dbname"), QStringLiteral("d")},
            {QStringLiteral("--username"), QStringLiteral("U")},
            {QStringLiteral("--host"), QStringLiteral("h")},
            {QStringLiteral("--port"), QStringLiteral("p")},
            {QStringLiteral("--file"), QStringLiteral("f")}};
        for (const Option& option :
             optionsOf(words, QStringLiteral("cdUhpfovPLFRT"), longOptions)) {
            const QString name = shortNames.value(option.name, option.name);
            if (name == QLatin1String("c"))
                m_commands << option.value;
            else if (name.isEmpty() && !m_parts.contains(QStringLiteral("d")))
                m_parts.insert(QStringLiteral("d"), option.value.text);
            else if (!name.isEmpty())
                m_parts.insert(name, option.value.text);
        }
    }

    const Words& commands() const { return m_commands; }
    QString target() const { return place(m_parts); }

private:
    Words m_commands;
    QMap<QString, QString> m_parts;
};

std::optional<QVector<Block>> psqlBlocks(const Words& words, const QString& command, int line) {
    const PsqlCall call(words);
    QVector<Block> blocks;
    for (const ShellWord& word : call.commands()) {
        const QString sql = word.hasEatenQuotes ? word.inside : word.text;
        if (sql.trimmed().startsWith(u'\\') || sql.contains(QLatin1String("$(")) ||
            sql.trimmed().isEmpty())
            return {};
        blocks += blocksOfSql(sql, lineAt(command, word.offset, line), call.target(), nullptr);
    }
    if (blocks.isEmpty()) return {};
    return blocks;
}

std::optional<QVector<Block>> redisBlocks(const Words& words, const QString& command, int line) {
    static const QSet<QString> longOptions = setOf(
        "--user --pass --cacert --cacertdir --cert --key --sni --tls-ciphers "
        "--tls-ciphersuites --pattern --quoted-pattern --count --type --eval "
        "--intrinsic-latency --lru-test --rdb --functions-rdb --show-pushes --memkeys-samples");
    // redis-cli stops reading options at the first plain word: the rest is the command.
    qsizetype end = 0;
    const QString withValue = QStringLiteral("hpsuanridDXt");
    while (end < words.size() && words[end].text.startsWith(u'-')) {
        const QString& text = words[end].text;
        const bool takesNext =
            longOptions.contains(text) || (text.size() == 2 && withValue.contains(text[1]));
        end += takesNext ? 2 : 1;
    }
    end = std::min(end, words.size());

    QMap<QString, QString> parts, scan;
    static const QSet<QString> endless = setOf(
        "--stat --latency --latency-history --latency-dist --bigkeys --memkeys --hotkeys "
        "--pipe --eval --rdb --functions-rdb --intrinsic-latency --lru-test --replica");
    bool isScan = false;
    for (const Option& option : optionsOf(words.mid(0, end), withValue, longOptions)) {
        if (endless.contains(option.name) || option.name == QLatin1String("x")) return {};
        isScan = isScan || option.name == QLatin1String("--scan");
        (option.name.startsWith(QLatin1String("--")) ? scan : parts)
            .insert(option.name, option.value.text);
    }
    QStringList args;
    for (const ShellWord& word : words.mid(end)) {
        if (word.text.contains(QLatin1String("$(")) || word.text.contains(u'`')) return {};
        args << redisWord(word.text);
    }
    if (isScan) {
        const QString pattern = scan.value(QStringLiteral("--pattern"), QStringLiteral("*"));
        args = {QStringLiteral("SCAN"), QStringLiteral("0"),     QStringLiteral("MATCH"),
                redisWord(pattern),     QStringLiteral("COUNT"), QStringLiteral("1000")};
    }
    if (args.isEmpty()) return {};
    static const QSet<QString> streams =
        setOf("monitor subscribe psubscribe ssubscribe sync psync");
    if (streams.contains(args.first().toLower())) return {};

    Block block;
    block.kind = BlockKind::Redis;
    block.text = args.join(u' ');
    block.line = lineAt(command, words.first().offset, line);
    block.target = parts.value(QStringLiteral("u"));
    if (block.target.isEmpty()) {
        parts.insert(QStringLiteral("d"), parts.value(QStringLiteral("n")));
        block.target = place(parts);
    }
    return QVector<Block>{block};
}

/// Programs that stand before the one that matters and change nothing about what it asks.
qsizetype mainWord(const Words& words) {
    static const QSet<QString> direct = setOf(
        "sudo env time timeout command exec nice stdbuf docker podman docker-compose kubectl");
    static const QRegularExpression assignment(QStringLiteral("^[A-Za-z_]\\w*="));
    static const QSet<QString> wanted = setOf("psql redis-cli curl");
    qsizetype at = 0;
    while (at < words.size() && assignment.match(words[at].text).hasMatch())
        ++at;
    if (at == words.size() || !direct.contains(words[at].text)) return at;
    for (qsizetype i = at; i < words.size(); ++i)
        if (wanted.contains(words[i].text)) return i;
    return at;
}

/// A pipe into these only shows less of the answer, or shows it more prettily.
bool isFilter(const Words& words) {
    static const QSet<QString> filters = setOf(
        "head tail grep egrep fgrep jq less more cat sort uniq column wc cut nl python python3");
    return !words.isEmpty() && filters.contains(words.first().text);
}

std::optional<QVector<Block>> segmentBlocks(const Words& all, const QString& command, int line) {
    const qsizetype at = mainWord(all);
    if (at >= all.size()) return {};
    const QString program = all[at].text;
    const Words arguments = all.mid(at + 1);
    if (program == QLatin1String("psql") && !arguments.isEmpty())
        return psqlBlocks(arguments, command, line);
    if (program == QLatin1String("redis-cli") && !arguments.isEmpty())
        return redisBlocks(arguments, command, line);
    static const QSet<QString> elsewhere = setOf("docker podman docker-compose kubectl");
    if (program != QLatin1String("curl") || arguments.isEmpty() ||
        elsewhere.contains(all.first().text))
        return {};
    const qsizetype from = all[at].offset;
    const qsizetype to = all.last().offset + all.last().length;
    Block block;
    block.kind = BlockKind::Http;
    block.text = joinedLines(command.mid(from, to - from));
    block.line = lineAt(command, from, line);
    if (block.text.contains(QLatin1String("$(")) || block.text.contains(u'`')) return {};
    return QVector<Block>{block};
}

/// `psql … <<'SQL'` with its body.
std::optional<QVector<Block>> hereBlocks(const QString& command, int line) {
    static const QRegularExpression here(
        QStringLiteral("^([^\\n]*?\\bpsql\\b[^\\n]*?)<<-?\\s*(['\"]?)(\\w+)\\2[^\\n]*\\n(.*?)\\n?"
                       "\\s*\\3\\s*$"),
        QRegularExpression::DotMatchesEverythingOption);
    const auto match = here.match(command);
    if (!match.hasMatch()) return {};
    const Words words = shellWords(match.captured(1));
    const qsizetype at = mainWord(words);
    if (at >= words.size() || words[at].text != QLatin1String("psql")) return {};
    const PsqlCall call(words.mid(at + 1));
    const QString body = match.captured(4);
    if (body.trimmed().isEmpty() || body.trimmed().startsWith(u'\\')) return {};
    return blocksOfSql(body, lineAt(command, match.capturedStart(4), line), call.target(), nullptr);
}

/// `echo "SELECT 1" | psql …`
std::optional<QVector<Block>> echoedBlocks(const QVector<Words>& parts, const QString& command,
                                           int line) {
    const qsizetype at = parts.size() == 2 ? mainWord(parts[1]) : 0;
    if (parts.size() != 2 || parts[0].size() != 2 || parts[0][0].text != QLatin1String("echo") ||
        at >= parts[1].size() || parts[1][at].text != QLatin1String("psql") ||
        !looksLikeSql(parts[0][1].text))
        return {};
    const PsqlCall call(parts[1].mid(at + 1));
    return blocksOfSql(parts[0][1].text, lineAt(command, parts[0][1].offset, line), call.target(),
                       nullptr);
}

/// What a command with pipes comes to: its head, when the rest only filters.
std::optional<QVector<Block>> pipelineBlocks(const QVector<Words>& parts, const QString& command,
                                             int line) {
    if (const auto echoed = echoedBlocks(parts, command, line)) return echoed;
    for (const Words& filter : parts.mid(1))
        if (!isFilter(filter)) return {};
    return segmentBlocks(parts.first(), command, line);
}

std::optional<QVector<Block>> listBlocks(const QString& command, int line) {
    // What is said on standard error does not change what is asked.
    static const QRegularExpression quiet(QStringLiteral("\\s*(?:[12&]?>\\s*/dev/null|2>&1)"));
    QString plain = command;
    for (auto it = quiet.globalMatch(command); it.hasNext();) {
        const auto match = it.next();
        plain.replace(match.capturedStart(), match.capturedLength(),
                      QString(match.capturedLength(), u' '));
    }
    QVector<QVector<Words>> lists{{Words()}};
    for (const ShellWord& word : shellWords(plain)) {
        if (!word.isOperator)
            lists.last().last() << word;
        else if (word.text == QLatin1String("|"))
            lists.last() << Words();
        else if (word.text == QLatin1String("&&") || word.text == QLatin1String(";"))
            lists << QVector<Words>{Words()};
        else
            return {};
    }
    QVector<Block> blocks;
    for (const QVector<Words>& pipeline : lists) {
        if (pipeline.size() == 1 && pipeline.first().isEmpty()) continue;
        const auto part = pipelineBlocks(pipeline, command, line);
        if (!part) return {};
        blocks += *part;
    }
    if (blocks.isEmpty()) return {};
    return blocks;
}

}  // namespace

QVector<Block> blocksOfSql(const QString& sql, int line, const QString& target,
                           QStringList* prose) {
    QVector<SourceLine> lines;
    for (const QString& text : sql.split(u'\n'))
        lines.push_back({text, line + static_cast<int>(lines.size())});
    QVector<Block> blocks;
    for (const SqlStatement& statement : sqlStatements(lines)) {
        if (statement.text.isEmpty() || statement.text == QLatin1String(";")) {
            if (prose) *prose += statement.comments;
            continue;
        }
        Block block;
        block.kind = BlockKind::Postgres;
        block.text = statement.text;
        block.source = statement.text;
        block.target = target;
        block.line = statement.line;
        block.caption = statement.comments.join(QStringLiteral(" · ")).simplified();
        blocks << block;
    }
    return blocks;
}

Block redisBlock(const QString& command, int line) {
    static const QRegularExpression prompt(QStringLiteral("^\\s*(?:[\\w.:\\[\\]]+>\\s*)?"));
    QString text = command.trimmed();
    text.remove(prompt.match(text).captured());
    if (text.startsWith(QLatin1String("redis-cli "))) {
        const QVector<Block> blocks = blocksOfCommand(text, line);
        return blocks.first();
    }
    Block block;
    block.kind = BlockKind::Redis;
    block.text = text;
    block.source = text;
    block.line = line;
    return block;
}

QVector<Block> blocksOfCommand(const QString& command, int line) {
    auto blocks = hereBlocks(command, line);
    if (!blocks) blocks = listBlocks(command, line);
    if (!blocks) return {shellBlock(command, line)};
    for (Block& block : *blocks)
        block.source = command.trimmed();
    return *blocks;
}

bool isProgram(const QString& word) {
    static const QSet<QString> programs = setOf(
        "psql redis-cli curl wget git docker docker-compose podman kubectl helm aws gcloud az "
        "systemctl journalctl service ps top htop free df du ls tail head grep cat less kill pkill "
        "ssh scp dig nslookup host ping mtr traceroute ss netstat lsof iostat vmstat sar uptime "
        "npm npx yarn pnpm bun node python python3 pm2 terraform ansible pg_dump pg_restore "
        "pg_isready mysql mongosh openssl nc telnet sudo echo export find awk sed jq watch "
        "vercel fly flyctl railway heroku render promtool amtool dmesg mount fuser truncate "
        "logrotate nginx supervisorctl rabbitmqctl env printenv date");
    return programs.contains(word);
}

}  // namespace tocsin::runbooks
