#pragma once
#include <QString>
#include <QVector>

namespace tocsin::ui {

/// A statement's place in a text, without the semicolon and the space around it.
struct SqlSpan {
    qsizetype start = 0;
    qsizetype length = 0;
};

/// The statements of `text`, cut at the semicolons that stand outside of quotes, dollar quotes and
/// comments, as psql cuts. Empty ones are left out.
QVector<SqlSpan> statementsIn(const QString& text);

/// The one the cursor is in or right behind; an empty span when there is none.
SqlSpan statementAt(const QString& text, qsizetype cursor);

}  // namespace tocsin::ui
