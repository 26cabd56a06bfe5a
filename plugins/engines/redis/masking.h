#pragma once
#include <QByteArrayList>

#include "sdk/reply.h"

namespace tocsin::redis {

/// Takes the passwords out of an answer to CONFIG GET: they are not evidence.
void maskSecrets(const QByteArrayList& arguments, Reply& reply);

}  // namespace tocsin::redis
