#include "inspection/redistext.h"

#include <algorithm>

#include "sdk/reply.h"

namespace tocsin::inspection {

QString redisWord(const QByteArray& bytes) {
    const auto isPlain = [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f &&
               c != '"' && c != '\'' && c != '\\' && c != '#';
    };
    const bool plain = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), isPlain);
    return plain ? QString::fromLatin1(bytes) : toText(Reply(Reply::Kind::BulkString, bytes));
}

QByteArray globLiteral(const QByteArray& bytes) {
    QByteArray out;
    for (const char c : bytes) {
        if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

QStringList scriptLines(const QString& script) {
    QStringList lines;
    QString begun;
    for (const QString& each : script.split(QChar(u'\n'))) {
        begun += each.trimmed();
        if (begun.endsWith(u'\\')) {
            begun.back() = u' ';
            continue;
        }
        if (!begun.isEmpty() && !begun.startsWith(u'#')) lines << begun;
        begun.clear();
    }
    if (!begun.trimmed().isEmpty()) lines << begun;
    return lines;
}

QString atNode(const QString& script, const QString& node) {
    if (node.isEmpty()) return script;
    QStringList lines = script.split(QChar(u'\n'), Qt::SkipEmptyParts);
    for (QString& line : lines)
        line.prepend(QStringLiteral("--node %1 ").arg(node));
    return lines.join(QChar(u'\n'));
}

}  // namespace tocsin::inspection
