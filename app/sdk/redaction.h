#pragma once
#include "sdk/export.h"
#include "sdk/message.h"

namespace tocsin {

/// A copy whose texts went through redact() and are whole characters: half a character (a lone
/// surrogate) would make a body invalid. What is in its files stays.
TOCSIN_SDK_EXPORT Message redacted(Message message);

}  // namespace tocsin
