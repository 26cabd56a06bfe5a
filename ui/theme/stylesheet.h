#pragma once
#include <QString>

namespace tocsin::theme {

class Theme;

/// The application's style sheet. A widget chooses its look with setRole() (roles.h).
QString buildStyleSheet(const Theme& theme);

}  // namespace tocsin::theme
