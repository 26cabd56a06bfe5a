#pragma once
#include <QJsonObject>

#include "sdk/error.h"
#include "sdk/message.h"

namespace tocsin::delivery {

/// How a message is kept in the ledger: all of it, attachments in base64.
QJsonObject toJson(const Message& message);
Message messageFromJson(const QJsonObject& json);

}  // namespace tocsin::delivery
