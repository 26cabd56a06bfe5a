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

void LiveCheck::reachChannel(const Settings& settings, const Told& told) {
    auto made = m_inventory.registry().createNotifier(settings, m_inventory.clock());
    if (!made) {
        told(made.error());
        return;
    }
    Notifier* notifier = made->get();
    m_opened.push_back(*std::move(made));
    whenDone(notifier->reach(), this, [told](const Result<void>& there) {
        told(there ? std::nullopt : std::optional(there.error()));
    });
}

}  // namespace tocsin::cli
