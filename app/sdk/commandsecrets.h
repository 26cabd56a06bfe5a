#pragma once
#include <QString>

#include "sdk/export.h"

namespace tocsin {

/// The text with the passwords of Redis commands in it masked by "•••": AUTH, HELLO … AUTH,
/// MIGRATE … AUTH|AUTH2, ACL SETUSER, CONFIG SET, SENTINEL SET, and those that take another command
/// along (ACL DRYRUN, COMMAND GETKEYS). `isCommands`: every line is known to be a command, in any
/// spelling; else a command is looked for among other words.
QString maskCommands(const QString& text, bool isCommands);

/// Whether a setting of a server (CONFIG GET) is a password, or opens a key.
TOCSIN_SDK_EXPORT bool isSecretSetting(const QString& name);

}  // namespace tocsin
