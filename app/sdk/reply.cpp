#include "sdk/reply.h"

#include <QString>
#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

// redis-cli indents each level; beyond this nobody reads it and the indentation alone fills memory.
constexpr int kDeepestWritten = 128;

/// Empties a tree level by level, so that no destructor has more than leaves below it.
void dismantle(std::vector<Reply>& children) {
    std::vector<std::vector<Reply>> pending;
    pending.push_back(std::move(children));
    while (!pending.empty()) {
        std::vector<Reply> level = std::move(pending.back());
        pending.pop_back();
        for (Reply& child : level)
            if (!child.children.empty()) pending.push_back(std::move(child.children));
    }
}

/// Copies below `to`; `to.children` is made to its full size before anything points into it.
void copyTree(const Reply& from, Reply& to) {
    std::vector<std::pair<const Reply*, Reply*>> pending{{&from, &to}};
    while (!pending.empty()) {
        const auto [source, target] = pending.back();
        pending.pop_back();
        target->kind = source->kind;
        target->text = source->text;
        target->children = std::vector<Reply>(source->children.size());
        for (std::size_t i = 0; i < source->children.size(); ++i)
            pending.emplace_back(&source->children[i], &target->children[i]);
    }
}

void appendQuoted(QString& out, const QByteArray& bytes) {
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

void appendScalar(QString& out, const Reply& reply) {
    const QString text = QString::fromUtf8(reply.text);
    switch (reply.kind) {
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
        case Reply::Kind::BulkString:
            appendQuoted(out, reply.text);
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

void append(QString& out, const Reply& reply, int indent, int depth) {
    if (!reply.isAggregate()) return appendScalar(out, reply);
    if (reply.children.empty()) {
        out += emptyText(reply.kind);
        return;
    }
    if (depth > kDeepestWritten) {
        out += QStringLiteral("(… nested deeper than %1 levels)").arg(kDeepestWritten);
        return;
    }
    const bool isMap = reply.kind == Reply::Kind::Map;
    const std::size_t step = isMap ? 2 : 1;
    const std::size_t entries = reply.children.size() / step;
    const int width = static_cast<int>(QString::number(entries).size());
    const char mark = isMap ? '#' : (reply.kind == Reply::Kind::Set ? '~' : ')');
    for (std::size_t i = 0; i < entries; ++i) {
        if (i > 0) out += u'\n' + QString(indent, u' ');
        out += QStringLiteral("%1%2 ").arg(i + 1, width).arg(QLatin1Char(mark));
        const int inner = indent + width + 2;
        append(out, reply.children[i * step], inner, depth + 1);
        if (!isMap) continue;
        out += QStringLiteral(" => ");
        append(out, reply.children[i * step + 1], inner, depth + 1);
    }
}

}  // namespace

Reply::Reply(Kind ofKind, QByteArray bytes, std::vector<Reply> of)
    : kind(ofKind), text(std::move(bytes)), children(std::move(of)) {
}

Reply::Reply(const Reply& other) {
    copyTree(other, *this);
}

Reply& Reply::operator=(const Reply& other) {
    if (this == &other) return *this;
    Reply copy(other);
    std::swap(kind, copy.kind);
    text.swap(copy.text);
    children.swap(copy.children);
    return *this;
}

Reply& Reply::operator=(Reply&& other) noexcept {
    std::swap(kind, other.kind);
    text.swap(other.text);
    children.swap(other.children);
    return *this;
}

Reply::~Reply() {
    const auto nested = [](const Reply& child) { return !child.children.empty(); };
    if (std::any_of(children.begin(), children.end(), nested)) dismantle(children);
}

QString toText(const Reply& reply, int indent) {
    QString out;
    append(out, reply, indent, 0);
    return out;
}

}  // namespace tocsin
