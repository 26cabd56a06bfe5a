#include "inspection/replyjson.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tocsin::inspection {
namespace {

QJsonValue mapToJson(ReplyView reply) {
    QJsonObject object;
    for (std::size_t i = 0; i + 1 < reply.children().size(); i += 2)
        object[QString::fromUtf8(reply.children()[i].text())] = toJson(reply.children()[i + 1]);
    return object;
}

QJsonValue listToJson(ReplyView reply) {
    QJsonArray array;
    for (const ReplyView child : reply.children())
        array.append(toJson(child));
    return array;
}

}  // namespace

QJsonValue toJson(ReplyView reply) {
    switch (reply.kind()) {
        case Reply::Kind::Null:
            return QJsonValue::Null;
        case Reply::Kind::Error:
            return QJsonObject{{QStringLiteral("error"), QString::fromUtf8(reply.text())}};
        case Reply::Kind::Integer: {
            bool exact = false;
            const qint64 number = reply.text().toLongLong(&exact);
            if (exact) return number;
            break;
        }
        case Reply::Kind::Boolean:
            return reply.text() == "t" || reply.text() == "true" || reply.text() == "1";
        case Reply::Kind::Map:
            return mapToJson(reply);
        case Reply::Kind::Array:
        case Reply::Kind::Set:
        case Reply::Kind::Push:
            return listToJson(reply);
        default:
            break;
    }
    return QString::fromUtf8(reply.text());
}

}  // namespace tocsin::inspection
