#pragma once
#include <QString>

#include "sdk/export.h"

/// Figures for people, written the same in every place and every locale.
namespace tocsin {

/// "12 345": thousands apart.
TOCSIN_SDK_EXPORT QString countText(qint64 count);
/// "1.4 MB": powers of 1024 under their traditional names.
TOCSIN_SDK_EXPORT QString sizeText(qint64 bytes);

}  // namespace tocsin
