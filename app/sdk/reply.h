#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>
#include <vector>

#include "sdk/replyarena.h"

namespace tocsin {

class ReplyChildren;

/// One value of a reply, looked at: three words, copied freely, owning nothing. Good for as long as
/// the Reply it was taken from lives and stays where it is.
class ReplyView {
public:
    using Kind = ReplyKind;

    ReplyView() = default;
    ReplyView(const ReplyNode* nodes, const char* texts, ReplyNode node)
        : m_nodes(nodes), m_texts(texts), m_node(node) {}

    Kind kind() const { return m_node.kind(); }
    bool isError() const { return kind() == Kind::Error; }
    bool isAggregate() const { return kind() >= Kind::Array; }

    /// Scalars: the bytes, not copied; aggregates: empty.
    QByteArrayView bytes() const {
        return isAggregate() || !m_texts
                   ? QByteArrayView()
                   : QByteArrayView(m_texts + m_node.at(), static_cast<qsizetype>(m_node.size()));
    }
    /// The same as a copy that may be kept.
    QByteArray text() const { return bytes().toByteArray(); }
    /// Aggregates: the values below; of a map key, value, key, value …
    ReplyChildren children() const;

private:
    friend class ReplyBuilder;

    const ReplyNode* m_nodes = nullptr;
    const char* m_texts = nullptr;
    ReplyNode m_node;
};

/// The values below an aggregate, in order.
class ReplyChildren {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = ReplyView;
        using difference_type = std::ptrdiff_t;
        using pointer = const ReplyView*;
        using reference = ReplyView;

        Iterator() = default;
        Iterator(const ReplyNode* nodes, const char* texts, const ReplyNode* at)
            : m_nodes(nodes), m_texts(texts), m_at(at) {}
        ReplyView operator*() const { return {m_nodes, m_texts, *m_at}; }
        Iterator& operator++() {
            ++m_at;
            return *this;
        }
        Iterator operator++(int) {
            const Iterator before = *this;
            ++m_at;
            return before;
        }
        bool operator==(const Iterator& other) const { return m_at == other.m_at; }

    private:
        const ReplyNode* m_nodes = nullptr;
        const char* m_texts = nullptr;
        const ReplyNode* m_at = nullptr;
    };

    ReplyChildren() = default;
    ReplyChildren(const ReplyNode* nodes, const char* texts, ReplyNode of)
        : m_nodes(nodes), m_texts(texts), m_of(of) {}

    std::size_t size() const { return m_of.size(); }
    bool empty() const { return m_of.size() == 0; }
    ReplyView operator[](std::size_t i) const { return {m_nodes, m_texts, m_nodes[m_of.at() + i]}; }
    ReplyView front() const { return (*this)[0]; }
    ReplyView back() const { return (*this)[size() - 1]; }
    Iterator begin() const { return {m_nodes, m_texts, m_nodes + m_of.at()}; }
    Iterator end() const { return {m_nodes, m_texts, m_nodes + m_of.at() + m_of.size()}; }

private:
    const ReplyNode* m_nodes = nullptr;
    const char* m_texts = nullptr;
    ReplyNode m_of;
};

inline ReplyChildren ReplyView::children() const {
    return isAggregate() ? ReplyChildren(m_nodes, m_texts, m_node) : ReplyChildren();
}

/// One Redis reply as a tree, with the exact bytes. Source: the RESP2 and RESP3 specifications.
/// Never changes; a copy shares what is large. However deep it is, copying, destroying and walking
/// it need no stack for that.
class TOCSIN_SDK_EXPORT Reply {
public:
    using Kind = ReplyKind;

    Reply() = default;
    explicit Reply(Kind kind, QByteArrayView text = {}, const std::vector<Reply>& children = {});
    /// What a decoder or builder put together; `root` points into `arena`.
    Reply(ReplyNode root, std::shared_ptr<const ReplyArena> arena)
        : m_root(root), m_arena(std::move(arena)) {}

    operator ReplyView() const {
        return m_arena ? ReplyView(m_arena->nodes.data(), m_arena->texts.data(), m_root)
                       : ReplyView(nullptr, m_short.data(), m_root);
    }
    ReplyView view() const { return *this; }
    Kind kind() const { return m_root.kind(); }
    bool isError() const { return kind() == Kind::Error; }
    bool isAggregate() const { return kind() >= Kind::Array; }
    QByteArrayView bytes() const { return view().bytes(); }
    QByteArray text() const { return view().text(); }
    ReplyChildren children() const { return view().children(); }

    /// Texts up to this length need no memory of their own.
    static constexpr std::size_t kShort = 16;
    /// One of them, of which all kShort bytes may be read: copying them as one is what makes a
    /// small reply cheap, since what is written in pieces cannot be read back at once.
    static Reply ofShort(Kind kind, const char* bytes, std::size_t size) {
        Reply reply;
        std::memcpy(reply.m_short.data(), bytes, kShort);
        reply.m_root = ReplyNode(kind, 0, size);
        return reply;
    }

private:
    std::array<char, kShort> m_short{};
    ReplyNode m_root;
    std::shared_ptr<const ReplyArena> m_arena;
};

/// Puts an aggregate together out of other replies, whose bytes it copies.
class TOCSIN_SDK_EXPORT ReplyBuilder {
public:
    explicit ReplyBuilder(ReplyKind kind = ReplyKind::Array) : m_kind(kind) {}

    void reserve(std::size_t children) { m_children.reserve(children); }
    void add(ReplyView child);
    std::size_t size() const { return m_children.size(); }
    /// What was added; the builder is empty again.
    Reply take();

private:
    ReplyNode copied(ReplyView view);

    ReplyKind m_kind;
    std::vector<ReplyNode> m_children;
    std::shared_ptr<ReplyArena> m_arena = std::make_shared<ReplyArena>();
};

/// redis-cli's own way of writing a reply ("(integer) 1", "1) …"), for the raw view and exports.
/// What is nested deeper than 128 levels is named, not written.
TOCSIN_SDK_EXPORT QString toText(ReplyView reply, int indent = 0);

}  // namespace tocsin
