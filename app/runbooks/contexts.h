#pragma once
#include <QString>
#include <QVector>

#include "runbooks/outline.h"

namespace tocsin::runbooks {

/// What quoting a character stands in.
enum class Context : char {
    Bare,
    Literal,        ///< SQL '…'; shell '…'
    EscapeLiteral,  ///< SQL E'…', where a backslash counts
    Identifier,     ///< SQL "…"
    Double,         ///< shell "…"
    Comment,
    Opaque,  ///< SQL $tag$…$tag$; shell `…`, $'…', $((…)), a here document: no safe way to fill a
             ///< hole
};

/// One Context per character of `sql`, after PostgreSQL's lexical rules (nested comments,
/// E'…', dollar quotes). The quote marks belong to what they enclose.
QVector<Context> sqlContexts(const QString& sql);

/// The same for a shell command, nested $(…) included.
QVector<Context> shellContexts(const QString& command);

/// A statement and the comment lines right above it.
struct SqlStatement {
    QString text;
    QStringList comments;  ///< without their marks
    int line = 0;
};

/// Splits at ";" outside quotes. What has only comments comes as a statement without text.
QVector<SqlStatement> sqlStatements(const QVector<SourceLine>& lines);

/// Whether `c` continues a name in SQL; PostgreSQL's names may hold "$".
bool isIdentifierPart(QChar c);

/// Whether a line begins like an SQL statement, and not like a shell command.
bool looksLikeSql(const QString& line);

}  // namespace tocsin::runbooks
