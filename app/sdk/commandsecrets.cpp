#include "sdk/commandsecrets.h"

#include <QRegularExpression>
#include <QStringList>
#include <QVector>
#include <algorithm>

namespace tocsin {
namespace {

const QString kAssignment = QStringLiteral("REDISCLI_AUTH=");

/// A word of a command: where it stands in the text, and what the server reads there.
struct CommandWord {
    qsizetype at = 0;
    qsizetype length = 0;
    QString said = {};

    bool is(const char* word) const {
        return said.compare(QLatin1String(word), Qt::CaseInsensitive) == 0;
    }
};

/// A word to be hidden; an ACL rule keeps the sign that says its kind.
struct Masked {
    qsizetype at = 0;
    qsizetype length = 0;
    QString sign = {};
};

bool isBlank(QChar c) {
    return c == u' ' || c == u'\t' || c == u'\r';
}

/// A "\" at the end of a line goes on in the next: where that begins, or -1.
qsizetype continued(const QString& text, qsizetype at) {
    if (text[at] != u'\\') return -1;
    for (++at; at < text.size() && isBlank(text[at]);)
        ++at;
    return at < text.size() && text[at] == u'\n' ? at + 1 : -1;
}

/// The words of one line, split as redis-cli does. Quotes begin a word, or follow the sign of an
/// ACL rule; elsewhere they may be those of a sentence around the command.
class CommandLineWords {
public:
    CommandLineWords(const QString& text, qsizetype at) : m_text(text), m_at(at) {}

    QVector<CommandWord> read() {
        QVector<CommandWord> words;
        while (skipBlanks())
            words << next();
        return words;
    }
    qsizetype end() const { return m_at; }

private:
    bool skipBlanks() {
        while (m_at < m_text.size() && m_text[m_at] != u'\n') {
            const qsizetype on = continued(m_text, m_at);
            if (on < 0 && !isBlank(m_text[m_at])) return true;
            m_at = on < 0 ? m_at + 1 : on;
        }
        return false;
    }
    bool isAtQuote() const {
        return m_at < m_text.size() && (m_text[m_at] == u'"' || m_text[m_at] == u'\'');
    }
    CommandWord next() {
        CommandWord word{m_at, 0, {}};
        const bool isQuoted = isAtQuote();
        if (isQuoted) takeQuoted(word);
        while (!isQuoted && m_at < m_text.size() && m_text[m_at] != u'\n' &&
               !isBlank(m_text[m_at]) && continued(m_text, m_at) < 0) {
            const QChar c = m_text[m_at++];
            word.said += c;
            const bool isSign = word.said.size() == 1 && QStringLiteral("<>#!").contains(c);
            if ((isSign || word.said == kAssignment) && isAtQuote()) takeQuoted(word);
        }
        word.length = m_at - word.at;
        return word;
    }
    /// Without its end quote it goes to the end of the line.
    void takeQuoted(CommandWord& word) {
        const QChar quote = m_text[m_at++];
        while (m_at < m_text.size() && m_text[m_at] != u'\n') {
            QChar c = m_text[m_at++];
            if (c == quote) return;
            if (c == u'\\' && m_at < m_text.size() && m_text[m_at] != u'\n') c = m_text[m_at++];
            word.said += c;
        }
    }

