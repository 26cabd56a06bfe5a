#include "inspection/redisuser.h"

#include <QVersionNumber>

namespace tocsin::inspection {

QString leastPrivilegeUser(const QString& name, const QString& version) {
    const bool knowsNoTouch =
        QVersionNumber::fromString(version) >= QVersionNumber(7, 2) || version.isEmpty();
    // -@dangerous takes INFO and CLIENT LIST away, which are given back one by one: all that the
    // guard lets run without an unlock (docs/redis-guard.md), and the connection's own greeting.
    return QStringLiteral(
               "ACL SETUSER %1 on >PASSWORD ~* &* -@all +@read -@dangerous -@scripting "
               "+@connection -client +client|list +client|info +client|id +client|getname "
               "+client|setname %2+info +role +time +lastsave +slowlog|get +slowlog|len "
               "+latency|latest +latency|history +latency|doctor +latency|graph "
               "+latency|histogram +config|get +memory|usage +memory|stats +memory|doctor "
               "+cluster|info +cluster|nodes +cluster|slots +cluster|shards +cluster|myid "
               "+cluster|keyslot +cluster|countkeysinslot +cluster|replicas +cluster|links "
               "+command +acl|whoami +acl|dryrun +acl|users +acl|cat +module|list "
               "+client|getredir +client|trackinginfo +memory|malloc-stats +script|exists "
               "+pubsub|channels +pubsub|numsub +pubsub|numpat +pubsub|shardchannels "
               "+pubsub|shardnumsub")
        .arg(name, knowsNoTouch ? QStringLiteral("+client|no-touch ") : QString());
}

}  // namespace tocsin::inspection
