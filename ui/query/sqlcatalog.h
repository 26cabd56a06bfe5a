#pragma once
#include <QString>
#include <QStringList>

#include "sdk/resultset.h"

namespace tocsin::ui {

/// The names that the editor completes: schemas, tables, columns and functions outside of the
/// system's schemas, and the system's views. Asked once a connection.
QString catalogSql();
/// The names in an answer to catalogSql(), each once. Any thread.
QStringList catalogWords(const ResultSet& answer);

}  // namespace tocsin::ui