    const QString& m_text;
    qsizetype m_at;
};

using CommandWords = QVector<CommandWord>;

void mask(const CommandWords& words, qsizetype which, QVector<Masked>& out) {
    if (which < words.size()) out << Masked{words[which].at, words[which].length, {}};
}

void maskSettings(const CommandWords& words, qsizetype from, QVector<Masked>& out) {
    for (qsizetype i = from; i < words.size(); ++i)
        if (isSecretSetting(words[i].said)) mask(words, ++i, out);
}

void maskLogins(const CommandWords& words, qsizetype from, QVector<Masked>& out) {
    for (qsizetype i = from; i < words.size(); ++i) {
        if (words[i].is("KEYS")) return;  // of MIGRATE: what follows are keys
        if (words[i].is("AUTH2")) return mask(words, i + 2, out);
        if (words[i].is("AUTH")) return mask(words, words[0].is("HELLO") ? i + 2 : i + 1, out);
    }
}

/// ">password", "<password", and their hashes "#…", "!…".
void maskRules(const CommandWords& words, QVector<Masked>& out) {
    for (const CommandWord& word : words.mid(3))
        if (word.said.size() > 1 && QStringLiteral("<>#!").contains(word.said[0]))
            out << Masked{word.at, word.length, word.said.first(1)};
}

/// `words` begin at the command's name.
void maskCommand(const CommandWords& words, QVector<Masked>& out) {
    if (words.isEmpty()) return;
    const CommandWord second = words.value(1);
    if (words[0].is("AUTH"))
        for (qsizetype i = words.size() > 2 ? 2 : 1; i < words.size(); ++i)
            mask(words, i, out);
    else if (words[0].is("HELLO"))
        maskLogins(words, 1, out);
    else if (words[0].is("MIGRATE"))
        maskLogins(words, 6, out);
    else if (words[0].is("ACL") && second.is("SETUSER"))
        maskRules(words, out);
    else if (words[0].is("ACL") && second.is("DRYRUN"))
        maskCommand(words.mid(3), out);
    else if (words[0].is("COMMAND") && second.said.startsWith(u"getkeys", Qt::CaseInsensitive))
        maskCommand(words.mid(2), out);
    else if (words[0].is("CONFIG") && second.is("SET"))
        maskSettings(words, 2, out);
    else if (words[0].is("SENTINEL"))
        maskSettings(words, 2, out);
    else if (words.size() == 2 && isSecretSetting(words[0].said))  // a line of redis.conf
        mask(words, 1, out);
}

/// Drops what may stand before a command: "cache:6379>", redis-cli with its options, which may have
/// a password among them, "--node x".
CommandWords withoutWrapper(CommandWords words, QVector<Masked>& out) {
    static const QStringList valued{
        QStringLiteral("-h"),     QStringLiteral("-p"),         QStringLiteral("-s"),
        QStringLiteral("-a"),     QStringLiteral("-u"),         QStringLiteral("-n"),
        QStringLiteral("-r"),     QStringLiteral("-i"),         QStringLiteral("-t"),
        QStringLiteral("-d"),     QStringLiteral("-D"),         QStringLiteral("-X"),
        QStringLiteral("--user"), QStringLiteral("--pass"),     QStringLiteral("--node"),
        QStringLiteral("--cert"), QStringLiteral("--cacert"),   QStringLiteral("--key"),
        QStringLiteral("--sni"),  QStringLiteral("--cacertdir")};
    if (words.size() > 1 && words[0].said.endsWith(u'>')) words.removeFirst();
    if (!words.isEmpty() && words[0].said.endsWith(QStringLiteral("redis-cli")))
        words.removeFirst();
    while (!words.isEmpty() && words[0].said.startsWith(u'-')) {
        const bool takesValue = valued.contains(words[0].said);
        if (words[0].is("-a") || words[0].is("--pass")) mask(words, 1, out);
        words.remove(0, std::min<qsizetype>(takesValue ? 2 : 1, words.size()));
    }
    return words;
}

QString without(const QString& text, QVector<Masked> masked) {
    std::sort(masked.begin(), masked.end(),
              [](const Masked& a, const Masked& b) { return a.at < b.at; });
    QString out;
    qsizetype done = 0;
    for (const Masked& each : std::as_const(masked)) {
        if (each.at < done) continue;  // found twice
        out += QStringView(text).mid(done, each.at - done);
        out += each.sign + QStringLiteral("•••");
        done = each.at + each.length;
    }
    return out + text.mid(done);
}

/// Where in a text of any kind a command with a password may begin. AUTH is a word of many titles,
/// so it must be a line of its own, in capitals.
const QRegularExpression& beginnings() {
    static const QRegularExpression pattern(
        QStringLiteral(
            R"((?i:\b(?:HELLO[ \t]+["']?\d|MIGRATE[ \t]|ACL[ \t]+(?:SETUSER|DRYRUN)[ \t]|CONFIG[ \t]+SET[ \t]|SENTINEL[ \t]+(?:SET|CONFIG)[ \t]|COMMAND[ \t]+GETKEYS))|(?i:^[ \t]*\K(?:requirepass|masterauth|primaryauth)[ \t]+\S+[ \t]*$)|^[ \t]*(?:\S+>[ \t]*)?\KAUTH[ \t]+\S+(?:[ \t]+\S+)?[ \t]*$)"),
        QRegularExpression::MultilineOption);
    return pattern;
}

/// REDISCLI_AUTH=password, as it may stand before redis-cli.
void maskAssignments(CommandWords& words, QVector<Masked>& out) {
    for (; !words.isEmpty() && words[0].said.startsWith(kAssignment); words.removeFirst())
        out << Masked{words[0].at, words[0].length, kAssignment};
}

}  // namespace

bool isSecretSetting(const QString& name) {
    // requirepass, masterauth, tls-key-file-pass; modules have their own: ts-global-password.
    static const QRegularExpression secret(
        QStringLiteral("password|passwd|passphrase|secret|(?:pass|auth|token)$"),
        QRegularExpression::CaseInsensitiveOption);
    return name.contains(secret);
}

QString maskCommands(const QString& text, bool isCommands) {
    // One of these words is in every command with a password; scripts may be thousands of lines.
    static const QRegularExpression any(QStringLiteral("auth|pass|setuser|-a\\b"),
                                        QRegularExpression::CaseInsensitiveOption);
    if (!text.contains(any)) return text;
    QVector<Masked> masked;
    auto found = beginnings().globalMatch(text);
    while (found.hasNext())
        maskCommand(CommandLineWords(text, found.next().capturedStart()).read(), masked);
    for (qsizetype at = 0; isCommands && at < text.size(); ++at) {
        CommandLineWords line(text, at);
        CommandWords words = line.read();
        maskAssignments(words, masked);
        maskCommand(withoutWrapper(words, masked), masked);
        at = line.end();
    }
    return masked.isEmpty() ? text : without(text, masked);
}

}  // namespace tocsin
