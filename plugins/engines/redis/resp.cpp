#include "plugins/engines/redis/resp.h"

#include <QString>
#include <charconv>
#include <cstring>

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

// What one value may cost beside its text: its header, its share of what is looked up by number,
// and what of both stands ready for more.
constexpr qint64 kHeaderCost = 16;
// Redis itself never sends longer status or error lines; more is not Redis.
constexpr qsizetype kLongestLine = 1LL * 1024 * 1024;
constexpr qsizetype kKeptBuffer = 1LL * 1024 * 1024;
constexpr qsizetype kCompactAbove = 64LL * 1024;
constexpr qsizetype kShortLine = 24;
constexpr QByteArrayView kLineEnd("\r\n");

QString shown(QByteArrayView bytes) {
    QString out;
    for (const char c : bytes.first(std::min<qsizetype>(bytes.size(), 24))) {
        const auto u = static_cast<unsigned char>(c);
        out += u >= 0x20 && u < 0x7f ? QString(QLatin1Char(c))
                                     : u"\\x%1"_s.arg(u, 2, 16, QLatin1Char('0'));
    }
    return out;
}

std::optional<qint64> longNumber(QByteArrayView line) {
    if (line.startsWith('+') && !line.startsWith("+-")) line = line.sliced(1);
    qint64 value = 0;
    const auto [end, problem] = std::from_chars(line.begin(), line.end(), value);
    return problem == std::errc() && end == line.end() ? std::optional(value) : std::nullopt;
}

/// Nearly every line there is is a short one. Inline, because handing back what it found would
/// cost more than finding it.
Q_ALWAYS_INLINE std::optional<qint64> number(QByteArrayView line) {
    constexpr qsizetype kSurelyFits = 18;
    if (line.isEmpty() || line.size() > kSurelyFits) return longNumber(line);
    const bool isNegative = line.front() == '-';
    const char* at = line.begin() + (isNegative ? 1 : 0);
    qint64 value = 0;
    while (at < line.end() && *at >= '0' && *at <= '9')
        value = value * 10 + (*at++ - '0');
    if (at < line.end() || at[-1] == '-') return longNumber(line);
    return isNegative ? -value : value;
}

bool isBigNumber(QByteArrayView line) {
    if (!line.isEmpty() && (line.front() == '-' || line.front() == '+')) line = line.sliced(1);
    return !line.isEmpty() &&
           std::all_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isDouble(QByteArrayView line) {
    if (line == "inf" || line == "-inf" || line == "+inf" || line == "nan" || line == "-nan")
        return true;
    bool ok = false;
    [[maybe_unused]] const double value = line.toDouble(&ok);
    // toDouble refuses what does not fit; "1e-400" is still a number and is kept as text.
    if (ok) return line == line.trimmed();
    return !line.isEmpty() && std::all_of(line.begin(), line.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
    }) && std::any_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<ReplyKind> scalarKind(char type) {
    switch (type) {
        case '+':
            return ReplyKind::SimpleString;
        case '-':
            return ReplyKind::Error;
        case ':':
            return ReplyKind::Integer;
        case '_':
            return ReplyKind::Null;
        case '#':
            return ReplyKind::Boolean;
        case ',':
            return ReplyKind::Double;
        case '(':
            return ReplyKind::BigNumber;
        default:
            return std::nullopt;
    }
}

ReplyKind aggregateKind(char type) {
    switch (type) {
        case '~':
            return ReplyKind::Set;
        case '%':
        case '|':
            return ReplyKind::Map;
        case '>':
            return ReplyKind::Push;
        default:
            return ReplyKind::Array;
    }
}

bool isValid(char type, QByteArrayView line) {
    switch (type) {
        case ':':
            return number(line).has_value();
        case '_':
            return line.isEmpty();
        case '#':
            return line == "t" || line == "f";
        case ',':
            return isDouble(line);
        case '(':
            return isBigNumber(line);
        default:
            return true;
    }
}

}  // namespace

RespDecoder::RespDecoder(Limits limits) {
    setLimits(limits);
}

void RespDecoder::setLimits(Limits limits) {
    m_limits = limits;
    m_limits.bytes = std::min(limits.bytes, static_cast<qint64>(ReplyArena::kMostBytes));
}

