#include "inspection/msgpack.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QtEndian>
#include <bit>
#include <limits>

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr int kDeepest = 64;

/// Walks over the bytes; any mistake ends it.
class Unpacker {
public:
    explicit Unpacker(const QByteArray& bytes) : m_bytes(bytes) {}

    std::optional<QJsonValue> read(int depth = 0) {
        if (depth > kDeepest || m_at >= m_bytes.size()) return std::nullopt;
        const auto tag = static_cast<quint8>(m_bytes[m_at++]);
        if (tag < 0x80) return QJsonValue(tag);
        if (tag >= 0xe0) return QJsonValue(static_cast<qint8>(tag));
        if (tag < 0x90) return map(tag & 0x0f, depth);
        if (tag < 0xa0) return array(tag & 0x0f, depth);
        if (tag < 0xc0) return text(tag & 0x1f);
        return tagged(tag, depth);
    }
    bool atEnd() const { return m_at == m_bytes.size(); }

private:
    template <typename T>
    std::optional<T> number() {
        if (m_bytes.size() - m_at < static_cast<qsizetype>(sizeof(T))) return std::nullopt;
        const T value = qFromBigEndian<T>(m_bytes.constData() + m_at);
        m_at += static_cast<qsizetype>(sizeof(T));
        return value;
    }
    template <typename T>
    std::optional<QJsonValue> whole() {
        const auto value = number<T>();
        if (!value) return std::nullopt;
        return QJsonValue(static_cast<qint64>(*value));
    }
    std::optional<qint64> length(int width) {
        if (width == 1) return number<quint8>();
        if (width == 2) return number<quint16>();
        return number<quint32>();
    }
    std::optional<QByteArray> take(std::optional<qint64> size) {
        if (!size || *size > m_bytes.size() - m_at) return std::nullopt;
        m_at += *size;
        return m_bytes.mid(m_at - *size, *size);
    }
    std::optional<QJsonValue> text(std::optional<qint64> size) {
        const auto bytes = take(size);
        if (!bytes || !bytes->isValidUtf8()) return std::nullopt;
        return QJsonValue(QString::fromUtf8(*bytes));
    }
    std::optional<QJsonValue> binary(std::optional<qint64> size) {
        const auto bytes = take(size);
        if (!bytes) return std::nullopt;
        return QJsonValue(u"0x"_s + QString::fromLatin1(bytes->toHex()));
    }
    std::optional<QJsonValue> array(std::optional<qint64> size, int depth) {
        QJsonArray out;
        for (qint64 i = 0; size && i < *size; ++i) {
            const auto value = read(depth + 1);
            if (!value) return std::nullopt;
            out.append(*value);
        }
        return size ? std::optional<QJsonValue>(out) : std::nullopt;
    }
    std::optional<QJsonValue> map(std::optional<qint64> size, int depth) {
        QJsonObject out;
        for (qint64 i = 0; size && i < *size; ++i) {
            const auto key = read(depth + 1);
            const auto value = key ? read(depth + 1) : std::nullopt;
            if (!value) return std::nullopt;
            out.insert(key->isString() ? key->toString() : key->toVariant().toString(), *value);
        }
        return size ? std::optional<QJsonValue>(out) : std::nullopt;
    }
    std::optional<QJsonValue> extension(std::optional<qint64> size) {
        return binary(size ? std::optional(*size + 1) : std::nullopt);
    }
    std::optional<QJsonValue> tagged(quint8 tag, int depth) {
        switch (tag) {
            case 0xc0:
                return QJsonValue(QJsonValue::Null);
            case 0xc2:
            case 0xc3:
                return QJsonValue(tag == 0xc3);
            case 0xc4:
            case 0xc5:
            case 0xc6:
                return binary(length(1 << (tag - 0xc4)));
            case 0xc7:
            case 0xc8:
            case 0xc9:
                return extension(length(1 << (tag - 0xc7)));
            case 0xca: {
                const auto bits = number<quint32>();
                if (!bits) return std::nullopt;
                return QJsonValue(static_cast<double>(std::bit_cast<float>(*bits)));
            }
            case 0xcb: {
                const auto bits = number<quint64>();
                if (!bits) return std::nullopt;
                return QJsonValue(std::bit_cast<double>(*bits));
            }
            case 0xcc:
                return whole<quint8>();
            case 0xcd:
                return whole<quint16>();
            case 0xce:
                return whole<quint32>();
            case 0xcf: {
                const auto value = number<quint64>();
                if (!value) return std::nullopt;
                // JSON's numbers here are signed; the rest stays exact as text.
                if (*value > static_cast<quint64>(std::numeric_limits<qint64>::max()))
                    return QJsonValue(QString::number(*value));
                return QJsonValue(static_cast<qint64>(*value));
            }
            case 0xd0:
                return whole<qint8>();
            case 0xd1:
                return whole<qint16>();
            case 0xd2:
                return whole<qint32>();
            case 0xd3:
                return whole<qint64>();
            case 0xd4:
            case 0xd5:
            case 0xd6:
            case 0xd7:
            case 0xd8:
                return extension(1LL << (tag - 0xd4));
            case 0xd9:
            case 0xda:
            case 0xdb:
                return text(length(1 << (tag - 0xd9)));
            case 0xdc:
            case 0xdd:
                return array(length(2 << (tag - 0xdc)), depth);
            case 0xde:
            case 0xdf:
                return map(length(2 << (tag - 0xde)), depth);
            default:
                return std::nullopt;
        }
    }

    const QByteArray& m_bytes;
    qsizetype m_at = 0;
};

}  // namespace

std::optional<QJsonValue> fromMsgPack(const QByteArray& bytes) {
    Unpacker unpacker(bytes);
    const auto value = unpacker.read();
    return value && unpacker.atEnd() ? value : std::nullopt;
}

}  // namespace tocsin::inspection
