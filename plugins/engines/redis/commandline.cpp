#include "plugins/engines/redis/commandline.h"

#include <QHash>
#include <QSet>
#include <algorithm>
#include <array>
#include <charconv>

#include "sdk/reply.h"
#include "sdk/secret.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

std::optional<int> hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

/// A walk over the UTF-8 of what was typed.
class Splitter {
public:
    explicit Splitter(QByteArray text) : m_text(std::move(text)) {}

    Result<QByteArrayList> split() {
        QByteArrayList out;
        for (;;) {
            while (m_at < m_text.size() && isSpace(m_text[m_at]))
                ++m_at;
            if (m_at >= m_text.size()) return out;
            auto word = readWord();
            if (!word) return tl::unexpected<Error>(word.error());
            out << *word;
        }
    }

private:
    Result<QByteArray> readWord() {
        QByteArray word;
        while (m_at < m_text.size() && !isSpace(m_text[m_at])) {
            const char c = m_text[m_at];
            if (c != '"' && c != '\'') {
                word += c;
                ++m_at;
                continue;
            }
            if (auto quoted = readQuoted(c, word); !quoted)
                return tl::unexpected<Error>(quoted.error());
        }
        return word;
    }

    Result<void> readQuoted(char quote, QByteArray& word) {
        const qsizetype start = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                readEscape(quote, word);
            else
                word += m_text[m_at++];
        }
        if (m_at >= m_text.size())
            return misplaced(start, u"The quote opened here is not closed."_s);
        ++m_at;
        if (m_at < m_text.size() && !isSpace(m_text[m_at]))
            return misplaced(m_at, u"A closing quote must be followed by a space."_s);
        return {};
    }

    void readEscape(char quote, QByteArray& word) {
        const char c = m_text[m_at + 1];
        if (quote == '\'') {
            if (c == '\'') ++m_at;  // \' is the only escape between single quotes
            word += m_text[m_at++];
            return;
        }
        if (c == 'x' && m_at + 3 < m_text.size()) {
            const auto high = hexDigit(m_text[m_at + 2]);
            const auto low = hexDigit(m_text[m_at + 3]);
            if (high && low) {
                word += static_cast<char>(*high * 16 + *low);
                m_at += 4;
                return;
            }
        }
        static const QHash<char, char> named{
            {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'}, {'a', '\a'}};
        word += named.value(c, c);
        m_at += 2;
    }

    tl::unexpected<Error> misplaced(qsizetype byte, const QString& message) const {
        Error error{ErrorCode::Parse, message, {}};
        error.position = static_cast<int>(QString::fromUtf8(m_text.first(byte)).size());
        return tl::unexpected<Error>(error);
    }

    QByteArray m_text;
    qsizetype m_at = 0;
};

/// Options of redis-cli that take a value and say where to connect or how to print: not ours to
/// obey.
const QSet<QByteArray>& valuedOptions() {
    static const QSet<QByteArray> options{"-h",
                                          "-p",
                                          "-s",
                                          "-a",
                                          "-u",
                                          "-n",
                                          "-t",
                                          "-r",
                                          "-i",
                                          "-d",
                                          "-D",
                                          "-X",
                                          "--user",
                                          "--pass",
                                          "--sni",
                                          "--cacert",
                                          "--cacertdir",
                                          "--cert",
                                          "--key",
                                          "--tls-ciphers",
                                          "--tls-ciphersuites",
                                          "--show-pushes"};
    return options;
}

const QSet<QByteArray>& plainOptions() {
    static const QSet<QByteArray> options{"-2",
                                          "-3",
                                          "-c",
                                          "-e",
                                          "--raw",
                                          "--no-raw",
                                          "--csv",
                                          "--json",
                                          "--quoted-json",
                                          "--quoted-input",
                                          "--tls",
                                          "--insecure",
                                          "--no-auth-warning",
                                          "--verbose",
                                          "--askpass"};
    return options;
}

/// Options that never end, or that load a server heavily, and what answers the same question.
std::optional<QString> insteadOf(const QByteArray& option) {
    static const QHash<QByteArray, QString> table{
        {"--stat", u"run INFO instead"_s},
        {"--latency", u"run LATENCY LATEST instead"_s},
        {"--latency-history", u"run LATENCY HISTORY event instead"_s},
        {"--latency-dist", u"run LATENCY HISTOGRAM instead"_s},
        {"--intrinsic-latency", u"run LATENCY DOCTOR instead"_s},
        {"--bigkeys", u"run redis-cli --scan with a pattern, then MEMORY USAGE key"_s},
        {"--memkeys", u"run redis-cli --scan with a pattern, then MEMORY USAGE key"_s},
        {"--hotkeys", u"run OBJECT FREQ key for the keys in question"_s},
        {"--eval", u"scripts are not run"_s},
        {"--pipe", u"mass insertion is not run"_s},
        {"--rdb", u"make the dump on the server's own machine"_s},
        {"--functions-rdb", u"make the dump on the server's own machine"_s},
        {"--replica", u"run INFO replication instead"_s},
        {"--slave", u"run INFO replication instead"_s},
        {"--cluster", u"run CLUSTER INFO or CLUSTER NODES instead"_s},
    };
    const auto found = table.find(option);
    return found == table.end() ? std::nullopt : std::optional(*found);
}

tl::unexpected<Error> unread(const QString& message) {
    return fail(ErrorCode::Parse, message);
}

Result<void> readScanOption(const QByteArray& option, const QByteArray& value,
                            CommandLine::Scan& scan) {
    if (option == "--pattern" || option == "--quoted-pattern") {
        scan.pattern = value;
    } else if (option == "--type") {
        scan.type = value;
    } else if (option == "--cursor") {
        const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
        const QByteArray digits = QByteArray(value).replace(':', "");
        if (value.endsWith(':') || value.startsWith(':') || value.count(':') > 1 ||
            digits.isEmpty() || !std::all_of(digits.begin(), digits.end(), isDigit))
            return unread(u"--cursor must be the cursor that the last part ended with, or 0."_s);
        scan.cursor = value;
    } else {
        bool ok = false;
        scan.count = value.toInt(&ok);
        if (!ok || scan.count < 1 || scan.count > 1000)
            return unread(u"--count must be a number from 1 to 1000."_s);
    }
    return {};
}

void noteConnection(const QByteArray& option, const QByteArray& value, CommandLine& line) {
    if (option == "-n") {
        bool ok = false;
        const int database = value.toInt(&ok);
        if (ok) line.database = database;
    }
    if (option == "-h" || option == "-p" || option == "-s" || option == "-u")
        line.namedPlace = true;
    if (option == "-r") line.repeats = true;
}

QString quotedArgument(const QByteArray& argument) {
    const bool plain = !argument.isEmpty() &&
                       std::all_of(argument.begin(), argument.end(),
                                   [](char c) {
                                       return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
                                              c != '"' && c != '\'' && c != '\\';
                                   }) &&
                       QString::fromUtf8(argument).toUtf8() == argument;
    return plain ? QString::fromUtf8(argument) : toText(Reply(Reply::Kind::BulkString, argument));
}

/// Without what may be a password: "-apassword", "--pass=password".
QString optionName(const QByteArray& option) {
    return QString::fromUtf8(option.startsWith("--") ? option.left(option.indexOf('='))
                                                     : option.left(2));
}

/// "REDISCLI_AUTH=…", which a shell keeps for itself.
bool isAssignment(const QByteArray& word) {
    const qsizetype end = word.indexOf('=');
    const auto isOfName = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
    return end > 0 && std::all_of(word.begin(), word.begin() + end, isOfName);
}

/// Reads the options in front of the command; what follows them is the command.
Result<CommandLine> readOptions(QByteArrayList words, CommandLine line) {
    CommandLine::Scan scan;
    while (!words.isEmpty() && words.first().startsWith('-')) {
        const QByteArray option = words.takeFirst();
        if (const auto instead = insteadOf(option))
            return unread(
                u"“%1” is not run from here: %2."_s.arg(QString::fromUtf8(option), *instead));
        if (option == "--scan") {
            line.scan = scan;
        } else if (option == "--monitor") {
            bool ok = false;
            const int seconds = words.isEmpty() ? 0 : words.takeFirst().toInt(&ok);
            if (!ok || seconds < 1 || seconds > 30)
                return unread(u"--monitor needs a number of seconds from 1 to 30."_s);
            line.monitor = seconds;
        } else if (option == "--node") {
            line.node = words.isEmpty() ? QByteArray() : words.takeFirst();
            const qsizetype colon = line.node.lastIndexOf(':');
            if (colon < 1 || line.node.mid(colon + 1).toUShort() == 0)
                return unread(u"--node needs HOST:PORT, as CLUSTER NODES lists them."_s);
        } else if (option == "--pattern" || option == "--quoted-pattern" || option == "--count" ||
                   option == "--type" || option == "--cursor") {
            if (words.isEmpty())
                return unread(u"%1 needs a value."_s.arg(QString::fromUtf8(option)));
            if (auto read = readScanOption(option, words.takeFirst(), scan); !read)
                return tl::unexpected<Error>(read.error());
        } else if (valuedOptions().contains(option)) {
            if (words.isEmpty())
                return unread(u"%1 needs a value."_s.arg(QString::fromUtf8(option)));
            noteConnection(option, words.takeFirst(), line);
        } else if (!plainOptions().contains(option)) {
            return unread(
                u"The option “%1” of redis-cli is not known here; write the command alone, "
                "for example LLEN bull:mail:wait."_s.arg(optionName(option)));
        }
    }
    if (line.scan && !line.node.isEmpty())
        return unread(u"A walk goes through all nodes; leave --node out."_s);
    if (line.scan) {
        line.scan = scan;
        words.clear();
    }
    line.arguments = words;
    return line;
}

}  // namespace

