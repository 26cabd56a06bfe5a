#pragma once
#include <QUrl>

#include "sdk/error.h"
#include "sdk/secret.h"

namespace tocsin::discord {

/// A webhook's address, checked. The token in it is a credential by itself: it stays inside a
/// Secret, so that redact() knows both the whole address and the bare token.
class Webhook {
public:
    /// Accepts what Discord's settings copy (discord.com, its ptb and canary hosts, the former
    /// discordapp.com, with or without a version) and loopback addresses. The version is always
    /// replaced by v10, because Discord takes a missing one for v6, and the host by `base`, except
    /// for loopback. Errors: Config, without a word of the address in them.
    static Result<Webhook> parse(const QString& channel, const Secret& address, const QUrl& base);

    /// Where a message is posted, with ?wait=true. Secret: not for any text.
    QUrl executeUrl() const;
    /// GET describes the webhook and posts nothing. Secret.
    QUrl selfUrl() const { return at({}); }
    /// One message that it posted: to GET, PATCH. Secret too.
    QUrl messageUrl(const QString& id) const;

private:
    QUrl at(const QString& below) const;

    QUrl m_base;
    QString m_id;
    Secret m_token;
};

/// Discord's address or a relay's: https, or http on this machine. Errors: Config.
Result<void> checkBase(const QString& channel, const QUrl& base);

}  // namespace tocsin::discord
