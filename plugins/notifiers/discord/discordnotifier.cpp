#include "plugins/notifiers/discord/discordnotifier.h"

#include "plugins/notifiers/discord/answer.h"
#include "plugins/notifiers/discord/payload.h"
#include "plugins/notifiers/discord/splitting.h"

namespace tocsin::discord {
namespace {

constexpr std::chrono::milliseconds kDefaultTimeout{10000};
constexpr qint64 kLargestAnswer = 1024 * 1024;
// The form Discord demands; others may be blocked before they reach the API.
constexpr auto kUserAgent = "DiscordBot (urn:x-app:org.tocsin.Tocsin, 0.1)";

}  // namespace

Result<std::unique_ptr<Notifier>> DiscordNotifier::create(const Settings& settings, Clock& clock) {
    QUrl base = settings.url(QStringLiteral("base"));
    if (base.isEmpty()) base = QUrl(QStringLiteral("https://discord.com"));
    auto webhook = Webhook::parse(settings.name, settings.secret(QStringLiteral("webhook")), base);
    if (!webhook) return tl::unexpected<Error>(webhook.error());
    auto mentions = Mentions::parse(settings.name, settings.map(QStringLiteral("mentions")));
    if (!mentions) return tl::unexpected<Error>(mentions.error());
    return std::unique_ptr<Notifier>(new DiscordNotifier(settings, *webhook, *mentions, clock));
}

DiscordNotifier::DiscordNotifier(const Settings& settings, Webhook webhook, Mentions mentions,
                                 Clock& clock)
    : m_channel(settings.name),
      m_timeout(settings.duration(QStringLiteral("timeout"))),
      m_webhook(std::move(webhook)),
      m_mentions(std::move(mentions)),
      m_clock(clock),
      m_http(new HttpClient(this)) {
    if (m_timeout <= std::chrono::milliseconds(0)) m_timeout = kDefaultTimeout;
}

QVector<Message> DiscordNotifier::split(const Message& message) const {
    return splitMessage(message, m_mentions);
}

QFuture<Result<Delivery>> DiscordNotifier::post(const Message& part) {
    const Payload payload = payloadOf(part, m_mentions);
    HttpRequest request;
    request.method = "POST";
    request.url = m_webhook.executeUrl();
    request.headers = {{"Content-Type", payload.contentType}, {"User-Agent", kUserAgent}};
    request.body = payload.body;
    request.timeout = m_timeout;
    request.sizeLimit = kLargestAnswer;
    request.followRedirects = false;  // the address holds the token
    // Only values: the answer may come after this object.
    return m_http->send(request).then([channel = m_channel, clock = &m_clock](
                                          const Result<HttpReply>& reply) -> Result<Delivery> {
        if (!reply) return tl::unexpected<Error>(reply.error());
        return deliveryOf(channel, *reply, clock->now());
    });
}

QByteArray DiscordNotifier::preview(const Message& part) const {
    return payloadOf(part, m_mentions).body;
}

}  // namespace tocsin::discord
