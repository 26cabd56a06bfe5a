#include "sdk/secret.h"

#include <QMutex>
#include <QRegularExpression>
#include <QSet>
#include <QVector>

namespace tocsin {
namespace {

const QString kMask = QStringLiteral("•••");
// Shorter values would mask ordinary words; such a secret protects nothing anyway.
constexpr int kShortestMasked = 4;

struct Known {
    QMutex mutex;
    QSet<QString> values;
};

Known& known() {
    static Known instance;
    return instance;
}

QString maskKnown(QString text) {
    Known& k = known();
    const QMutexLocker lock(&k.mutex);
    for (const QString& value : std::as_const(k.values))
        text.replace(value, kMask);
    return text;
}

/// What a credential looks like, and what stands there instead. "\K" leaves what was matched before
/// it; "\G" goes on where the last match ended, for several in one command.
struct Shape {
    QRegularExpression pattern;
    QString masked;
};

// AUTH [user] password, as a line of its own: "auth" is a word of many titles, too.
const QString kAuth = QStringLiteral(R"(^\s*(?:\S+>\s*)?AUTH[ \t]+(?:\S+[ \t]+)?\K\S+(?=[ \t]*$))");

const QVector<Shape>& shapes() {
    constexpr auto any = QRegularExpression::CaseInsensitiveOption;
    constexpr auto lines = QRegularExpression::MultilineOption;
    static const QVector<Shape> all{
        {QRegularExpression(
             QStringLiteral(R"((\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)([^\s/@]+)(@))")),
         QStringLiteral("\\1•••\\3")},
        {QRegularExpression(QStringLiteral(R"((/webhooks/\d+/)([A-Za-z0-9_.-]+))")),
         QStringLiteral("\\1•••")},
        {QRegularExpression(
             QStringLiteral(
                 R"(((?:authorization\s*:\s*(?:bearer|basic|bot|token|geniekey)\s+)|(?:(?:password|passwd|pwd|routing_key|token)\s*=\s*))([^\s&"']+))"),
             any),
         QStringLiteral("\\1•••")},
        // SQL: ALTER ROLE app PASSWORD 'x', also E'x' and $$x$$.
        {QRegularExpression(
             QStringLiteral(
                 R"(\bpassword\s+\K(?:E?'(?:[^'\\]|\\.|'')*'|E?'\S*|\$(\w*)\$.*?\$\1\$))"),
             any | QRegularExpression::DotMatchesEverythingOption),
         QStringLiteral("'•••'")},
        // Redis commands, and redis-cli's own options.
        {QRegularExpression(kAuth, lines), kMask},
        {QRegularExpression(QStringLiteral(R"(\bHELLO\s+\d+\s+AUTH\s+\S+\s+\K\S+)"), any), kMask},
        {QRegularExpression(
             QStringLiteral(
                 R"((?:\bCONFIG\s+SET\b|(?!\A)\G)[^\n]*?\b(?:requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)\s+\K(?:"[^"\n]*"?|'[^'\n]*'?|\S+))"),
             any),
         kMask},
        {QRegularExpression(
             QStringLiteral(R"(^\s*(?:requirepass|masterauth)[ \t]+\K\S+(?=[ \t]*$))"),
             any | lines),
         kMask},
        {QRegularExpression(
             QStringLiteral(
                 R"((?:\bACL\s+SETUSER\s+\S+|(?!\A)\G)[^\n]*?\s(?:"[<>#]\K[^"\n]*|'[<>#]\K[^'\n]*|[<>#]\K\S+))"),
             any),
         kMask},
        {QRegularExpression(
             QStringLiteral(R"(\bredis-cli\b[^\n|;&]*?\s(?:-a\s+|--pass(?:\s+|=))\K\S+)")),
         kMask},
    };
    return all;
}

}  // namespace

Secret::Secret(const QString& value) : m_value(value) {
    if (value.size() < kShortestMasked) return;
    Known& k = known();
    const QMutexLocker lock(&k.mutex);
    k.values.insert(value);
}

QString redact(const QString& text) {
    QString out = maskKnown(text);
    for (const Shape& shape : shapes())
        out.replace(shape.pattern, shape.masked);
    return out;
}

QString redactCommands(const QString& text) {
    static const QRegularExpression auth(
        kAuth, QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
    return redact(text).replace(auth, kMask);
}

}  // namespace tocsin
