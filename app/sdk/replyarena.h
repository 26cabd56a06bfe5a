#pragma once
#include <QtGlobal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
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

/// The first bytes of a value in an arena, which say what follows them:
///
///   1sssssss                a bulk string of s bytes, up to 127
///   0kkkklll                a scalar of kind k: l < 5: of l bytes; 5 and 6: the next one or four
///                           bytes are its size
///   0kkkk000 count content  an aggregate: four bytes each for the number of its children and for
///                           the bytes that they take together
///
/// A text follows at once. The children of an aggregate follow one after another, and then where
/// every 16th of them begins, in four bytes from the first. All is relative, so a value can be
/// copied to another place byte by byte.
struct ReplyHeader {
    static constexpr std::size_t kLongText = 5;   ///< bytes of the longest header of a scalar
    static constexpr std::size_t kAggregate = 9;  ///< bytes of an aggregate's
    static constexpr quint32 kStride = 16;  ///< children from one that is looked up to the next
    static constexpr quint32 kPlace = 4;    ///< bytes of where one of them begins

    ReplyKind kind = ReplyKind::Null;
    quint32 size = 0;            ///< of the text in bytes; of an aggregate: its children
    const char* body = nullptr;  ///< the text, or the first child

    static ReplyHeader read(const char* at) {
        const auto first = static_cast<quint8>(*at);
        if (first & kBulkBit) return {ReplyKind::BulkString, first & kBulkSize, at + 1};
        const auto kind = static_cast<ReplyKind>(first >> kKindBit);
        if (kind >= ReplyKind::Array) return {kind, number(at + 1), at + kAggregate};
        const auto form = static_cast<quint8>(first & kForm);
        if (form < kByteSize) return {kind, form, at + 1};
        if (form == kByteSize) return {kind, static_cast<quint8>(at[1]), at + 2};
        return {kind, number(at + 1), at + kLongText};
    }
    /// Of an aggregate: the byte after its last child.
    const char* childrenEnd() const { return body + number(body - kPlace); }
    /// The byte after the value.
    const char* end() const {
        return kind < ReplyKind::Array ? body + size : childrenEnd() + placesOf(size) * kPlace;
    }
    /// Of an aggregate: where the child is that is the `i`th of those looked up, from the second.
    const char* place(std::size_t i) const {
        return body + number(childrenEnd() + (i - 1) * kPlace);
    }
    /// How many children of so many are looked up: the first needs no look.
    static std::size_t placesOf(std::size_t children) {
        return children == 0 ? 0 : (children - 1) / kStride;
    }

    static quint32 number(const char* at) {
        quint32 value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }

    static constexpr unsigned kBulkBit = 0x80;
    static constexpr unsigned kBulkSize = 0x7f;
    static constexpr unsigned kKindBit = 3;
    static constexpr unsigned kForm = 7;
    static constexpr unsigned kByteSize = 5;
    static constexpr unsigned kLongSize = 6;
};

/// What the values of one reply share: their bytes, which grow at the end. Large ones grow and
/// shrink in place, by the kernel's page tables, which neither a vector's nor a string's growth
/// does.
class ReplyArena {
public:
    static constexpr quint64 kMostBytes = 0xffff'ffffULL;          ///< of all values
    static constexpr quint64 kLongest = (quint64(1) << 28U) - 1U;  ///< text, or children of one

    /// An aggregate whose children are still being written.
    struct Open {
        ReplyKind kind = ReplyKind::Array;
        std::size_t at = 0;      ///< its first byte
        std::size_t places = 0;  ///< those of the aggregates around it
        quint32 count = 0;       ///< children so far
    };

    ReplyArena() = default;
    ~ReplyArena() { std::free(m_bytes); }
    ReplyArena(const ReplyArena&) = delete;
    ReplyArena& operator=(const ReplyArena&) = delete;

    const char* data() const { return m_bytes; }
    std::size_t size() const { return m_size; }

