#include "cli/inventory.h"

#include "cli/output.h"

namespace tocsin::cli {

Inventory::Inventory(const QString& workspaceFolder, Clock& clock)
    : m_clock(clock),
      m_workspace(workspace::readWorkspace(workspaceFolder, m_registry.plugins())),
      m_secrets(clock) {
}

bool reportMistakes(const workspace::Workspace& workspace, bool json) {
    const workspace::Mistake* unread = workspace::whyNotRead(workspace);
    for (const workspace::Mistake& mistake : workspace.mistakes) {
        if (&mistake == unread) {
            complain(Error{ErrorCode::Config, mistake.message, {}}, json);
            continue;
        }
        const QString place =
            mistake.line > 0
                ? QStringLiteral("%1:%2:%3").arg(mistake.file).arg(mistake.line).arg(mistake.column)
                : mistake.file;
        complain(QStringLiteral("%1: %2: %3").arg(place, mistake.severity, mistake.message));
    }
    return !unread;
}

QString whyNobodyIsPaged(const workspace::Workspace& workspace) {
    const workspace::EscalationEntry& ladder = workspace.escalation;
    if (workspace.channels.isEmpty()) return QStringLiteral("the workspace has no channels");
    if (ladder.levels.isEmpty())
        return QStringLiteral("the workspace has no ladder (levels under “escalation”)");
    const bool hasPlace =
        !ladder.channel.isEmpty() ||
        std::any_of(ladder.levels.begin(), ladder.levels.end(),
                    [](const workspace::LevelEntry& level) { return !level.channel.isEmpty(); });
    return hasPlace ? QString() : QStringLiteral("the ladder has no channel to post to");
}

const workspace::Entry* findEntry(const QVector<workspace::Entry>& entries, const QString& name) {
    for (const workspace::Entry& entry : entries)
        if (entry.settings.name == name) return &entry;
    return nullptr;
}

}  // namespace tocsin::cli
