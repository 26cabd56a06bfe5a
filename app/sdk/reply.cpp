#include "sdk/reply.h"

#include <QStringList>

namespace tocsin {
namespace {

QString quoted(const QByteArray& bytes) {
    QString out = QStringLiteral("\"");
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append(QLatin1Char('\\')).append(QLatin1Char(c));
        else if (c == '\n')
            out += QStringLiteral("\\n");
        else if (c == '\r')
            out += QStringLiteral("\\r");
        else if (c == '\t')
            out += QStringLiteral("\\t");
        else if (u < 0x20 || u >= 0x7f)
            out += QStringLiteral("\\x%1").arg(u, 2, 16, QLatin1Char('0'));
        else
            out += QLatin1Char(c);
    }
    return out + QLatin1Char('"');
}

QString scalarText(const Reply& reply) {
    const QString text = QString::fromUtf8(reply.text);
    switch (reply.kind) {
        case Reply::Kind::Null:
            return QStringLiteral("(nil)");
        case Reply::Kind::Error:
            return QStringLiteral("(error) ") + text;
        case Reply::Kind::Integer:
            return QStringLiteral("(integer) ") + text;
        case Reply::Kind::Double:
            return QStringLiteral("(double) ") + text;
        case Reply::Kind::BigNumber:
            return QStringLiteral("(big number) ") + text;
        case Reply::Kind::Boolean:
            return text == QLatin1String("t") ? QStringLiteral("(true)")
                                              : QStringLiteral("(false)");
        case Reply::Kind::BulkString:
            return quoted(reply.text);
        default:
            return text;
    }
}

QString emptyText(Reply::Kind kind) {
    switch (kind) {
        case Reply::Kind::Set:
            return QStringLiteral("(empty set)");
        case Reply::Kind::Map:
            return QStringLiteral("(empty hash)");
        case Reply::Kind::Push:
            return QStringLiteral("(empty push)");
        default:
            return QStringLiteral("(empty array)");
    }
}

}  // namespace

QString toText(const Reply& reply, int indent) {
    if (!reply.isAggregate()) return scalarText(reply);
    if (reply.children.empty()) return emptyText(reply.kind);

    const bool isMap = reply.kind == Reply::Kind::Map;
    const std::size_t step = isMap ? 2 : 1;
    const std::size_t entries = reply.children.size() / step;
    const int width = static_cast<int>(QString::number(entries).size());
    const char mark = isMap ? '#' : (reply.kind == Reply::Kind::Set ? '~' : ')');
    QStringList lines;
    for (std::size_t i = 0; i < entries; ++i) {
        const QString prefix = QStringLiteral("%1%2 ").arg(i + 1, width).arg(QLatin1Char(mark));
        const int inner = indent + static_cast<int>(prefix.size());
        QString text = toText(reply.children[i * step], inner);
        if (isMap) text += QStringLiteral(" => ") + toText(reply.children[i * step + 1], inner);
        lines << (i == 0 ? QString() : QString(indent, QLatin1Char(' '))) + prefix + text;
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace tocsin
