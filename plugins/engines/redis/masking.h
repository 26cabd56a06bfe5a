#pragma once
#include <QByteArrayList>

#include "sdk/reply.h"

namespace tocsin::redis {

/// Takes the passwords out of an answer to CONFIG GET, and out of the commands in one to SLOWLOG
/// GET: they are not evidence.
void maskSecrets(const QByteArrayList& arguments, Reply& reply);

/// The command with its passwords masked, to ask the server about it: what stands behind ACL DRYRUN
/// goes into its slow log as it is.
QByteArrayList withoutSecrets(const QByteArrayList& arguments);

}  // namespace tocsin::redis
