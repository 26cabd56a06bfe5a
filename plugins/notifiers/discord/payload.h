#pragma once
#include "plugins/notifiers/discord/mentions.h"
#include "sdk/message.h"

namespace tocsin::discord {

/// The body of one post.
struct Payload {
    QByteArray contentType;
    QByteArray body;
    QByteArray json = {};  ///< the message itself, without files
};

/// What a body is for.
struct Purpose {
    bool edit =
        false;  ///< it changes a message: what it does not name goes, and nobody is notified
    bool nonce = false;  ///< a bot's: Discord recognises a repeat by it
};

/// What Discord recognises a repeated message by, 24 characters of the 25 allowed: from its event
/// and its content, so that another console's message of the same name is not taken for a repeat;
/// not from its mark as a possible repeat.
QString nonceOf(const Message& message);

/// JSON, or multipart/form-data when files go along (parts payload_json and files[n]). The same
/// message gives the same bytes. `allowed_mentions` names exactly the ids of the message's own
/// mentions and parses nothing, so that no text, whatever it holds, can notify anyone else.
Payload payloadOf(const Message& original, const Mentions& mentions, const Purpose& purpose = {});

}  // namespace tocsin::discord
