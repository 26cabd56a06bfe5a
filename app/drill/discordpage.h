#pragma once
#include "drill/standindiscord.h"

namespace tocsin::drill {

/// What Discord would show, as a page that reloads itself.
QByteArray discordPage(const QVector<PostedMessage>& posted);
/// One message for tests that ask over HTTP.
QJsonObject described(const PostedMessage& message);

}  // namespace tocsin::drill
