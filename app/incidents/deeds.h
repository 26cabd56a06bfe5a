#pragma once
#include <functional>
#include <optional>

#include "incidents/incident.h"

namespace tocsin::incidents {

/// What somebody does to an incident: given how it stands inside the write transaction, the event
/// that says so (kind, text and detail; the journal adds the rest), or why it cannot be done.
/// For Journal::record(). All of them are pure.
using Deed = std::function<Result<Event>(const Incident& incident, const QDateTime& now)>;

Deed assess(const Assessment& assessment);
/// Gives a role to a person. The command is handed over instead: escalation::Engine::handOver.
Deed giveRole(Role role, const QString& person);
Deed takeRole(Role role, const QString& person);
/// Ticks an item of a phase's checklist, or takes the tick away.
Deed tick(Phase phase, const QString& item, bool done);
/// Moves on, or back. To "acknowledge" nobody goes: that is the engine's.
Deed enterPhase(Phase phase);
/// Attaches what is not attached yet and was not detached by hand before; refused when nothing is
/// left. `why` is said: "matches error_rate".
Deed attachLater(const QStringList& alerts, const QStringList& keys, const QString& why);
/// The same by hand: also what was detached before.
Deed attachAgain(const QStringList& alerts, const QStringList& keys);
Deed detach(const QStringList& alerts, const QStringList& keys);
/// After the resolution: the alerts must stay clear for `span`.
Deed startVerifying(std::chrono::seconds span);
Deed verifiedClear();

/// What a new task is told with. Without a check-back of its own the end of the time box is one.
struct TaskDraft {
    QString text;
    QString owner;
    std::optional<std::chrono::seconds> box{};
    std::optional<std::chrono::seconds> checkBack{};
};
Deed addTask(const TaskDraft& draft);
/// The commander asked how it goes: what was said, and when to ask again (never, when not given).
Deed checkTask(int number, const QString& said, std::optional<std::chrono::seconds> again);
Deed passTask(int number, const QString& owner);
Deed finishTask(int number, const QString& outcome);
Deed dropTask(int number, const QString& why);

}  // namespace tocsin::incidents
