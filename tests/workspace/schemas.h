#pragma once
#include "workspace/plugininfo.h"

namespace tocsin::test {

/// Plugins as the reader sees them, so that these tests do not change with the real ones.
QVector<workspace::PluginInfo> plugins();

}  // namespace tocsin::test
