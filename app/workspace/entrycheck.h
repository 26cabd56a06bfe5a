#pragma once
#include <optional>

#include "workspace/entryedit.h"
#include "workspace/plugininfo.h"
#include "workspace/workspace.h"

namespace tocsin::workspace {

/// Why a form's entry would not be used, and which key is to blame.
struct EntryProblem {
    QString key;      ///< empty: the entry as a whole
    QString message;  ///< a sentence
};

struct CheckedEntry {
    std::optional<Entry> entry;  ///< nothing: it would be left out
    QVector<EntryProblem> problems;
};

/// What the reader of tocsin.yaml will say of an entry with these values, alone in its section.
/// Looks at the disk as parseWorkspace() does: not for the GUI thread.
CheckedEntry checkedEntry(const QString& section, const QVector<KeyChange>& values,
                          const QString& folder, const QVector<PluginInfo>& plugins);

}  // namespace tocsin::workspace
