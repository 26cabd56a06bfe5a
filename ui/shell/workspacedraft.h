#pragma once
#include <QString>

#include "sdk/error.h"

namespace tocsin::ui {

/// The answers to the three questions a new workspace needs.
struct WorkspaceDraft {
    QString folder;
    QString name;
    QString alertmanager;  ///< address; may be empty
};

/// tocsin.yaml for it, with the places where more belongs written as comments. Pure.
QByteArray workspaceText(const WorkspaceDraft& draft);
/// Makes the folder, tocsin.yaml and runbooks/. Refuses to overwrite a workspace that is there.
/// Touches the disk: any thread but the GUI's. The value is the folder.
Result<QString> writeWorkspace(const WorkspaceDraft& draft);

}  // namespace tocsin::ui
