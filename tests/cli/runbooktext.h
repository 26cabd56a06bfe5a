#pragma once
#include <QByteArray>

namespace tocsin::test {

/// A small runbook with one of everything the command line tells about.
inline const QByteArray kRunbook = R"(# Queue is slow

**Alert:** `queue_slow` - jobs wait too long

See [the other](other.md) and [a part](#nowhere).

## Immediate actions

1. **Look at the queue**

   ```bash
   redis-cli -u $REDIS_URL LLEN jobs
   ```

2. **End it**

   ```sql
   SELECT pg_terminate_backend([PID_HERE]);
   ```

3. **Deploy**

   ```bash
   deploy --to $TARGET_HOST
   ```
)";

}  // namespace tocsin::test
