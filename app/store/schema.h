#pragma once
#include <QSqlDatabase>

#include "sdk/error.h"

namespace tocsin::store {

/// The newest schema this program knows; kept in the file as `PRAGMA user_version`.
int newestSchema();
/// Brings an open file up to newestSchema(), each step in its own transaction. A file from a newer
/// program is refused (Config) before anything is written.
Result<void> migrate(QSqlDatabase& db, const QString& file);

}  // namespace tocsin::store
