#pragma once
#include <QHash>
#include <QString>
#include <QStringList>

#include "sdk/resultset.h"

namespace tocsin::ui {

/// What the editor completes on one connection.
struct CatalogNames {
    QStringList words = {};                    ///< schemas, tables, columns, functions
    QHash<QString, QStringList> columns = {};  ///< of each table, by its bare name
};

/// Schemas, tables, columns and functions outside of the system's schemas, and the system's views.
/// Asked once a connection.
QString catalogSql();
/// What an answer to catalogSql() names, each once. Any thread.
CatalogNames catalogNames(const ResultSet& answer);

/// At a cursor behind "c.sta": whose columns are wanted, and what is typed of one.
struct ColumnPlace {
    QString table;  ///< behind its alias, where it has one; empty where no column is meant
    QString typed;
};
ColumnPlace columnPlace(const QString& text, int cursor,
                        const QHash<QString, QStringList>& columns);

}  // namespace tocsin::ui
