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

}  // namespace

Result<Mentions> Mentions::parse(const QString& channel, const QMap<QString, QString>& entries) {
    static const QRegularExpression id(QStringLiteral("^(?:user:)?\\d{1,20}$"));
    for (auto it = entries.begin(); it != entries.end(); ++it)
        if (!id.match(it.value()).hasMatch())
            return fail(
                ErrorCode::Config,
                QStringLiteral("Mention “%1” of channel %2 is “%3”, not an id; write the role's "
                               "id (Discord, developer mode, Copy Role ID) or user:ID.")
                    .arg(it.key(), channel, it.value()));
    Mentions mentions;
    mentions.m_channel = channel;
    mentions.m_entries = entries;
    return mentions;
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
