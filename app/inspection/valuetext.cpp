#include "inspection/valuetext.h"

#include <zlib.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "inspection/hyperloglog.h"
#include "inspection/jsontext.h"
#include "inspection/msgpack.h"
#include "sdk/figures.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kLongestText = 4LL * 1024 * 1024;
constexpr qsizetype kLongestDump = 256LL * 1024;  // five times as long as text
constexpr qsizetype kLeastBase64 = 16;            // shorter is more likely a word

bool isText(const QByteArray& bytes) {
    if (!bytes.isValidUtf8()) return false;
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
    });
}

bool isBase64(const QByteArray& bytes) {
    if (bytes.size() < kLeastBase64 || bytes.size() % 4 != 0) return false;
    const bool shaped = std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/' || c == '=';
    });
    // Hex digits and plain words have the same letters; the code has capitals, small ones and more.
    const bool mixed =
        std::any_of(bytes.begin(), bytes.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
        std::any_of(bytes.begin(), bytes.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!shaped || !mixed) return false;
    return QByteArray::fromBase64Encoding(bytes, QByteArray::AbortOnBase64DecodingErrors)
               .decodingStatus == QByteArray::Base64DecodingStatus::Ok;
}

/// What can be unpacked, at most kLongestText: a small value may claim to be huge.
QByteArray unpacked(const QByteArray& bytes) {
    z_stream stream{};
    constexpr int kGzipOrZlib = 15 + 32;
    if (inflateInit2(&stream, kGzipOrZlib) != Z_OK) return {};
    QByteArray in = bytes;
    QByteArray out(kLongestText, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int how = inflate(&stream, Z_FINISH);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    inflateEnd(&stream);
    return how == Z_STREAM_END || how == Z_BUF_ERROR ? out : QByteArray();
}

QString dump(const QByteArray& bytes) {
    QString out;
    const qsizetype size = std::min(bytes.size(), kLongestDump);
    for (qsizetype at = 0; at < size; at += 16) {
        const QByteArray row = bytes.mid(at, 16);
        QString letters;
        for (const char c : row)
            letters += static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f
                           ? QLatin1Char(c)
                           : QLatin1Char('.');
        out += u"%1  %2  %3\n"_s.arg(at, 8, 16, QLatin1Char('0'))
                   .arg(QString::fromLatin1(row.toHex(' ')), -47)
                   .arg(letters);
    }
    return size < bytes.size() ? out + u"… %1 bytes more"_s.arg(bytes.size() - size) : out;
}

QString indented(const QJsonValue& value) {
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Indented));
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Indented));
    return value.toVariant().toString();
}

QString asText(const QByteArray& bytes) {
    return QString::fromUtf8(bytes.left(kLongestText));
}

/// What a HyperLogLog is about.
QString countedText(const QByteArray& bytes) {
    const auto distinct = distinctIn(bytes);
    if (!distinct) return {};
    return u"about %1 distinct elements (± 0.8 %), %2\n"
           "Reckoned here from its bytes: PFCOUNT says the same, but may write into the key.\n\n"_s
               .arg(countText(*distinct), bytes[4] == 0 ? u"dense"_s : u"sparse"_s);
}

}  // namespace

QString nameOf(ValueForm form) {
    switch (form) {
        case ValueForm::Text:
            return u"text"_s;
        case ValueForm::Json:
            return u"JSON"_s;
        case ValueForm::Hex:
            return u"hex"_s;
        case ValueForm::Base64:
            return u"base64"_s;
        case ValueForm::Gzip:
            return u"gzip"_s;
        case ValueForm::MsgPack:
            return u"MessagePack"_s;
        case ValueForm::HyperLogLog:
            return u"HyperLogLog"_s;
    }
    return {};
}

ValueForm guessForm(const QByteArray& bytes, bool isCut) {
    if (bytes.startsWith("HYLL") && bytes.size() >= 16) return ValueForm::HyperLogLog;
    if (bytes.startsWith("\x1f\x8b") && !unpacked(bytes).isEmpty()) return ValueForm::Gzip;
    const QByteArray trimmed = bytes.trimmed();
    if (!isCut && (trimmed.startsWith('{') || trimmed.startsWith('[')) &&
        !QJsonDocument::fromJson(trimmed).isNull())
        return ValueForm::Json;
    if (isText(bytes)) return isBase64(bytes) ? ValueForm::Base64 : ValueForm::Text;
    if (!isCut) {
        // One byte alone is a number in MessagePack as well; only a whole structure is a sign.
        const auto value = fromMsgPack(bytes);
        if (value && (value->isObject() || value->isArray())) return ValueForm::MsgPack;
    }
    return ValueForm::Hex;
}

QString writtenAs(const QByteArray& bytes, ValueForm form) {
    switch (form) {
        case ValueForm::Json: {
            const auto set =
                QJsonDocument::fromJson(bytes).isNull() ? std::nullopt : indentedJson(bytes, 4);
            return set ? *set + u'\n' : asText(bytes);
        }
        case ValueForm::Base64: {
            const QByteArray inside = QByteArray::fromBase64(bytes);
            return writtenAs(inside, isText(inside) ? guessForm(inside) == ValueForm::Json
                                                          ? ValueForm::Json
                                                          : ValueForm::Text
                                                    : ValueForm::Hex);
        }
        case ValueForm::Gzip: {
            const QByteArray inside = unpacked(bytes);
            const ValueForm within = guessForm(inside);
            return writtenAs(inside, within == ValueForm::Gzip ? ValueForm::Hex : within);
        }
        case ValueForm::MsgPack: {
            const auto value = fromMsgPack(bytes);
            return value ? indented(*value) : dump(bytes);
        }
        case ValueForm::HyperLogLog:
            return countedText(bytes) + dump(bytes);
        case ValueForm::Hex:
            return dump(bytes);
        case ValueForm::Text:
            break;
    }
    return asText(bytes);
}

}  // namespace tocsin::inspection
