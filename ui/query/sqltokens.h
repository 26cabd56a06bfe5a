#pragma once
#include <QStringList>
#include <QVector>

namespace tocsin::ui {

/// A piece of an SQL text that white space does not cut.
struct SqlToken {
    enum class Kind { Word, Literal, Operator, Punctuation, LineComment, BlockComment };
    Kind kind = Kind::Word;
    QString text;
    bool spaced = false;     ///< white space stood before it
    bool onNewLine = false;  ///< and a line's end was in it
};

/// The tokens of `text` as PostgreSQL's lexer cuts them: quotes, dollar quotes, nested comments,
/// parameters. What is never closed reaches to the end.
QVector<SqlToken> sqlTokens(const QString& text);

}  // namespace tocsin::ui
