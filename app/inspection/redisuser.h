#pragma once
#include <QString>

namespace tocsin::inspection {

/// The command that creates an ACL user who can look at everything Tocsin shows and change nothing
/// (Redis 7 and newer). PASSWORD stands where one has to be put in. `version` is the server's: it
/// refuses a rule about a command that it does not know.
QString leastPrivilegeUser(const QString& name, const QString& version);

}  // namespace tocsin::inspection
