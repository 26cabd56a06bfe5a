#include "cli/inventory.h"

#include "cli/output.h"

namespace tocsin::cli {

Inventory::Inventory(const QString& workspaceFolder, Clock& clock)
    : m_clock(clock),
      m_workspace(workspace::readWorkspace(workspaceFolder, m_registry.plugins())),
      m_secrets(clock) {
}

bool reportMistakes(const workspace::Workspace& workspace) {
    bool exists = true;
    for (const workspace::Mistake& mistake : workspace.mistakes) {
        if (mistake.rule == QLatin1String("no-workspace") ||
            mistake.rule == QLatin1String("unreadable"))
            exists = false;
        complain(mistake.line > 0 ? QStringLiteral("%1:%2:%3: %4: %5")
                                        .arg(mistake.file)
                                        .arg(mistake.line)
                                        .arg(mistake.column)
                                        .arg(mistake.severity, mistake.message)
                                  : mistake.message);
    }
    return exists;
}

const workspace::Entry* findEntry(const QVector<workspace::Entry>& entries, const QString& name) {
    for (const workspace::Entry& entry : entries)
        if (entry.settings.name == name) return &entry;
    return nullptr;
}

}  // namespace tocsin::cli
