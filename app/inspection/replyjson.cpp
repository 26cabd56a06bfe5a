#include "inspection/replyjson.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tocsin::inspection {
namespace {

enum class Bytes { Readable, Exact };
QJsonValue valueOf(ReplyView reply, Bytes bytes);

QJsonValue textOf(const QByteArray& text, Bytes bytes) {
    if (bytes == Bytes::Readable || text.isEmpty() || QByteArrayView(text).isValidUtf8())
        return QString::fromUtf8(text);
    return QJsonObject{{QStringLiteral("bytes_base64"), QString::fromLatin1(text.toBase64())}};
}

QJsonValue pairsOf(ReplyView reply, Bytes bytes) {
    QJsonArray pairs;
    for (std::size_t i = 0; i + 1 < reply.children().size(); i += 2)
        pairs.append(QJsonArray{valueOf(reply.children()[i], bytes),
                                valueOf(reply.children()[i + 1], bytes)});
    return pairs;
}

QJsonValue mapOf(ReplyView reply, Bytes bytes) {
    QJsonObject object;
    for (std::size_t i = 0; i + 1 < reply.children().size(); i += 2) {
        const QByteArray key = reply.children()[i].text();
        const bool isName =
            QByteArrayView(key).isValidUtf8() && !object.contains(QString::fromUtf8(key));
        // As an object it would lose what is no name.
        if (bytes == Bytes::Exact && !isName) return pairsOf(reply, bytes);
        object[QString::fromUtf8(key)] = valueOf(reply.children()[i + 1], bytes);
    }
    return object;
}

QJsonValue listOf(ReplyView reply, Bytes bytes) {
    QJsonArray array;
    for (const ReplyView child : reply.children())
        array.append(valueOf(child, bytes));
    return array;
}

QJsonValue valueOf(ReplyView reply, Bytes bytes) {
    switch (reply.kind()) {
        case Reply::Kind::Null:
            return QJsonValue::Null;
        case Reply::Kind::Error:
            return QJsonObject{{QStringLiteral("error"), textOf(reply.text(), bytes)}};
        case Reply::Kind::Integer: {
            bool exact = false;
            const qint64 number = reply.text().toLongLong(&exact);
            if (exact) return number;
            break;
        }
        case Reply::Kind::Boolean:
            return reply.text() == "t" || reply.text() == "true" || reply.text() == "1";
        case Reply::Kind::Map:
            return mapOf(reply, bytes);
        case Reply::Kind::Array:
        case Reply::Kind::Set:
        case Reply::Kind::Push:
            return listOf(reply, bytes);
        default:
            break;
    }
    return textOf(reply.text(), bytes);
}

}  // namespace

QJsonValue toJson(ReplyView reply) {
    return valueOf(reply, Bytes::Readable);
}

QJsonValue exactJson(ReplyView reply) {
    return valueOf(reply, Bytes::Exact);
}

QJsonValue exactJson(QByteArrayView text) {
    return textOf(text.toByteArray(), Bytes::Exact);
}

}  // namespace tocsin::inspection
