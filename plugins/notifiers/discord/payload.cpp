#include "plugins/notifiers/discord/payload.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/notifiers/discord/embeds.h"
#include "plugins/notifiers/discord/limits.h"
#include "sdk/redaction.h"

namespace tocsin::discord {
namespace {

constexpr int kSuppressNotifications = 1 << 12;

QString contentOf(const Message& part, const Pings& pings) {
    QString content = pings.text;
    if (!part.divertedFrom.isEmpty()) {
        if (!content.isEmpty()) content += u' ';
        content += QStringLiteral("(meant for channel %1, which does not take messages)\n")
                       .arg(part.divertedFrom.left(60).remove(u'@').remove(u'<'));
    }
    if (part.possibleRepeat) {
        const QString mark = QStringLiteral("(possible repeat of %1: ignore it if you have it)")
                                 .arg(part.event.left(80).remove(u'@').remove(u'<'));
        content += (content.isEmpty() ? QString() : QStringLiteral(" ")) + mark + u'\n';
    } else if (!content.isEmpty() && !part.text.isEmpty()) {
        content += u' ';
    }
    return content + part.text;
}

QJsonObject jsonOf(const Embed& embed) {
    QJsonObject object{{QStringLiteral("color"), embed.color & 0xFFFFFF}};
    if (!embed.title.isEmpty()) object[u"title"] = embed.title;
    if (!embed.description.isEmpty()) object[u"description"] = embed.description;
    if (embed.url.scheme().startsWith(QStringLiteral("http")))
        object[u"url"] = embed.url.toString(QUrl::FullyEncoded);
    if (!embed.footer.isEmpty())
        object[u"footer"] = QJsonObject{{QStringLiteral("text"), embed.footer}};
    QJsonArray fields;
    for (const EmbedField& field : embed.fields)
        fields.append(QJsonObject{{QStringLiteral("name"), field.name},
                                  {QStringLiteral("value"), field.value},
                                  {QStringLiteral("inline"), field.inlined}});
    if (!fields.isEmpty()) object[u"fields"] = fields;
    return object;
}

/// A file name that cannot end its header, name a folder, or be empty.
QString safeName(const Attachment& file, qsizetype index) {
    QString name = file.filename.section(u'/', -1).section(u'\\', -1);
    for (QChar& c : name)
        if (c.category() == QChar::Other_Control || c == u'"') c = u'_';
    return name.isEmpty() ? QStringLiteral("file-%1").arg(index + 1) : name.right(200);
}

QByteArray safeType(const QString& mediaType) {
    for (const QChar c : mediaType)
        if (c.unicode() < 0x20 || c.unicode() > 0x7e) return "application/octet-stream";
    return mediaType.contains(u'/') ? mediaType.toLatin1() : QByteArray("application/octet-stream");
}

QJsonArray filesOf(const Message& part) {
    QJsonArray files;
    for (qsizetype i = 0; i < part.attachments.size(); ++i)
        files.append(QJsonObject{{QStringLiteral("id"), i},
                                 {QStringLiteral("filename"), safeName(part.attachments[i], i)}});
    return files;
}

QJsonObject allowedMentions(const Pings& pings, const Purpose& purpose) {
    QJsonObject allowed{{QStringLiteral("parse"), QJsonArray()}};
    // Discord works mentions out again on an edit.
    allowed[u"roles"] = purpose.edit ? QJsonArray() : QJsonArray::fromStringList(pings.roles);
    allowed[u"users"] = purpose.edit ? QJsonArray() : QJsonArray::fromStringList(pings.users);
    return allowed;
}

QByteArray jsonOf(const Message& part, const Pings& pings, const QString& nonce,
                  const Purpose& purpose) {
    QJsonObject object{{QStringLiteral("content"), contentOf(part, pings)},
                       {QStringLiteral("allowed_mentions"), allowedMentions(pings, purpose)}};
    QJsonArray embeds;
    qsizetype room = limits::embedTotal;
    for (const Embed& embed : part.embeds) {
        const Embed fitting = clipped(embed, room);
        room -= weightOf(fitting);
        embeds.append(jsonOf(fitting));
    }
    const QJsonArray files = filesOf(part);
    // On an edit an empty list takes away what was there; a missing one would keep it.
    if (!embeds.isEmpty() || purpose.edit) object[u"embeds"] = embeds;
    if (!files.isEmpty() || purpose.edit) object[u"attachments"] = files;
    if (part.silent && !purpose.edit) object[u"flags"] = kSuppressNotifications;
    if (purpose.nonce) {
        object[u"nonce"] = nonce;
        object[u"enforce_nonce"] = true;
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// A border that depends on what it separates, so that the content cannot hold it by design.
QByteArray borderOf(const QByteArray& json, const QVector<Attachment>& files) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(json);
    for (const Attachment& file : files)
        hash.addData(file.content);
    return "tocsin-" + hash.result().toHex().left(40);
}

}  // namespace

QString nonceOf(const Message& message) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&](const QString& text) { hash.addData(text.toUtf8() + '\0'); };
    add(message.event);
    add(message.text);
    add(message.mentions.join(u'\n'));
    for (const Embed& embed : message.embeds)
        hash.addData(QJsonDocument(jsonOf(embed)).toJson(QJsonDocument::Compact));
    for (const Attachment& file : message.attachments)
        hash.addData(file.content);
    return QString::fromLatin1(hash.result().toHex().left(24));
}

Payload payloadOf(const Message& original, const Mentions& mentions, const Purpose& purpose) {
    const Message part = redacted(original);
    const QByteArray json =
        jsonOf(part, mentions.resolve(part.mentions), nonceOf(original), purpose);
    if (part.attachments.isEmpty()) return {"application/json", json, json};

    const QByteArray border = borderOf(json, part.attachments);
    QByteArray body = "--" + border +
                      "\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n"
                      "Content-Type: application/json\r\n\r\n" +
                      json + "\r\n";
    for (qsizetype i = 0; i < part.attachments.size(); ++i) {
        const Attachment& file = part.attachments[i];
        body += "--" + border + "\r\nContent-Disposition: form-data; name=\"files[" +
                QByteArray::number(i) + "]\"; filename=\"" + safeName(file, i).toUtf8() +
                "\"\r\nContent-Type: " + safeType(file.mediaType) + "\r\n\r\n" + file.content +
                "\r\n";
    }
    return {"multipart/form-data; boundary=" + border, body + "--" + border + "--\r\n", json};
}

}  // namespace tocsin::discord