void RespDecoder::feed(QByteArrayView bytes) {
    if (!m_error) m_buffer.append(bytes);
}

Result<std::optional<Reply>> RespDecoder::next() {
    while (!m_error && !m_done) {
        const Step step = readItem();
        if (step == Step::Failed) break;
        if (step == Step::Starved) {
            compact();
            return std::nullopt;
        }
    }
    if (m_error) return tl::unexpected<Error>(*m_error);
    m_lastBytes = std::exchange(m_bytes, 0);
    m_cost = 0;
    Result<std::optional<Reply>> whole(std::move(m_done));
    m_done.reset();
    return whole;
}

QByteArray RespDecoder::takeSha256() {
    hashRead();
    return m_hash.takeHex();
}

RespDecoder::Step RespDecoder::readItem() {
    if (m_bulkType) return readBulk();
    const auto line = peekLine();
    if (!line) {
        if (m_buffer.size() - m_at > kLongestLine)
            return broken(u"a line has no end within %1 bytes"_s.arg(kLongestLine));
        return Step::Starved;
    }
    if (line->isEmpty()) return broken(u"an empty line stands where a reply must begin"_s);
    const char type = line->front();
    if (m_inStreamedString && type != ';')
        return broken(u"“%1” stands inside a streamed string"_s.arg(shown(*line)));
    return dispatch(type, line->sliced(1));
}

RespDecoder::Step RespDecoder::dispatch(char type, QByteArrayView line) {
    switch (type) {
        case '$':
        case '!':
        case '=':
            return beginBulk(type, line);
        case '*':
        case '~':
        case '%':
        case '>':
        case '|':
            return beginAggregate(type, line);
        case ';':
            return readChunkHeader(line);
        case '.':
            return endStreamed(line);
        default:
            return scalar(type, line);
    }
}

RespDecoder::Step RespDecoder::scalar(char type, QByteArrayView line) {
    const auto kind = scalarKind(type);
    if (!kind || !isValid(type, line))
        return broken(u"“%1%2” is not the start of a Redis reply"_s.arg(
            shown(QByteArrayView(&type, 1)), shown(line)));
    if (!charge(line.size() + kHeaderCost)) return overCap();
    const Step step = finish(*kind, line);
    consume(line.size() + 3);
    return step;
}

RespDecoder::Step RespDecoder::beginBulk(char type, QByteArrayView line) {
    if (type == '$' && line.size() == 1 && line.front() == '?') {
        if (!charge(kHeaderCost)) return overCap();
        consume(line.size() + 3);
        m_inStreamedString = true;
        m_textAt = arena().beginText();
        return Step::Advanced;
    }
    const auto length = number(line);
    if (!length || *length < -1 || (*length == -1 && type != '$'))
        return broken(u"“%1” is not the length of a string"_s.arg(shown(line)));
    if (*length > static_cast<qint64>(ReplyArena::kLongest) || (*length > 0 && !charge(*length)) ||
        !charge(kHeaderCost))
        return overCap();
    consume(line.size() + 3);
    if (*length == -1) return nothing();
    // Nearly always it is all there.
    const QByteArrayView payload(m_buffer.constData() + m_at, m_buffer.size() - m_at);
    if (type == '$' && payload.size() >= *length + kLineEnd.size() && payload[*length] == '\r' &&
        payload[*length + 1] == '\n') {
        const Step step = finish(ReplyKind::BulkString, payload.first(*length));
        consume(*length + kLineEnd.size());
        return step;
    }
    m_bulkType = type;
    m_bulkLength = m_bulkLeft = *length;
    m_textAt = arena().beginText();
    return Step::Advanced;
}

RespDecoder::Step RespDecoder::readChunkHeader(QByteArrayView line) {
    const auto length = number(line);
    if (!m_inStreamedString) return broken(u"a chunk stands outside a streamed string"_s);
    if (!length || *length < 0)
        return broken(u"“%1” is not the length of a chunk"_s.arg(shown(line)));
    const auto soFar = static_cast<qint64>(arena().textSize(m_textAt));
    if (!charge(*length) || *length + soFar > static_cast<qint64>(ReplyArena::kLongest))
        return overCap();
    consume(line.size() + 3);
    if (*length == 0) {
        m_inStreamedString = false;
        return textAdded(ReplyKind::BulkString);
    }
    m_bulkType = ';';
    m_bulkLength = m_bulkLeft = *length;
    return Step::Advanced;
}