    void append(const char* bytes, std::size_t count) {
        char* const to = grown(count);
        if (count > 0) std::memcpy(to, bytes, count);
    }
    void text(ReplyKind kind, const char* bytes, std::size_t count) {
        if (kind == ReplyKind::BulkString && count <= ReplyHeader::kBulkSize)
            *grown(1) = static_cast<char>(ReplyHeader::kBulkBit | count);
        else if (count < ReplyHeader::kByteSize)
            *grown(1) = first(kind, static_cast<unsigned>(count));
        else if (count <= 0xff)
            shortHeader(kind, count);
        else
            longHeader(grown(ReplyHeader::kLongText), kind, count);
        append(bytes, count);
    }

    /// A text that comes in parts, to be appended until endText() says what it is. Returns its
    /// first byte.
    std::size_t beginText() {
        const std::size_t at = m_size;
        grown(ReplyHeader::kLongText);
        return at;
    }
    std::size_t textSize(std::size_t at) const { return m_size - at - ReplyHeader::kLongText; }
    /// `skipped` bytes at its beginning are left out.
    void endText(std::size_t at, ReplyKind kind, std::size_t skipped = 0) {
        char* const body = m_bytes + at + ReplyHeader::kLongText;
        const std::size_t count = textSize(at) - skipped;
        if (skipped > 0) std::memmove(body, body + skipped, count);
        m_size -= skipped;
        longHeader(m_bytes + at, kind, count);
    }

    Open begin(ReplyKind kind) {
        const Open open{kind, m_size, m_places.size(), 0};
        grown(ReplyHeader::kAggregate);
        return open;
    }
    /// One more of its children is whole, at the end of the bytes.
    void childAdded(Open& open) {
        if (++open.count % ReplyHeader::kStride == 0)
            m_places.push_back(static_cast<quint32>(m_size - open.at - ReplyHeader::kAggregate));
    }
    void end(const Open& open) {
        const auto content = static_cast<quint32>(m_size - open.at - ReplyHeader::kAggregate);
        char* const header = m_bytes + open.at;
        header[0] = first(open.kind, 0);
        std::memcpy(header + 1, &open.count, sizeof open.count);
        std::memcpy(header + 1 + sizeof open.count, &content, sizeof content);
        const std::size_t places = ReplyHeader::placesOf(open.count);
        if (places > 0)
            append(reinterpret_cast<const char*>(m_places.data() + open.places),
                   places * ReplyHeader::kPlace);
        m_places.resize(open.places);
    }
    /// It and all in it is forgotten.
    void drop(const Open& open) {
        m_size = open.at;
        m_places.resize(open.places);
    }

    /// Gives back what growing left over.
    void squeeze() {
        m_places = {};
        if (m_room - m_size > kWaste) resizeRoom(m_size);
    }

private:
    static constexpr std::size_t kWaste = 4096;
    static constexpr std::size_t kLeast = 128;

    static char first(ReplyKind kind, unsigned form) {
        return static_cast<char>((static_cast<unsigned>(kind) << ReplyHeader::kKindBit) | form);
    }
    static void longHeader(char* to, ReplyKind kind, std::size_t count) {
        const auto size = static_cast<quint32>(count);
        *to = first(kind, ReplyHeader::kLongSize);
        std::memcpy(to + 1, &size, sizeof size);
    }
    void shortHeader(ReplyKind kind, std::size_t count) {
        char* const to = grown(2);
        to[0] = first(kind, ReplyHeader::kByteSize);
        to[1] = static_cast<char>(count);
    }
    /// Where `count` more bytes go.
    char* grown(std::size_t count) {
        if (m_size + count > m_room) resizeRoom(roomFor(m_size + count));
        char* const at = m_bytes + m_size;
        m_size += count;
        return at;
    }
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
    std::vector<quint32> m_places;  ///< of the children looked up, of all that is open
};

}  // namespace tocsin
