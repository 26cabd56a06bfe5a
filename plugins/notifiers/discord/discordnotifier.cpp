#include "plugins/notifiers/discord/discordnotifier.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/notifiers/discord/sighting.h"
#include "plugins/notifiers/discord/splitting.h"
#include "sdk/async.h"

namespace tocsin::discord {
namespace {

constexpr std::chrono::milliseconds kDefaultTimeout{10000};
// A body may take a second for each of these on top: the slowest line that files still go out on.
constexpr qsizetype kBytesPerSecond = 32 * 1024;
constexpr qint64 kLargestAnswer = 1024 * 1024;
constexpr qsizetype kThreadName = 100;
// Discord's code when a message has its thread already.
constexpr int kThreadIsThere = 160004;
// The form Discord demands; others may be blocked before they reach the API.
constexpr auto kUserAgent = "DiscordBot (urn:x-app:org.tocsin.Tocsin, 0.1)";

using Promise = std::shared_ptr<QPromise<Result<Delivery>>>;

/// Passes on what `from` brings; when it brings nothing, the promise ends as cancelled.
void forward(const QFuture<Result<Delivery>>& from, QObject* context, const Promise& to) {
    whenDone(from, context, [to](const Result<Delivery>& delivery) {
        to->addResult(delivery);
        to->finish();
    });
}

QString threadName(const Message& part) {
    const QString name = part.thread.section(u'/', 0, 0).simplified().left(kThreadName);
    return name.isEmpty() ? QStringLiteral("Updates") : name;
}

}  // namespace

Result<std::unique_ptr<Notifier>> DiscordNotifier::create(const Settings& settings, Clock& clock) {
    QUrl base = settings.url(QStringLiteral("base"));
    if (base.isEmpty()) base = QUrl(QStringLiteral("https://discord.com"));
    auto endpoint = Endpoint::parse(settings, base);
    if (!endpoint) return tl::unexpected<Error>(endpoint.error());
    Mentions mentions(settings.name, settings.map(QStringLiteral("mentions")));
    return std::unique_ptr<Notifier>(
        new DiscordNotifier(settings, *endpoint, std::move(mentions), clock));
}

DiscordNotifier::DiscordNotifier(const Settings& settings, Endpoint endpoint, Mentions mentions,
                                 Clock& clock)
    : m_channel(settings.name),
      m_timeout(settings.duration(QStringLiteral("timeout"))),
      m_endpoint(std::move(endpoint)),
      m_mentions(std::move(mentions)),
      m_clock(clock),
      m_http(new HttpClient(this)) {
    if (m_timeout <= std::chrono::milliseconds(0)) m_timeout = kDefaultTimeout;
}

QVector<Message> DiscordNotifier::split(const Message& message) const {
    return splitMessage(message, m_mentions);
}

Payload DiscordNotifier::bodyOf(const Message& part, bool edit) const {
    return payloadOf(part, m_mentions, {.edit = edit, .nonce = m_endpoint.isBot() && !edit});
}

QFuture<DiscordNotifier::Reply> DiscordNotifier::exchange(const QByteArray& method, const QUrl& url,
                                                          const Payload& payload) {
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.headers = m_endpoint.headers();
    request.headers.push_back({"User-Agent", kUserAgent});
    if (!payload.body.isEmpty()) request.headers.push_back({"Content-Type", payload.contentType});
    request.body = payload.body;
    request.timeout = m_timeout + std::chrono::seconds(payload.body.size() / kBytesPerSecond);
    request.sizeLimit = kLargestAnswer;
    request.followRedirects = false;  // the address holds the token
    const auto reply = m_http->send(request);
    whenDone(reply, this, [this](const Reply& answer) {
        if (answer) noticeLimit(*answer);
    });
    return reply;
}

void DiscordNotifier::noticeLimit(const HttpReply& reply) {
    if (!isGlobalLimit(reply)) return;
    const auto limited = deliveryOf(m_channel, reply, m_clock.now());
    emit everythingMustRest(limited.error().retryAfter.value_or(std::chrono::milliseconds(0)));
}

QFuture<Result<Delivery>> DiscordNotifier::send(const QByteArray& method, const QUrl& url,
                                                const Message& part, Asked asked) {
    // Only values: the answer may come after this object.
    return exchange(method, url, bodyOf(part, asked == Asked::Edit))
        .then([channel = m_channel, clock = &m_clock, asked](const Reply& reply) {
            if (!reply) return Result<Delivery>(tl::unexpected<Error>(reply.error()));
            return deliveryOf(channel, *reply, clock->now(), asked);
        });
}

QFuture<Result<Delivery>> DiscordNotifier::post(const Message& part) {
    return send("POST", m_endpoint.posting(), part, Asked::Post);
}

QFuture<Result<Delivery>> DiscordNotifier::edit(const Message& part, const RemoteMessage& target) {
    return send("PATCH", m_endpoint.message(target), part, Asked::Edit);
}

QFuture<Result<Delivery>> DiscordNotifier::postInThread(const Message& part,
                                                        const QString& starter) {
    if (!m_endpoint.isBot() || m_threadless.contains(starter)) return post(part);
    if (m_threads.contains(starter)) return postToThread(part, starter);
    auto promise = std::make_shared<QPromise<Result<Delivery>>>();
    promise->start();
    whenDone(openThread(part, starter), this, [this, part, starter, promise](const Reply& reply) {
        if (const auto done = opened(starter, reply); !done) {
            promise->addResult(Result<Delivery>(tl::unexpected<Error>(done.error())));
            return promise->finish();
        }
        forward(m_threads.contains(starter) ? postToThread(part, starter) : post(part), this,
                promise);
    });
    return promise->future();
}

QFuture<DiscordNotifier::Reply> DiscordNotifier::openThread(const Message& part,
                                                            const QString& starter) {
    const QJsonObject body{{QStringLiteral("name"), threadName(part)}};
    return exchange("POST", m_endpoint.threads(starter),
                    {"application/json", QJsonDocument(body).toJson(QJsonDocument::Compact)});
}

/// Errors are of a kind that leaves no doubt about the part: it was not sent yet.
Result<void> DiscordNotifier::opened(const QString& starter, const Reply& reply) {
    if (!reply) return fail(ErrorCode::Unavailable, reply.error().message, reply.error().detail);
    const auto answer = deliveryOf(m_channel, *reply, m_clock.now(), Asked::Thread);
    if (answer || codeOf(*reply) == kThreadIsThere) {
        m_threads.insert(starter);
        return {};
    }
    Error error = answer.error();
    if (error.code == ErrorCode::RateLimited) return tl::unexpected<Error>(error);
    if (error.isRetryable() || outcomeUnknown(error)) {
        error.code = ErrorCode::Unavailable;
        return tl::unexpected<Error>(error);
    }
    m_threadless.insert(starter);
    return {};
}

QFuture<Result<Delivery>> DiscordNotifier::postToThread(const Message& part,
                                                        const QString& starter) {
    auto promise = std::make_shared<QPromise<Result<Delivery>>>();
    promise->start();
    const auto reply = exchange("POST", m_endpoint.posting(starter), bodyOf(part, false));
    whenDone(reply, this, [this, part, starter, promise](const Reply& answer) {
        const bool gone = answer && (answer->status == 404 || answer->status == 403);
        if (gone) {
            // Deleted or locked over there, which says nothing about the channel.
            m_threads.remove(starter);
            m_threadless.insert(starter);
            return forward(post(part), this, promise);
        }
        promise->addResult(answer ? deliveryOf(m_channel, *answer, m_clock.now())
                                  : Result<Delivery>(tl::unexpected<Error>(answer.error())));
        promise->finish();
    });
    return promise->future();
}

QFuture<Result<Sighting>> DiscordNotifier::look(const Message& part, const RemoteMessage& target) {
    // A body edits would send is what should stand there; a thread's place is in the address.
    const QByteArray sent = payloadOf(part, m_mentions).json;
    return exchange("GET", m_endpoint.message(target), {})
        .then([channel = m_channel, clock = &m_clock, sent](const Reply& reply) {
            if (!reply) return Result<Sighting>(tl::unexpected<Error>(reply.error()));
            return sightingOf(channel, *reply, sent, clock->now());
        });
}

QFuture<Result<void>> DiscordNotifier::reach() {
    return exchange("GET", m_endpoint.self(), {})
        .then([channel = m_channel, clock = &m_clock](const Reply& reply) -> Result<void> {
            if (!reply) return tl::unexpected<Error>(reply.error());
            const auto self = deliveryOf(channel, *reply, clock->now(), Asked::Self);
            if (!self) return tl::unexpected<Error>(self.error());
            return {};
        });
}

QByteArray DiscordNotifier::preview(const Message& part) const {
    return bodyOf(part, !part.replaces.isEmpty()).body;
}

}  // namespace tocsin::discord