/// Takes what there is of a payload at once: a large one is never held twice.
RespDecoder::Step RespDecoder::readBulk() {
    const qint64 part = std::min<qint64>(m_bulkLeft, m_buffer.size() - m_at);
    arena().append(m_buffer.constData() + m_at, static_cast<std::size_t>(part));
    consume(part);
    m_bulkLeft -= part;
    if (m_bulkLeft > 0 || m_buffer.size() - m_at < kLineEnd.size()) return Step::Starved;
    if (QByteArrayView(m_buffer).sliced(m_at, kLineEnd.size()) != kLineEnd)
        return broken(u"a string of %1 bytes does not end where it said"_s.arg(m_bulkLength));
    consume(kLineEnd.size());
    return finishBulk();
}

RespDecoder::Step RespDecoder::finishBulk() {
    constexpr std::size_t kFormat = 4;  // "txt:"
    switch (std::exchange(m_bulkType, 0)) {
        case ';':
            return Step::Advanced;
        case '!':
            return textAdded(ReplyKind::Error);
        case '=':
            if (arena().textSize(m_textAt) < kFormat ||
                arena().data()[arena().size() - arena().textSize(m_textAt) + kFormat - 1] != ':')
                return broken(u"a verbatim string lacks its format"_s);
            return textAdded(ReplyKind::Verbatim, kFormat);
        default:
            return textAdded(ReplyKind::BulkString);
    }
}

RespDecoder::Step RespDecoder::textAdded(ReplyKind kind, std::size_t skipped) {
    arena().endText(m_textAt, kind, skipped);
    return valueAdded();
}

RespDecoder::Step RespDecoder::beginAggregate(char type, QByteArrayView line) {
    const bool isPaired = type == '%' || type == '|';
    const bool streamed = line.size() == 1 && line.front() == '?';
    const auto length = streamed ? std::optional<qint64>(0) : number(line);
    if (!length || *length < -1 || (*length == -1 && type != '*'))
        return broken(u"“%1” is not the size of an aggregate"_s.arg(shown(line)));
    const qint64 most =
        std::min(m_limits.bytes / kHeaderCost, static_cast<qint64>(ReplyArena::kLongest) / 2);
    if (*length > most) return tooLarge(u"announces %1 elements"_s.arg(*length));
    if (!charge(kHeaderCost)) return overCap();
    if (static_cast<int>(m_frames.size()) >= m_limits.depth)
        return tooLarge(u"is nested deeper than %1 levels"_s.arg(m_limits.depth));
    consume(line.size() + 3);
    if (*length == -1) return nothing();
    const bool isAttribute = type == '|';
    if (!streamed && *length == 0 && isAttribute) return Step::Advanced;
    const ReplyArena::Open open = arena().begin(aggregateKind(type));
    if (streamed || *length > 0) {
        m_frames.push_back({open, streamed, isAttribute, *length * (isPaired ? 2 : 1)});
        return Step::Advanced;
    }
    arena().end(open);
    return valueAdded();
}

RespDecoder::Step RespDecoder::endStreamed(QByteArrayView line) {
    if (!line.isEmpty() || m_frames.empty() || !m_frames.back().streamed)
        return broken(u"an end mark stands outside a streamed aggregate"_s);
    const Frame& top = m_frames.back();
    const quint32 count = top.open.count;
    if (top.open.kind == ReplyKind::Map && count % 2)
        return broken(u"a map ends after a key without its value"_s);
    if (count > ReplyArena::kLongest) return overCap();
    consume(line.size() + 3);
    return closeFrame() ? valueAdded() : Step::Advanced;
}

/// The aggregate on top is whole; false: it was an attribute, and is forgotten.
bool RespDecoder::closeFrame() {
    const Frame top = m_frames.back();
    m_frames.pop_back();
    if (top.attribute)
        m_arena->drop(top.open);
    else
        m_arena->end(top.open);
    return !top.attribute;
}

