#pragma once
#include <QObject>

#include "workspace/reader.h"
#include "workspace/registry.h"
#include "workspace/secrets.h"

namespace tocsin::cli {

/// Writes what is wrong with `workspace` to stderr. False when nothing of it could be read; with
/// `json` that is told on stdout too, as every failure is.
bool reportMistakes(const workspace::Workspace& workspace, bool json);

/// Completes "Nobody is paged: …" when an incident would page nobody; empty when it pages.
QString whyNobodyIsPaged(const workspace::Workspace& workspace);

/// The workspace, the plugins and the secrets: what a command needs that makes its own objects and
/// no store. Reads the disk on construction. Main thread.
class Inventory : public QObject {
    Q_OBJECT
public:
    Inventory(const QString& workspaceFolder, Clock& clock);

    const workspace::Workspace& workspace() const { return m_workspace; }
    workspace::Registry& registry() { return m_registry; }
    workspace::Secrets& secrets() { return m_secrets; }
    Clock& clock() { return m_clock; }

    bool reportMistakes(bool json) const { return cli::reportMistakes(m_workspace, json); }

private:
    Clock& m_clock;
    workspace::Registry m_registry;
    workspace::Workspace m_workspace;
    workspace::Secrets m_secrets;
};

/// The entry of that name, or null.
const workspace::Entry* findEntry(const QVector<workspace::Entry>& entries, const QString& name);

}  // namespace tocsin::cli
