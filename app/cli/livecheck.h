#pragma once
#include <optional>

#include "cli/inventory.h"
#include "sdk/http.h"

namespace tocsin::cli {

/// Opens one entry for real: asks a source, connects, looks, or asks a channel's webhook whether it
/// is still there (nothing is posted). Main thread.
class LiveCheck : public QObject {
    Q_OBJECT
public:
    /// Called once, with nothing when it worked.
    using Told = std::function<void(std::optional<Error> problem)>;

    explicit LiveCheck(Inventory& inventory) : m_inventory(inventory) {}

    /// What the entry's plugin refuses to begin with, before anything leaves the machine. `noun` is
    /// "Source", "Connection", "Probe" or "Channel".
    std::optional<Error> refusal(const QString& noun, const Settings& settings);

    void askSource(const Settings& settings, const Told& told);
    void openConnection(const Settings& settings, const Told& told);
    void lookAtProbe(const Settings& settings, const Told& told);
    void visitChannel(const Settings& settings, const Told& told);

private:
    void describe(const HttpRequest& request, const QString& refusal, const Told& told);

    Inventory& m_inventory;
    HttpClient m_http;
    std::vector<std::unique_ptr<QObject>> m_opened;
};

}  // namespace tocsin::cli
