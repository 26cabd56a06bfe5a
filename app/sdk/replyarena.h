#pragma once
#include <QtGlobal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "sdk/export.h"

namespace tocsin {

enum class ReplyKind : quint8 {
    Null,
    SimpleString,
    Error,
    Integer,
    BulkString,
    Boolean,    ///< its text is "t" or "f"
    Double,     ///< its text as the server wrote it
    BigNumber,  ///< its text as the server wrote it
    Verbatim,   ///< its text without its three-letter prefix
    Array,
    Set,
    Map,  ///< children are key, value, key, value …
    Push,
};

/// One value of a reply in eight bytes. A scalar's text is `size` bytes from `at` in the arena's
/// texts; an aggregate's children are `size` nodes from `at` in its nodes, side by side.
class ReplyNode {
public:
    ReplyNode() = default;
    ReplyNode(ReplyKind kind, std::size_t at, std::size_t size)
        : m_bits((static_cast<quint64>(kind) << kKindBit) |
                 (static_cast<quint64>(size) << kSizeBit) | static_cast<quint64>(at)) {}

    ReplyKind kind() const { return static_cast<ReplyKind>(m_bits >> kKindBit); }
    std::size_t size() const { return (m_bits >> kSizeBit) & 0x0fff'ffffU; }
    std::size_t at() const { return m_bits & 0xffff'ffffU; }

private:
    // One word and no bit fields: those are written byte by byte, and a processor waits where it
    // reads as a whole what was just written in parts.
    static constexpr unsigned kSizeBit = 32;
    static constexpr unsigned kKindBit = 60;

    quint64 m_bits = 0;
};
static_assert(sizeof(ReplyNode) == 8);

/// Bytes that grow at the end. Large ones grow and shrink in place, by the kernel's page tables,
/// which neither a vector's nor a string's growth does.
class ReplyTexts {
public:
    ReplyTexts() = default;
    ~ReplyTexts() { std::free(m_bytes); }
    ReplyTexts(const ReplyTexts&) = delete;
    ReplyTexts& operator=(const ReplyTexts&) = delete;

    const char* data() const { return m_bytes; }
    std::size_t size() const { return m_size; }
    void append(const char* bytes, std::size_t count) {
        if (m_size + count > m_room) resizeRoom(roomFor(m_size + count));
        if (count > 0) std::memcpy(m_bytes + m_size, bytes, count);
        m_size += count;
    }
    void truncate(std::size_t size) { m_size = size; }
    void squeeze() {
        if (m_room - m_size > kWaste) resizeRoom(m_size);
    }

private:
    static constexpr std::size_t kWaste = 4096;
    static constexpr std::size_t kLeast = 128;

    static std::size_t roomFor(std::size_t size) {
        return size < kLeast ? kLeast : size + size / 2;
    }
    void resizeRoom(std::size_t room) {
        auto* moved = static_cast<char*>(std::realloc(m_bytes, room > 0 ? room : 1));
        if (!moved) throw std::bad_alloc();
        m_bytes = moved;
        m_room = room;
    }

    char* m_bytes = nullptr;
    std::size_t m_size = 0;
    std::size_t m_room = 0;
};

/// What the values of one reply share.
struct ReplyArena {
    static constexpr quint64 kMostBytes = 0xffff'ffffULL;          ///< of all texts
    static constexpr quint64 kLongest = (quint64(1) << 28U) - 1U;  ///< text, or children of one

    std::vector<ReplyNode> nodes;  ///< all but the root
    ReplyTexts texts;

    ReplyNode text(ReplyKind kind, const char* bytes, std::size_t count) {
        const std::size_t at = texts.size();
        texts.append(bytes, count);
        return {kind, at, count};
    }
    /// Moves `count` finished children to their place.
    ReplyNode aggregate(ReplyKind kind, const ReplyNode* children, std::size_t count) {
        const std::size_t at = nodes.size();
        nodes.insert(nodes.end(), children, children + count);
        return {kind, at, count};
    }
    /// Gives back what growing left over.
    void squeeze() {
        constexpr std::size_t kWaste = 512;
        texts.squeeze();
        if (nodes.capacity() - nodes.size() > kWaste) nodes.shrink_to_fit();
    }
};

}  // namespace tocsin
