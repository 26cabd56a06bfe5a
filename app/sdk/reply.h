#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "sdk/replyarena.h"

namespace tocsin {

class ReplyChildren;

/// One value of a reply, looked at: two words, copied freely, owning nothing. Good for as long as
/// the Reply it was taken from lives and stays where it is.
class ReplyView {
public:
    using Kind = ReplyKind;

    ReplyView() = default;
    explicit ReplyView(const ReplyHeader& header) : m_header(header) {}

    Kind kind() const { return m_header.kind; }
    bool isError() const { return kind() == Kind::Error; }
    bool isAggregate() const { return kind() >= Kind::Array; }

    /// Scalars: the bytes, not copied; aggregates: empty.
    QByteArrayView bytes() const {
        return isAggregate() ? QByteArrayView()
                             : QByteArrayView(m_header.body, static_cast<qsizetype>(m_header.size));
    }
    /// The same as a copy that may be kept.
    QByteArray text() const { return bytes().toByteArray(); }
    /// Aggregates: the values below; of a map key, value, key, value …
    ReplyChildren children() const;

private:
    friend class ReplyBuilder;

    ReplyHeader m_header;
};

/// The values below an aggregate, in order. The next one costs a step, and any of them by its
/// number 16 at most.
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
        explicit Iterator(const char* at) : m_at(at) {}
        ReplyView operator*() const { return ReplyView(ReplyHeader::read(m_at)); }
        Iterator& operator++() {
            m_at = ReplyHeader::read(m_at).end();
            return *this;
        }
        Iterator operator++(int) {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return m_at == other.m_at; }

    private:
        const char* m_at = nullptr;
    };

    ReplyChildren() = default;
    explicit ReplyChildren(const ReplyHeader& of) : m_of(of) {}

    std::size_t size() const { return m_of.size; }
    bool empty() const { return m_of.size == 0; }
    ReplyView operator[](std::size_t i) const {
        const std::size_t looked = i / ReplyHeader::kStride;
        Iterator at(looked == 0 ? m_of.body : m_of.place(looked));
        for (std::size_t steps = i % ReplyHeader::kStride; steps > 0; --steps)
            ++at;
        return *at;
    }
    ReplyView front() const { return (*this)[0]; }
    ReplyView back() const { return (*this)[size() - 1]; }
    Iterator begin() const { return Iterator(m_of.body); }
    Iterator end() const { return Iterator(m_of.body ? m_of.childrenEnd() : nullptr); }

private:
    ReplyHeader m_of;  ///< its body is null where there is no aggregate
};

inline ReplyChildren ReplyView::children() const {
    return isAggregate() ? ReplyChildren(m_header) : ReplyChildren();
}

/// One Redis reply as a tree, with the exact bytes. Source: the RESP2 and RESP3 specifications.
/// Never changes; a copy shares what is large. However deep it is, copying, destroying and walking
/// it need no stack for that.
class TOCSIN_SDK_EXPORT Reply {
public:
    using Kind = ReplyKind;

    Reply() = default;
    explicit Reply(Kind kind, QByteArrayView text = {}, const std::vector<Reply>& children = {});
    /// What a decoder or builder put together: the first value in `arena`.
    explicit Reply(std::shared_ptr<const ReplyArena> arena) : m_arena(std::move(arena)) {
        m_kind = ReplyHeader::read(m_arena->data()).kind;
    }

    operator ReplyView() const {
        return ReplyView(m_arena ? ReplyHeader::read(m_arena->data())
                                 : ReplyHeader{m_kind, m_size, m_short.data()});
    }
    ReplyView view() const { return *this; }
    Kind kind() const { return m_kind; }
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
        reply.m_kind = kind;
        reply.m_size = static_cast<quint32>(size);
        return reply;
    }

private:
    std::array<char, kShort> m_short{};
    quint32 m_size = 0;  ///< of the short text
    Kind m_kind = Kind::Null;
    std::shared_ptr<const ReplyArena> m_arena;
};

/// Puts an aggregate together out of other replies, whose bytes it copies.
class TOCSIN_SDK_EXPORT ReplyBuilder {
public:
    explicit ReplyBuilder(ReplyKind kind = ReplyKind::Array);

    void add(ReplyView child);
    std::size_t size() const { return m_open.count; }
    /// What was added; the builder is empty again.
    Reply take();

private:
    std::shared_ptr<ReplyArena> m_arena = std::make_shared<ReplyArena>();
    ReplyArena::Open m_open;
};

/// redis-cli's own way of writing a reply ("(integer) 1", "1) …"), for the raw view and exports.
/// What is nested deeper than 128 levels is named, not written.
TOCSIN_SDK_EXPORT QString toText(ReplyView reply, int indent = 0);

}  // namespace tocsin
