#pragma once
#include <optional>

#include "plugins/engines/postgres/statement.h"

namespace tocsin::postgres {

/// Built-in functions that PostgreSQL marks volatile and that still only look (now and random
/// apart: sizes, statistics, locks, positions in the log), or that only pass time.
bool onlyLooks(const QString& builtin);

/// The same for functions of well-known extensions.
bool onlyLooks(const QString& extension, const QString& function);

/// Built-in functions not marked volatile that still do something: they take a transaction id, or
/// run text that the guard cannot see.
bool actsUnmarked(const QString& builtin);

/// Functions of well-known extensions, not marked volatile, that run a text the guard cannot see or
/// leave a setting behind.
bool actsUnmarked(const QString& extension, const QString& function);

/// The refusal for a function known by name to change something, without asking a server.
std::optional<Verdict> judgeByName(const FunctionName& function);

/// The refusal for one that the server's catalogue calls volatile.
Verdict volatileVerdict(const QString& function);

}  // namespace tocsin::postgres
