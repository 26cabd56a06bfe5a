#include "sdk/reply.h"

#include <QString>
#include <algorithm>
#include <cstring>
#include <utility>

namespace tocsin {
namespace {

// redis-cli indents each level; beyond this nobody reads it and the indentation alone fills memory.
constexpr int kDeepestWritten = 128;

void appendQuoted(QString& out, QByteArrayView bytes) {
    out += u'"';
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append(u'\\').append(QLatin1Char(c));
        else if (c == '\n')
            out += QStringLiteral("\\n");
        else if (c == '\r')
            out += QStringLiteral("\\r");
        else if (c == '\t')
            out += QStringLiteral("\\t");
        else if (c == '\a')
            out += QStringLiteral("\\a");
        else if (c == '\b')
            out += QStringLiteral("\\b");
        else if (u < 0x20 || u >= 0x7f)
            out += QStringLiteral("\\x%1").arg(u, 2, 16, QLatin1Char('0'));
        else
            out += QLatin1Char(c);
    }
    out += u'"';
}

/// Lines as they are, but nothing that a terminal would obey.
QString harmless(const QString& text) {
    const auto isHarmful = [](QChar c) {
        return c.category() == QChar::Other_Control && c != u'\n' && c != u'\r' && c != u'\t';
    };
    if (std::none_of(text.begin(), text.end(), isHarmful)) return text;
    QString out;
    for (const QChar c : text)
        isHarmful(c) ? out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'))
                     : out += c;
    return out;
}

void appendScalar(QString& out, ReplyView reply) {
    if (reply.kind() == Reply::Kind::BulkString) return appendQuoted(out, reply.bytes());
    const QString text = harmless(QString::fromUtf8(reply.bytes()));
    switch (reply.kind()) {
        case Reply::Kind::Null:
            out += QStringLiteral("(nil)");
            return;
        case Reply::Kind::Error:
            out += QStringLiteral("(error) ") + text;
            return;
        case Reply::Kind::Integer:
            out += QStringLiteral("(integer) ") + text;
            return;
        case Reply::Kind::Double:
            out += QStringLiteral("(double) ") + text;
            return;
        case Reply::Kind::BigNumber:
            out += QStringLiteral("(big number) ") + text;
            return;
        case Reply::Kind::Boolean:
            out +=
                text == QLatin1String("t") ? QStringLiteral("(true)") : QStringLiteral("(false)");
            return;
        default:
            out += text;
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

void append(QString& out, ReplyView reply, int indent, int depth) {
    if (!reply.isAggregate()) return appendScalar(out, reply);
    const ReplyChildren children = reply.children();
    if (children.empty()) {
        out += emptyText(reply.kind());
        return;
    }
    if (depth > kDeepestWritten) {
        out += QStringLiteral("(… nested deeper than %1 levels)").arg(kDeepestWritten);
        return;
    }
    const bool isMap = reply.kind() == Reply::Kind::Map;
    const std::size_t step = isMap ? 2 : 1;
    const std::size_t entries = children.size() / step;
    const int width = static_cast<int>(QString::number(entries).size());
    const char mark = isMap ? '#' : (reply.kind() == Reply::Kind::Set ? '~' : ')');
    for (std::size_t i = 0; i < entries; ++i) {
        if (i > 0) out += u'\n' + QString(indent, u' ');
        out += QStringLiteral("%1%2 ").arg(i + 1, width).arg(QLatin1Char(mark));
        const int inner = indent + width + 2;
        append(out, children[i * step], inner, depth + 1);
        if (!isMap) continue;
        out += QStringLiteral(" => ");
        append(out, children[i * step + 1], inner, depth + 1);
    }
}

}  // namespace

Reply::Reply(Kind kind, QByteArrayView text, const std::vector<Reply>& children) {
    if (kind >= Kind::Array) {
        ReplyBuilder builder(kind);
        for (const Reply& child : children)
            builder.add(child);
        *this = builder.take();
        return;
    }
    m_kind = kind;
    const auto size = static_cast<std::size_t>(text.size());
    if (size <= kShort) {
        m_size = static_cast<quint32>(size);
        if (size > 0) std::memcpy(m_short.data(), text.data(), size);
        return;
    }
    auto arena = std::make_shared<ReplyArena>();
    arena->text(kind, text.data(), size);
    m_arena = std::move(arena);
}

ReplyBuilder::ReplyBuilder(ReplyKind kind) : m_open(m_arena->begin(kind)) {
}

void ReplyBuilder::add(ReplyView child) {
    const ReplyHeader& from = child.m_header;
    if (!child.isAggregate()) {
        m_arena->text(from.kind, from.body, from.size);
    } else {
        const char* const first = from.body - ReplyHeader::kAggregate;
        m_arena->append(first, static_cast<std::size_t>(from.end() - first));
    }
    m_arena->childAdded(m_open);
}

Reply ReplyBuilder::take() {
    m_arena->end(m_open);
    m_arena->squeeze();
    auto whole = std::exchange(m_arena, std::make_shared<ReplyArena>());
    m_open = m_arena->begin(m_open.kind);
    return Reply(std::move(whole));
}

QString toText(ReplyView reply, int indent) {
    QString out;
    append(out, reply, indent, 0);
    return out;
}

}  // namespace tocsin
