#pragma once
#include <QString>
#include <QStringList>
#include <QVector>

#include "runbooks/outline.h"

namespace tocsin::runbooks {

/// One word of a shell command as the shell would hand it over, with where it stood.
struct ShellWord {
    QString text;          ///< quotes removed, escapes resolved
    qsizetype offset = 0;  ///< in the command, of its first character, quote included
    qsizetype length = 0;
    bool isOperator = false;  ///< | || && ; & < > ( ) …
    bool isQuoted = false;    ///< some part of it was quoted
    /// Two double-quoted parts with bare text between: `"… "creatorId" …"`, which loses its inner
    /// quotes.
    bool hasEatenQuotes = false;
    /// Of such a word, or one with quotes around everything: what stands between the outermost
    /// quotes.
    QString inside;
};

/// Words and operators of one command. Stops at what it does not understand (an unclosed quote)
/// and gives what it has. Comments at the end are left out.
QVector<ShellWord> shellWords(const QString& command);

/// Splits shell lines into commands: a command goes on over `\`, open quotes, `|`, `&&`, `||`, here
/// documents and if/for/while/case until its end. `lines` are consumed from `at`, which moves
/// behind the command. Returns its lines.
QVector<SourceLine> takeCommand(const QVector<SourceLine>& lines, qsizetype& at);

/// `\` line ends outside single quotes become a space.
QString joinedLines(const QString& command);

}  // namespace tocsin::runbooks