/// A text that is whole. On its own it needs no arena when it is short.
RespDecoder::Step RespDecoder::finish(ReplyKind kind, QByteArrayView text) {
    const auto size = static_cast<std::size_t>(text.size());
    if (!m_frames.empty()) {
        m_arena->text(kind, text.data(), size);
        return valueAdded();
    }
    const auto readable =
        static_cast<std::size_t>(m_buffer.constData() + m_buffer.size() - text.data());
    if (size <= Reply::kShort && readable >= Reply::kShort)
        m_done = Reply::ofShort(kind, text.data(), size);
    else
        m_done.emplace(kind, text);
    return Step::Advanced;
}

RespDecoder::Step RespDecoder::nothing() {
    if (m_frames.empty()) {
        m_done.emplace();
        return Step::Advanced;
    }
    m_arena->text(ReplyKind::Null, nullptr, 0);
    return valueAdded();
}

/// A value is whole at the arena's end: closes every aggregate that it fills.
RespDecoder::Step RespDecoder::valueAdded() {
    while (!m_frames.empty()) {
        Frame& top = m_frames.back();
        m_arena->childAdded(top.open);
        if (top.streamed || --top.left > 0) return Step::Advanced;
        if (!closeFrame()) return Step::Advanced;
    }
    m_arena->squeeze();
    m_done.emplace(std::exchange(m_arena, nullptr));
    return Step::Advanced;
}

ReplyArena& RespDecoder::arena() {
    if (!m_arena) m_arena = std::make_shared<ReplyArena>();
    return *m_arena;
}

std::optional<QByteArrayView> RespDecoder::peekLine() {
    const char* const begin = m_buffer.constData();
    const char* const last = begin + m_buffer.size();
    const char* from = begin + std::max(m_at, m_scanned);
    // Most lines are a few bytes long: looking is faster than calling somebody who looks.
    for (const char* const near = from + std::min<qsizetype>(kShortLine, last - from);
         from + 1 < near; ++from)
        if (from[0] == '\r' && from[1] == '\n') return QByteArrayView(begin + m_at, from);
    while (from < last) {
        const auto* found = static_cast<const char*>(
            std::memchr(from, '\r', static_cast<std::size_t>(last - from)));
        if (!found || found + 1 == last) break;
        if (found[1] == '\n') return QByteArrayView(begin + m_at, found);
        from = found + 1;
    }
    m_scanned = std::max(m_at, m_buffer.size() - 1);
    return std::nullopt;
}

void RespDecoder::consume(qsizetype count) {
    m_at += count;
    m_offset += count;
    m_bytes += count;
}

/// In large pieces: many small ones cost more than their bytes.
void RespDecoder::hashRead() {
    if (m_hashes) m_hash.add(QByteArrayView(m_buffer.constData() + m_hashed, m_at - m_hashed));
    m_hashed = m_at;
}

void RespDecoder::compact() {
    hashRead();
    if (m_at == m_buffer.size() && m_buffer.capacity() < kKeptBuffer)
        m_buffer.resize(0);
    else if (m_at == m_buffer.size())
        m_buffer.clear();
    else if (m_at > kCompactAbove && m_at > m_buffer.size() / 2)
        m_buffer.remove(0, m_at);
    else
        return;
    m_scanned = std::max<qsizetype>(0, m_scanned - m_at);
    m_at = 0;
    m_hashed = 0;
}

bool RespDecoder::charge(qint64 bytes) {
    // Compared this way round because a claimed length may be close to the largest number.
    if (bytes > m_limits.bytes - m_cost) return false;
    m_cost += bytes;
    return true;
}

RespDecoder::Step RespDecoder::overCap() {
    return tooLarge(u"is larger than %1 bytes"_s.arg(m_limits.bytes));
}

RespDecoder::Step RespDecoder::broken(const QString& what) {
    m_error = Error{ErrorCode::Protocol,
                    u"The answer is not the Redis protocol: at byte %1 %2. Check that the address "
                    "is that of a Redis server and that rediss:// is used for TLS."_s.arg(m_offset)
                        .arg(what),
                    shown(QByteArrayView(m_buffer).sliced(m_at))};
    return Step::Failed;
}

RespDecoder::Step RespDecoder::tooLarge(const QString& what) {
    m_error = Error{ErrorCode::TooLarge,
                    u"The reply %1 (at byte %2); ask for a part of it."_s.arg(what).arg(m_offset),
                    {}};
    return Step::Failed;
}

}  // namespace tocsin::redis
