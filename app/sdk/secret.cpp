#include "sdk/secret.h"

#include <QMutex>
#include <QRegularExpression>
#include <QSet>
#include <QVector>

#include "sdk/commandsecrets.h"

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
/// it.
struct Shape {
    QRegularExpression pattern;
    QString masked;
};

const QVector<Shape>& shapes() {
    constexpr auto any = QRegularExpression::CaseInsensitiveOption;
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
        // SQL and JSON: WHERE user_password = 'x', "api_token": "x". Where a secret is kept is
        // none.
        {QRegularExpression(
             QStringLiteral(
                 R"((?:password|passwd|passphrase|secret|token|api_?key)\w*"?\s*(?:=|<>|!=|=>|:=|:)\s*\K(?!["'](?:keychain|env|file):)(?:E?'(?:[^'\\]|\\.|'')+'|"(?:[^"\\]|\\.)+"))"),
             any | QRegularExpression::DotMatchesEverythingOption),
         QStringLiteral("'•••'")},
        // redis-cli's own options; commandsecrets.h knows the commands.
        {QRegularExpression(QStringLiteral(
             R"(\bredis-cli\b[^\n|;&]*?\s["']?(?:-a["']?\s+|--pass(?:["']?\s+|=))\K(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\S+))")),
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
    return maskCommands(out, false);
}

QString redactCommands(const QString& text) {
    return maskCommands(redact(text), true);
}

}  // namespace tocsin
