#pragma once
#include "sdk/http.h"
#include "sdk/notifier.h"

namespace tocsin::discord {

/// What Discord's answer to a GET of one message says about it. `sent` is the JSON it was posted or
/// last edited with. Changed: another text, another number of cards, or cards that were hidden.
/// Errors as of deliveryOf().
Result<Sighting> sightingOf(const QString& channel, const HttpReply& reply, const QByteArray& sent,
                            const QDateTime& now);

}  // namespace tocsin::discord
