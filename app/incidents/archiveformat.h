#pragma once
#include <QString>

namespace tocsin::incidents {

/// What an archive calls itself. The version grows when an older program would misread it.
inline const QString kArchiveFormat = QStringLiteral("tocsin-incident");
constexpr int kArchiveVersion = 1;

}  // namespace tocsin::incidents
