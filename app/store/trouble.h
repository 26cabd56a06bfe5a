#pragma once
#include <QSqlError>
#include <QString>

#include "sdk/error.h"

namespace tocsin::store {

/// What SQLite's result code means for the person in front of it. Codes: sqlite.org/rescode.html.
Error trouble(const QSqlError& error, const QString& file);
/// The file is not a database, or no longer a sound one.
bool isCorruption(const QSqlError& error);

}  // namespace tocsin::store
