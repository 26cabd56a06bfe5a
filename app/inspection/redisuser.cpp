#include "inspection/redisuser.h"

#include <QVersionNumber>

namespace tocsin::inspection {

QString leastPrivilegeUser(const QString& name, const QString& version) {
    const bool knowsNoTouch =
        QVersionNumber::fromString(version) >= QVersionNumber(7, 2) || version.isEmpty();
    // -@dangerous takes INFO and CLIENT LIST away, which are given back one by one.
    return QStringLiteral(
               "ACL SETUSER %1 on >PASSWORD ~* &* -@all +@read -@dangerous -@scripting "
               "+@connection -client +client|list +client|info +client|setname %2"
               "+info +role +slowlog|get +slowlog|len +latency|latest +latency|history "
               "+latency|doctor +config|get +memory|usage +memory|doctor +cluster|info "
               "+cluster|nodes +cluster|slots +command +acl|whoami +acl|dryrun "
               "+pubsub|channels +pubsub|numsub")
        .arg(name, knowsNoTouch ? QStringLiteral("+client|no-touch ") : QString());
}

}  // namespace tocsin::inspection