Result<QByteArrayList> splitArguments(const QString& text) {
    return Splitter(text.toUtf8()).split();
}

Result<CommandLine> parseCommandLine(const QString& text) {
    auto words = splitArguments(text);
    if (!words) return tl::unexpected<Error>(words.error());
    CommandLine line;
    for (; words->size() > 1 && isAssignment(words->first()); words->removeFirst())
        line.hadWrapper = true;
    if (!words->isEmpty() &&
        (words->first() == "redis-cli" || words->first().endsWith("/redis-cli"))) {
        words->removeFirst();
        line.hadWrapper = true;
    }
    auto read = readOptions(*words, line);
    if (read && !read->scan && !read->monitor && read->arguments.isEmpty())
        return unread(u"There is no command here; write one, for example INFO memory."_s);
    return read;
}

Result<QVector<CommandLine>> parseScript(const QString& text) {
    QStringList lines = text.split(u'\n');
    for (qsizetype i = 0; i + 1 < lines.size();)
        if (lines[i].trimmed().endsWith(u'\\'))
            lines[i] = lines[i].trimmed().chopped(1) + u' ' + lines.takeAt(i + 1);
        else
            ++i;
    lines.removeIf([](const QString& each) {
        const QString line = each.trimmed();
        return line.isEmpty() || line.startsWith(u'#');
    });
    if (lines.size() < 2) {
        auto only = parseCommandLine(lines.isEmpty() ? QString() : lines.first());
        if (!only) return tl::unexpected<Error>(only.error());
        return QVector<CommandLine>{*std::move(only)};
    }
    QVector<CommandLine> script;
    script.reserve(lines.size());
    for (const QString& each : std::as_const(lines)) {
        auto line = parseCommandLine(each);
        if (!line || line->scan || line->monitor)
            return unread(u"Command %1 (%2): %3"_s.arg(script.size() + 1)
                              .arg(redactCommands(each.trimmed()).left(60),
                                   line ? u"a walk or a sample cannot be one of several."_s
                                        : line.error().message));
        if (!script.isEmpty() && script.first().node != line->node)
            return unread(
                u"Command %1 (%2): one script runs at one node; write the same --node in "
                "front of each, or of none."_s.arg(script.size() + 1)
                    .arg(redactCommands(each.trimmed()).left(60)));
        script << *std::move(line);
    }
    return script;
}

