#pragma once
#include <QSqlDatabase>
#include <QString>

#include "sdk/error.h"

namespace tocsin::store {

/// Opens `file` as the connection `name` of the calling thread: sound, migrated, with the house's
/// settings. A corrupt file is moved aside first; `note` then says where to. One process at a time
/// does this on a file.
Result<QSqlDatabase> openFile(const QString& file, const QString& name, QString& note);

}  // namespace tocsin::store
