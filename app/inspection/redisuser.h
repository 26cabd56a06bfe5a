#pragma once
#include <QString>

namespace tocsin::inspection {

/// The command that creates an ACL user who can look at everything Tocsin shows and change nothing
/// (Redis 6 and newer). PASSWORD stands where one has to be put in.
QString leastPrivilegeUser(const QString& name);

}  // namespace tocsin::inspection
