#include "cli/livecheck.h"

#include "sdk/async.h"

namespace tocsin::cli {

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
    const QUrl webhook(settings.secret(QStringLiteral("webhook")).reveal());
    if (!webhook.isValid() || webhook.host().isEmpty()) {
        told(std::nullopt);  // not a webhook: the notifier accepted it, nothing more can be asked
        return;
    }
    // GET on a webhook describes it and posts nothing (Discord: "Get Webhook with Token").
    HttpRequest request;
    request.url = webhook;
    whenDone(m_http.send(request), this, [told](const Result<HttpReply>& reply) {
        if (!reply)
            told(reply.error());
        else if (reply->status >= 200 && reply->status < 300)
            told(std::nullopt);
        else
            told(Error{
                ErrorCode::Auth,
                QStringLiteral("The webhook answers %1: it was deleted or its token is wrong. Make "
                               "a new one and store it with `tocsin secret set`.")
                    .arg(reply->status),
                {}});
    });
}

}  // namespace tocsin::cli
