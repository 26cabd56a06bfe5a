#pragma once
#include <optional>

#include "cli/inventory.h"

namespace tocsin::cli {

/// Opens one entry for real: asks a source, connects, looks, or asks whether a channel is there
/// (nothing is posted). Main thread.
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
    void reachChannel(const Settings& settings, const Told& told);

private:
    Inventory& m_inventory;
    std::vector<std::unique_ptr<QObject>> m_opened;
};

}  // namespace tocsin::cli
