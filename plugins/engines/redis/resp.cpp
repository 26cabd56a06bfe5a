#include "plugins/engines/redis/resp.h"

#include <QString>
#include <charconv>

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

// What one node of the tree costs beside its text.
constexpr qint64 kNodeCost = sizeof(Reply);
// Redis itself never sends longer status or error lines; more is not Redis.
constexpr qsizetype kLongestLine = 1LL * 1024 * 1024;
constexpr qsizetype kKeptBuffer = 1LL * 1024 * 1024;
// A claimed size is not yet a size, and ten thousand levels may each claim one.
constexpr qint64 kReservedOuter = 65'536;
constexpr qint64 kReservedInner = 32;
constexpr std::size_t kOuterLevels = 3;
constexpr qsizetype kCompactAbove = 64LL * 1024;
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

std::optional<qint64> number(QByteArrayView line) {
    if (line.startsWith('+') && !line.startsWith("+-")) line = line.sliced(1);
    qint64 value = 0;
    const auto [end, problem] = std::from_chars(line.begin(), line.end(), value);
    return problem == std::errc() && end == line.end() ? std::optional(value) : std::nullopt;
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

std::optional<Reply::Kind> scalarKind(char type) {
    switch (type) {
        case '+':
            return Reply::Kind::SimpleString;
        case '-':
            return Reply::Kind::Error;
        case ':':
            return Reply::Kind::Integer;
        case '_':
            return Reply::Kind::Null;
        case '#':
            return Reply::Kind::Boolean;
        case ',':
            return Reply::Kind::Double;
        case '(':
            return Reply::Kind::BigNumber;
        default:
            return std::nullopt;
    }
}

Reply::Kind aggregateKind(char type) {
    switch (type) {
        case '~':
            return Reply::Kind::Set;
        case '%':
        case '|':
            return Reply::Kind::Map;
        case '>':
            return Reply::Kind::Push;
        default:
            return Reply::Kind::Array;
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

RespDecoder::RespDecoder(Limits limits) : m_limits(limits) {
}

void RespDecoder::feed(QByteArrayView bytes) {
    if (!m_error) m_buffer.append(bytes);
}

Result<std::optional<Reply>> RespDecoder::next() {
    while (!m_error && !m_done) {
        const auto step = readItem();
        if (!step) break;
        if (*step == Step::Starved) {
            compact();
            return std::nullopt;
        }
    }
    if (m_error) return tl::unexpected<Error>(*m_error);
    m_lastBytes = std::exchange(m_bytes, 0);
    m_cost = 0;
    return std::exchange(m_done, std::nullopt);
}

QByteArray RespDecoder::takeSha256() {
    hashRead();
    const QByteArray hash = m_hash.result().toHex();
    m_hash.reset();
    return hash;
}

Result<RespDecoder::Step> RespDecoder::readItem() {
    if (m_bulkType) return readBulk();
    const auto line = peekLine();
    if (!line) {
        if (m_buffer.size() - m_at > kLongestLine)
            return broken(u"a line has no end within %1 bytes"_s.arg(kLongestLine));
        return Step::Starved;
    }
    if (line->isEmpty()) return broken(u"an empty line stands where a reply must begin"_s);
    const char type = line->front();
    const QByteArrayView rest = line->sliced(1);
    if (m_inStreamedString && type != ';')
        return broken(u"“%1” stands inside a streamed string"_s.arg(shown(*line)));
    return dispatch(type, rest);
}

Result<RespDecoder::Step> RespDecoder::dispatch(char type, QByteArrayView line) {
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

Result<RespDecoder::Step> RespDecoder::scalar(char type, QByteArrayView line) {
    const auto kind = scalarKind(type);
    if (!kind || !isValid(type, line))
        return broken(u"“%1%2” is not the start of a Redis reply"_s.arg(
            shown(QByteArrayView(&type, 1)), shown(line)));
    if (auto paid = charge(line.size() + kNodeCost); !paid) return paid;
    Reply value(*kind, line.toByteArray());
    consume(line.size() + 3);
    return complete(std::move(value));
}

Result<RespDecoder::Step> RespDecoder::beginBulk(char type, QByteArrayView line) {
    if (type == '$' && line == "?") {
        consume(line.size() + 3);
        m_inStreamedString = true;
        return Step::Advanced;
    }
    const auto length = number(line);
    if (!length || *length < -1 || (*length == -1 && type != '$'))
        return broken(u"“%1” is not the length of a string"_s.arg(shown(line)));
    if (*length > 0)
        if (auto paid = charge(*length); !paid) return paid;
    if (auto paid = charge(kNodeCost); !paid) return paid;
    consume(line.size() + 3);
    if (*length == -1) return complete(Reply());
    m_bulkType = type;
    m_bulkLength = *length;
    return Step::Advanced;
}

Result<RespDecoder::Step> RespDecoder::readChunkHeader(QByteArrayView line) {
    const auto length = number(line);
    if (!m_inStreamedString) return broken(u"a chunk stands outside a streamed string"_s);
    if (!length || *length < 0)
        return broken(u"“%1” is not the length of a chunk"_s.arg(shown(line)));
    if (auto paid = charge(*length); !paid) return paid;
    consume(line.size() + 3);
    if (*length == 0) {
        m_inStreamedString = false;
        return complete(Reply(Reply::Kind::BulkString, std::exchange(m_chunks, {})));
    }
    m_bulkType = ';';
    m_bulkLength = *length;
    return Step::Advanced;
}

Result<RespDecoder::Step> RespDecoder::readBulk() {
    const qint64 have = m_buffer.size() - m_at;
    if (have < m_bulkLength + kLineEnd.size()) return Step::Starved;
    const QByteArrayView all(m_buffer.constData() + m_at, m_bulkLength + kLineEnd.size());
    if (!all.endsWith(kLineEnd))
        return broken(u"a string of %1 bytes does not end where it said"_s.arg(m_bulkLength));
    QByteArray payload = all.chopped(kLineEnd.size()).toByteArray();
    consume(all.size());
    return finishBulk(std::move(payload));
}

Result<RespDecoder::Step> RespDecoder::finishBulk(QByteArray payload) {
    switch (std::exchange(m_bulkType, 0)) {
        case ';':
            m_chunks += payload;
            return Step::Advanced;
        case '!':
            return complete(Reply(Reply::Kind::Error, std::move(payload)));
        case '=':
            if (payload.size() < 4 || payload.at(3) != ':')
                return broken(u"a verbatim string lacks its format"_s);
            return complete(Reply(Reply::Kind::Verbatim, payload.mid(4)));
        default:
            return complete(Reply(Reply::Kind::BulkString, std::move(payload)));
    }
}

Result<RespDecoder::Step> RespDecoder::beginAggregate(char type, QByteArrayView line) {
    const bool isPaired = type == '%' || type == '|';
    const bool streamed = line == "?";
    const auto length = streamed ? std::optional<qint64>(0) : number(line);
    if (!length || *length < -1 || (*length == -1 && type != '*'))
        return broken(u"“%1” is not the size of an aggregate"_s.arg(shown(line)));
    const qint64 most = m_limits.bytes / kNodeCost;
    if (*length > most) return tooLarge(u"announces %1 elements"_s.arg(*length));
    if (auto paid = charge(kNodeCost); !paid) return paid;
    if (static_cast<int>(m_frames.size()) >= m_limits.depth)
        return tooLarge(u"is nested deeper than %1 levels"_s.arg(m_limits.depth));
    consume(line.size() + 3);
    if (*length == -1) return complete(Reply());
    Reply node(aggregateKind(type));
    if (!streamed && *length == 0)
        return type == '|' ? Result<Step>(Step::Advanced) : complete(std::move(node));
    const qint64 children = *length * (isPaired ? 2 : 1);
    node.children.reserve(static_cast<std::size_t>(
        std::min(children, m_frames.size() < kOuterLevels ? kReservedOuter : kReservedInner)));
    m_frames.push_back({std::move(node), children, streamed, type == '|'});
    return Step::Advanced;
}

Result<RespDecoder::Step> RespDecoder::endStreamed(QByteArrayView line) {
    if (!line.isEmpty() || m_frames.empty() || !m_frames.back().streamed)
        return broken(u"an end mark stands outside a streamed aggregate"_s);
    Frame frame = std::move(m_frames.back());
    if (frame.node.kind == Reply::Kind::Map && frame.node.children.size() % 2)
        return broken(u"a map ends after a key without its value"_s);
    m_frames.pop_back();
    consume(line.size() + 3);
    if (frame.attribute) return Step::Advanced;
    return complete(std::move(frame.node));
}

/// Puts a finished value where it belongs, and closes every aggregate that it fills.
Result<RespDecoder::Step> RespDecoder::complete(Reply value) {
    while (!m_frames.empty()) {
        Frame& top = m_frames.back();
        top.node.children.push_back(std::move(value));
        if (top.streamed || --top.left > 0) return Step::Advanced;
        const bool dropped = top.attribute;
        value = std::move(top.node);
        m_frames.pop_back();
        if (dropped) return Step::Advanced;
    }
    m_done = std::move(value);
    return Step::Advanced;
}

std::optional<QByteArrayView> RespDecoder::peekLine() {
    const qsizetype end = m_buffer.indexOf(kLineEnd, std::max(m_at, m_scanned));
    if (end < 0) {
        m_scanned = std::max(m_at, m_buffer.size() - 1);
        return std::nullopt;
    }
    return QByteArrayView(m_buffer.constData() + m_at, end - m_at);
}

void RespDecoder::consume(qsizetype count) {
    m_at += count;
    m_offset += count;
    m_bytes += count;
}

/// In large pieces: many small ones cost more than their bytes.
void RespDecoder::hashRead() {
    m_hash.addData(QByteArrayView(m_buffer.constData() + m_hashed, m_at - m_hashed));
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

Result<RespDecoder::Step> RespDecoder::charge(qint64 bytes) {
    // Compared this way round because a claimed length may be close to the largest number.
    if (bytes > m_limits.bytes - m_cost)
        return tooLarge(u"is larger than %1 bytes"_s.arg(m_limits.bytes));
    m_cost += bytes;
    return Step::Advanced;
}

tl::unexpected<Error> RespDecoder::broken(const QString& what) {
    m_error = Error{ErrorCode::Protocol,
                    u"The answer is not the Redis protocol: at byte %1 %2. Check that the address "
                    "is that of a Redis server and that rediss:// is used for TLS."_s.arg(m_offset)
                        .arg(what),
                    shown(QByteArrayView(m_buffer).sliced(m_at))};
    return tl::unexpected<Error>(*m_error);
}

tl::unexpected<Error> RespDecoder::tooLarge(const QString& what) {
    m_error = Error{ErrorCode::TooLarge,
                    u"The reply %1 (at byte %2); ask for a part of it."_s.arg(what).arg(m_offset),
                    {}};
    return tl::unexpected<Error>(*m_error);
}

}  // namespace tocsin::redis
