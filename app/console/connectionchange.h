#pragma once
#include <QFuture>

#include "sdk/queryengine.h"
#include "workspace/entryedit.h"
#include "workspace/workspace.h"

namespace tocsin::console {

class Console;

/// A connection as a form holds it.
struct ConnectionChange {
    QString was;  ///< the name of the one that is changed; empty: a new one
    QVector<workspace::KeyChange> changes;
    workspace::Entry entry;            ///< as it will be read
    QMap<QString, Secret> typed = {};  ///< by keychain entry: to be kept in the keyring
};

/// Asks the server that `entry` leads to who it is, with `typed` (by field) in the place of secrets
/// that are not kept anywhere yet. Beside everything else; nothing of it stays. Errors: what
/// Secrets, the plugin and QueryEngine::open() say. `console` outlives it. GUI thread.
QFuture<Result<ServerIdentity>> tryConnection(Console& console, workspace::Entry entry,
                                              const QMap<QString, Secret>& typed);

/// Keeps what was typed in the keyring, writes tocsin.yaml, and takes the connection up at once.
/// → its name. Errors: Refused while a statement runs on it or a change is held, or when the
/// keyring holds another secret of a name that is new to this connection; Config from the plugin;
/// the keyring's; editWorkspaceFile()'s. What the file refuses is found out before anything is
/// kept. GUI thread.
QFuture<Result<QString>> changeConnection(Console& console, const ConnectionChange& change);

}  // namespace tocsin::console
