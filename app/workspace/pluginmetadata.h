#pragma once
#include <QJsonObject>

#include "workspace/plugininfo.h"

namespace tocsin::workspace {

/// Checks what QPluginLoader::metaData() gave for `file`: interface, api version, category, type
/// and fields. Errors (Config) name the file and what is wrong with it. Pure.
Result<PluginInfo> pluginInfo(const QJsonObject& metadata, const QString& file);

}  // namespace tocsin::workspace
