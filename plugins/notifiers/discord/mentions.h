#pragma once
#include <QMap>
#include <QString>
#include <QStringList>

namespace tocsin::discord {

/// Whom a message may notify, by Discord's ids. Nobody else can be: see payload.h.
struct Pings {
    QStringList roles;
    QStringList users;
    QString text;  ///< "<@&111> <@222>", and a visible note for each name without an id
};

/// The channel's `mentions`: a name → a role's id, or user:ID.
class Mentions {
public:
    Mentions(QString channel, QMap<QString, QString> entries);

    /// A name that the channel lacks, or whose entry is not an id, still goes out, as text that
    /// says so: an unpaged message that is seen is better than one that is not sent.
    Pings resolve(const QStringList& names) const;

private:
    QString m_channel;
    QMap<QString, QString> m_entries;
};

}  // namespace tocsin::discord
