#pragma once
#include <QString>

namespace tocsin {

/// The text with the passwords of Redis commands in it masked by "•••": AUTH, HELLO … AUTH,
/// MIGRATE … AUTH|AUTH2, ACL SETUSER, CONFIG SET, SENTINEL SET, and those that take another command
/// along (ACL DRYRUN, COMMAND GETKEYS). `isCommands`: every line is known to be a command, in any
/// spelling; else a command is looked for among other words.
QString maskCommands(const QString& text, bool isCommands);

}  // namespace tocsin
