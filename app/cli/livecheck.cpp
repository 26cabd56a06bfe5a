#include "cli/livecheck.h"

#include "sdk/async.h"

namespace tocsin::cli {
namespace {

/// GET on a channel describes it to a bot that is in it, and posts nothing (Discord: "Get
/// Channel").
HttpRequest channelOf(const Settings& settings, const QString& bot) {
    QUrl url = settings.url(QStringLiteral("base"));
    if (url.isEmpty()) url = QUrl(QStringLiteral("https://discord.com"));
    url.setPath(QStringLiteral("/api/v10/channels/") +
                settings.text(QStringLiteral("channel_id")).trimmed());
    // Pasted with or without the word that goes before it in the header.
    const QString word = QStringLiteral("Bot ");
    const QString token = bot.startsWith(word, Qt::CaseInsensitive) ? bot.mid(word.size()) : bot;
    HttpRequest request;
    request.url = url;
    request.headers = {{"Authorization", "Bot " + token.trimmed().toUtf8()},
                       {"User-Agent", "DiscordBot (urn:x-app:org.tocsin.Tocsin, 0.1)"}};
    return request;
}

}  // namespace

std::optional<Error> LiveCheck::refusal(const QString& noun, const Settings& settings) {
    const auto why = [](const auto& made) {
        return made ? std::nullopt : std::optional<Error>(made.error());
    };
    workspace::Registry& registry = m_inventory.registry();
    if (noun == QLatin1String("Source"))
        return why(registry.createSource(settings, m_inventory.clock()));
    if (noun == QLatin1String("Connection"))
        return why(registry.createEngine(settings, m_inventory.clock()));
    if (noun == QLatin1String("Probe"))
        return why(registry.createProbe(settings, m_inventory.clock()));
    return why(registry.createNotifier(settings, m_inventory.clock()));
}

void LiveCheck::askSource(const Settings& settings, const Told& told) {
    auto made = m_inventory.registry().createSource(settings, m_inventory.clock());
    if (!made) {
        told(made.error());
        return;
    }
    AlertSource* source = made->get();
    m_opened.push_back(*std::move(made));
    connect(
        source, &AlertSource::snapshotReceived, this, [told] { told(std::nullopt); },
        Qt::SingleShotConnection);
    connect(
        source, &AlertSource::failed, this, [told](const Error& error) { told(error); },
        Qt::SingleShotConnection);
    source->refresh();
}

void LiveCheck::openConnection(const Settings& settings, const Told& told) {
    auto made = m_inventory.registry().createEngine(settings, m_inventory.clock());
    if (!made) {
        told(made.error());
        return;
    }
    QueryEngine* engine = made->get();
    m_opened.push_back(*std::move(made));
    whenDone(engine->open(), this, [told](const Result<ServerIdentity>& identity) {
        told(identity ? std::nullopt : std::optional(identity.error()));
    });
}

void LiveCheck::lookAtProbe(const Settings& settings, const Told& told) {
    auto made = m_inventory.registry().createProbe(settings, m_inventory.clock());
    if (!made) {
        told(made.error());
        return;
    }
    Probe* probe = made->get();
    m_opened.push_back(*std::move(made));
    // A vendor that is down is news, not a mistake of the workspace; a page that cannot be read is.
    whenDone(probe->look(), this, [told](const ProbeReport& report) {
        told(report.level == ProbeLevel::Unknown
                 ? std::optional(Error{ErrorCode::Unavailable, report.summary, report.detail})
                 : std::nullopt);
    });
}

void LiveCheck::visitChannel(const Settings& settings, const Told& told) {
    const auto made = m_inventory.registry().createNotifier(settings, m_inventory.clock());
    if (!made) {
        told(made.error());
        return;
    }
    const QString bot = settings.secret(QStringLiteral("bot")).reveal().trimmed();
    const QUrl webhook(settings.secret(QStringLiteral("webhook")).reveal());
    if (!bot.isEmpty())
        return describe(channelOf(settings, bot),
                        QStringLiteral("Discord answers %1 when the bot asks for its channel: copy "
                                       "the token and the channel's id again, and invite the bot "
                                       "to the channel."),
                        told);
    if (!webhook.isValid() || webhook.host().isEmpty()) {
        told(std::nullopt);  // neither: the notifier accepted it, nothing more can be asked
        return;
    }
    // GET on a webhook describes it and posts nothing (Discord: "Get Webhook with Token").
    HttpRequest request;
    request.url = webhook;
    request.followRedirects = false;  // the address holds the token
    describe(request,
             QStringLiteral("The webhook answers %1: it was deleted or its token is wrong. Make a "
                            "new one and store it with `tocsin secret set`."),
             told);
}

void LiveCheck::describe(const HttpRequest& request, const QString& refusal, const Told& told) {
    whenDone(m_http.send(request), this, [told, refusal](const Result<HttpReply>& reply) {
        if (!reply)
            told(reply.error());
        else if (reply->status >= 200 && reply->status < 300)
            told(std::nullopt);
        else
            told(Error{ErrorCode::Auth, refusal.arg(reply->status), {}});
    });
}

}  // namespace tocsin::cli
