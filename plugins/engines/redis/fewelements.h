#pragma once
#include "plugins/engines/redis/size.h"

namespace tocsin::redis {

/// Of commands that return a field or a few elements, each of which may be large by itself (HGET,
/// LINDEX, HSCAN …), or go through a key without returning it (LPOS, BITCOUNT). `name` is the
/// command's in small letters. Nothing for all others.
std::optional<SizeQuestion> fewQuestion(const QByteArray& name, const QByteArrayList& arguments);

}  // namespace tocsin::redis
