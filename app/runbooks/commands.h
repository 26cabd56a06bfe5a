#pragma once
#include "runbooks/runbook.h"

namespace tocsin::runbooks {

/// One shell command as blocks: what psql runs as Postgres (one block a statement), what redis-cli
/// sends as Redis, a curl line as Http, anything else as one Shell block. `line` is that of the
/// command's first line. Pure.
QVector<Block> blocksOfCommand(const QString& command, int line);

/// Whether a word is a program that runbooks call, so that inline code or an unmarked fence that
/// begins with it is meant to be run.
bool isProgram(const QString& word);

/// The statements of a piece of SQL as blocks; comments above become captions. Comment lines that
/// caption nothing are added to `prose`.
QVector<Block> blocksOfSql(const QString& sql, int line, const QString& target, QStringList* prose);

/// One line of a Redis script or redis-cli's arguments; `>` prompts and a leading redis-cli are
/// taken off.
Block redisBlock(const QString& command, int line);

}  // namespace tocsin::runbooks
