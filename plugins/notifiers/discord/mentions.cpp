#include "plugins/notifiers/discord/mentions.h"

#include <QRegularExpression>

namespace tocsin::discord {
namespace {

const QString kUser = QStringLiteral("user:");

/// A name from the outside, made unable to format or mention anything.
QString plain(const QString& name) {
    QString out;
    for (const QChar c : name)
        if (c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u' ' || c == u'.') out += c;
    return out.left(80);
}

bool isMentionId(const QString& entry) {
    static const QRegularExpression id(
        QRegularExpression::anchoredPattern(QStringLiteral("(?:user:)?[0-9]{1,20}")));
    return id.match(entry).hasMatch();
}

}  // namespace

Mentions::Mentions(QString channel, QMap<QString, QString> entries)
    : m_channel(std::move(channel)), m_entries(std::move(entries)) {
}

Pings Mentions::resolve(const QStringList& names) const {
    Pings pings;
    QStringList words;
    for (const QString& name : names) {
        const QString entry = m_entries.value(name);
        if (entry.isEmpty()) {
            words << QStringLiteral("(nobody paged: channel %1 has no id for %2)")
                         .arg(plain(m_channel), plain(name));
            continue;
        }
        if (!isMentionId(entry)) {
            words << QStringLiteral(
                         "(nobody paged: what channel %1 has for %2 is not an id; write the role's "
                         "id or user:ID)")
                         .arg(plain(m_channel), plain(name));
            continue;
        }
        const bool isUser = entry.startsWith(kUser);
        const QString id = isUser ? entry.mid(kUser.size()) : entry;
        QStringList& ids = isUser ? pings.users : pings.roles;
        if (ids.contains(id)) continue;
        ids << id;
        words << (isUser ? QStringLiteral("<@%1>") : QStringLiteral("<@&%1>")).arg(id);
    }
    pings.text = words.join(u' ');
    return pings;
}

}  // namespace tocsin::discord
