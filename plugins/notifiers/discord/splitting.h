#pragma once
#include "plugins/notifiers/discord/mentions.h"
#include "sdk/message.h"

namespace tocsin::discord {

/// The posts one message needs, in order; see Notifier::split(). Secrets in its texts are masked.
/// Mentions stay with the first post, embeds and files go with the last text. A file above
/// Discord's limit is replaced by a line that says so.
QVector<Message> splitMessage(const Message& original, const Mentions& mentions);

}  // namespace tocsin::discord
