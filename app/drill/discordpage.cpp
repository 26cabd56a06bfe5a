#include "drill/discordpage.h"

#include <QJsonArray>

namespace tocsin::drill {

QJsonObject described(const PostedMessage& message) {
    QJsonArray files;
    for (const Attachment& file : message.files)
        files.append(QJsonObject{{QStringLiteral("filename"), file.filename},
                                 {QStringLiteral("size"), file.content.size()}});
    return {{QStringLiteral("id"), message.id},
            {QStringLiteral("channel"), message.channel},
            {QStringLiteral("content"), message.content},
            {QStringLiteral("embeds"), message.body[u"embeds"].toArray()},
            {QStringLiteral("pinged_roles"), QJsonArray::fromStringList(message.pingedRoles)},
            {QStringLiteral("pinged_users"), QJsonArray::fromStringList(message.pingedUsers)},
            {QStringLiteral("pings_everyone"), message.pingsEveryone},
            {QStringLiteral("silent"), message.silent},
            {QStringLiteral("edits"), message.edits},
            {QStringLiteral("thread"), message.thread},
            {QStringLiteral("nonce"), message.nonce},
            {QStringLiteral("deleted"), message.isDeleted},
            {QStringLiteral("files"), files},
            {QStringLiteral("at"), message.at.toString(Qt::ISODateWithMs)}};
}

QByteArray discordPage(const QVector<PostedMessage>& posted) {
    QString messages;
    for (const PostedMessage& message : posted) {
        if (message.isDeleted) continue;
        QString pings;
        for (const QString& role : message.pingedRoles)
            pings += QStringLiteral("<b>pings role %1</b> ").arg(role);
        for (const QString& user : message.pingedUsers)
            pings += QStringLiteral("<b>pings user %1</b> ").arg(user);
        messages +=
            QStringLiteral("<article><header>#%1%5 · %2 %3</header><pre>%4</pre></article>\n")
                .arg(message.channel.toHtmlEscaped(),
                     message.at.toString(QStringLiteral("hh:mm:ss")), pings,
                     message.content.toHtmlEscaped(),
                     message.thread.isEmpty() ? QString() : QStringLiteral(" › thread"));
    }
    if (messages.isEmpty()) messages = QStringLiteral("<p>Nothing was posted yet.</p>");
    return QStringLiteral(
               "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh "
               "content=2>"
               "<title>Stand-in Discord</title><style>body{background:#313338;color:#dbdee1;"
               "font:15px sans-serif;max-width:52rem;margin:2rem auto}article{margin:1rem 0}"
               "header{color:#949ba4}b{color:#c9cdfb;background:#3c4270;border-radius:3px;"
               "padding:0 .3em}pre{white-space:pre-wrap;font:inherit;margin:.2rem 0}</style>"
               "<h1>What Discord would show</h1>%1</html>")
        .arg(messages)
        .toUtf8();
}

}  // namespace tocsin::drill
