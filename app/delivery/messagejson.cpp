#include "delivery/messagejson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

QJsonObject embedToJson(const Embed& embed) {
    QJsonArray fields;
    for (const EmbedField& field : embed.fields)
        fields.append(QJsonObject{
            {u"name"_s, field.name}, {u"value"_s, field.value}, {u"inlined"_s, field.inlined}});
    return {{u"title"_s, embed.title}, {u"description"_s, embed.description},
            {u"color"_s, embed.color}, {u"url"_s, embed.url.toString(QUrl::FullyEncoded)},
            {u"fields"_s, fields},     {u"footer"_s, embed.footer}};
}

Embed embedFromJson(const QJsonObject& json) {
    Embed embed;
    embed.title = json[u"title"_s].toString();
    embed.description = json[u"description"_s].toString();
    embed.color = json[u"color"_s].toInt();
    embed.url = QUrl(json[u"url"_s].toString());
    embed.footer = json[u"footer"_s].toString();
    for (const auto& value : json[u"fields"_s].toArray()) {
        const QJsonObject field = value.toObject();
        embed.fields.append({field[u"name"_s].toString(), field[u"value"_s].toString(),
                             field[u"inlined"_s].toBool()});
    }
    return embed;
}

QJsonObject attachmentToJson(const Attachment& attachment) {
    return {{u"filename"_s, attachment.filename},
            {u"media_type"_s, attachment.mediaType},
            {u"base64"_s, QString::fromLatin1(attachment.content.toBase64())}};
}

Attachment attachmentFromJson(const QJsonObject& json) {
    return {json[u"filename"_s].toString(), json[u"media_type"_s].toString(),
            QByteArray::fromBase64(json[u"base64"_s].toString().toLatin1())};
}

}  // namespace

QJsonObject toJson(const Message& message) {
    QJsonArray embeds, attachments;
    for (const Embed& embed : message.embeds)
        embeds.append(embedToJson(embed));
    for (const Attachment& attachment : message.attachments)
        attachments.append(attachmentToJson(attachment));
    return {{u"event"_s, message.event},
            {u"text"_s, message.text},
            {u"mentions"_s, QJsonArray::fromStringList(message.mentions)},
            {u"embeds"_s, embeds},
            {u"attachments"_s, attachments},
            {u"replaces"_s, message.replaces},
            {u"thread"_s, message.thread},
            {u"diverted_from"_s, message.divertedFrom},
            {u"silent"_s, message.silent},
            {u"possible_repeat"_s, message.possibleRepeat}};
}

Message messageFromJson(const QJsonObject& json) {
    Message message;
    message.event = json[u"event"_s].toString();
    message.text = json[u"text"_s].toString();
    for (const auto& name : json[u"mentions"_s].toArray())
        message.mentions.append(name.toString());
    for (const auto& embed : json[u"embeds"_s].toArray())
        message.embeds.append(embedFromJson(embed.toObject()));
    for (const auto& attachment : json[u"attachments"_s].toArray())
        message.attachments.append(attachmentFromJson(attachment.toObject()));
    message.replaces = json[u"replaces"_s].toString();
    message.thread = json[u"thread"_s].toString();
    message.divertedFrom = json[u"diverted_from"_s].toString();
    message.silent = json[u"silent"_s].toBool();
    message.possibleRepeat = json[u"possible_repeat"_s].toBool();
    return message;
}

}  // namespace tocsin::delivery
