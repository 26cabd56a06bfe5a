#pragma once
#include "sdk/queryengine.h"
#include "ui/query/outcome.h"

namespace tocsin::ui {

/// "97 rows · 4 ms, first 1 ms · 31 KB"
QString summaryOf(const QueryResult& result);
/// "850 µs", "4 ms", "1.2 s"
QString spanText(std::chrono::microseconds span);
/// "312 B", "31 KB", "4.2 MB"
QString bytesText(qint64 bytes);
/// "4:32"; "0:00" once it is over.
QString countdownText(qint64 seconds);
/// The first line of a statement, at most 60 characters.
QString shortSql(const QString& sql);

/// Which of the guard's rules refused it ("cte-write"); empty where the server did, or nobody.
QString ruleOf(const Error& error);

/// The outcome with the receipt, the columns and the first rows (50 rows, 16 kB) as evidence;
/// `rows_kept` is there when they are not all.
Outcome outcomeOf(const QueryResult& result);
Outcome outcomeOf(const QString& connection, const QString& sql, const Error& error);

}  // namespace tocsin::ui
