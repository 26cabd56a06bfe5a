#pragma once
#include "inspection/connection.h"

namespace tocsin::inspection {

/// Which of `connections` a runbook's block of `kind` means by `target` (runbooks::Block::target):
/// the one it names, or whose host and database it gives. A target that names nothing (empty,
/// "$DATABASE_URL", "$REDIS_URL") means the first of the kind. -1 when there is none: what names a
/// server is never asked elsewhere.
qsizetype indexOfTarget(const QVector<ConnectionInfo>& connections, const QString& kind,
                        const QString& target);

/// What `target` names, as a person says it: "$STAGING_REDIS_URL" → "staging"; without a password.
/// Empty when it names nothing.
QString targetName(const QString& target);

}  // namespace tocsin::inspection
