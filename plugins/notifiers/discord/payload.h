#pragma once
#include "plugins/notifiers/discord/mentions.h"
#include "sdk/message.h"

namespace tocsin::discord {

/// The body of one post.
struct Payload {
    QByteArray contentType;
    QByteArray body;
};

/// JSON, or multipart/form-data when files go along (parts payload_json and files[n]). The same
/// message gives the same bytes. `allowed_mentions` names exactly the ids of the message's own
/// mentions and parses nothing, so that no text, whatever it holds, can notify anyone else.
Payload payloadOf(const Message& original, const Mentions& mentions);

}  // namespace tocsin::discord
