#pragma once
#include <QMap>
#include <QString>
#include <QVector>

#include "sdk/error.h"

namespace tocsin::workspace {

/// One key of an entry: what stood there when a person began to write, and what is to stand there
/// now. Both as in tocsin.yaml, without quotes; empty: the key is not there.
struct KeyChange {
    QString key, was, now;
    bool operator==(const KeyChange&) const = default;
};

/// What a person changed in one entry of a section.
struct EntryEdit {
    QString section;  ///< "connections"
    QString name;     ///< of the entry as the file has it; empty: a new one
    QVector<KeyChange> changes;
};

/// tocsin.yaml with that one entry changed; every other byte stays as it is: comments, order, line
/// ends. A new entry comes last in its section. The changed text is parsed again and must say
/// exactly what was asked for, so that no notation of YAML can make it mean more. Errors: Refused
/// (the file has a mistake, was changed meanwhile, or is written in a way that cannot be changed
/// here; the sentence says where), NotFound (the entry is gone). Pure; any thread.
Result<QByteArray> edited(const QByteArray& yaml, const EntryEdit& edit);

/// The keys of an entry with a text as value, as they are written. Errors as above.
Result<QMap<QString, QString>> entryTexts(const QByteArray& yaml, const QString& section,
                                          const QString& name);

/// A new entry as one line of the file: "- {name: primary, kind: postgres}".
QString entryLine(const QVector<KeyChange>& changes);

/// The file of a workspace: `folder`, or tocsin.yaml in it.
QString workspaceFile(const QString& folder);
/// What the file would say after the edit; where there is no file, edits an empty one. Errors as of
/// edited(), and Disk. Reads the disk: any thread but the GUI's.
Result<QByteArray> editedWorkspaceFile(const QString& folder, const EntryEdit& edit);
/// Reads the file, edits it, and replaces it in one step; makes it when there is none. → what it
/// says now. Errors as of edited(), and Disk. Touches the disk: any thread but the GUI's.
Result<QByteArray> editWorkspaceFile(const QString& folder, const EntryEdit& edit);

}  // namespace tocsin::workspace