QString CommandLine::text() const {
    const QString at = node.isEmpty() ? QString() : u"--node %1 "_s.arg(QString::fromUtf8(node));
    if (monitor) return at + u"--monitor %1"_s.arg(*monitor);
    if (scan) {
        QString out = u"--scan --pattern "_s + quotedArgument(scan->pattern) +
                      u" --count %1"_s.arg(scan->count);
        if (!scan->type.isEmpty()) out += u" --type "_s + quotedArgument(scan->type);
        if (!scan->cursor.isEmpty()) out += u" --cursor "_s + QString::fromLatin1(scan->cursor);
        return out;
    }
    QStringList words;
    for (const QByteArray& argument : arguments)
        words << quotedArgument(argument);
    return at + words.join(u' ');
}

void encodeInto(QByteArray& out, const QByteArrayList& arguments) {
    const auto head = [&out](char mark, qsizetype number) {
        std::array<char, 24> text{};
        text[0] = mark;
        const char* end = std::to_chars(text.data() + 1, text.data() + text.size(), number).ptr;
        out.append(text.data(), end - text.data()).append("\r\n", 2);
    };
    head('*', arguments.size());
    for (const QByteArray& argument : arguments) {
        head('$', argument.size());
        out.append(argument).append("\r\n", 2);
    }
}

QByteArray encode(const QByteArrayList& arguments) {
    QByteArray out;
    encodeInto(out, arguments);
    return out;
}

}  // namespace tocsin::redis
