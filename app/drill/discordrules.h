#pragma once
#include "drill/standindiscord.h"

namespace tocsin::drill {

/// The body and files of an execute or edit request, from JSON or multipart/form-data.
Result<PostedMessage> readPost(const StandInRequest& request);

/// What Discord would refuse, as the JSON of its answer; nothing when it would accept.
/// Limits count characters (code points) after trimming.
std::optional<QJsonObject> refusalOf(const PostedMessage& message);

/// Fills pingedRoles, pingedUsers and pingsEveryone by the rules of allowed_mentions for webhooks:
/// without it, only users are resolved.
void resolvePings(PostedMessage& message);

}  // namespace tocsin::drill
