#pragma once
#include <functional>

#include "sdk/queryengine.h"

namespace tocsin::inspection {

enum class Format { Table, Csv, Json, Markdown, Tsv, Insert };

/// "table", "csv", "json", "markdown", "tsv", "insert" (one INSERT INTO result per row). Errors:
/// Parse, naming the choices.
Result<Format> formatFromText(const QString& text);

/// Takes the next piece of output; false stops the writer.
using Sink = std::function<bool(const QByteArray& piece)>;

/// Writes `result` in pieces of about 64 kB, so that a large one is never in memory twice. Cells
/// are the server's bytes; only what a format must escape is escaped. NULL is `∅` in a table
/// and in Markdown (a value that is that character is shown as `\u2205`), nothing in CSV (an empty
/// text is `""` there), `\N` in TSV, null in JSON.
/// JSON: {columns:[{name,type}], rows:[[text or null]], row_count, receipt}; `notices`, `truncated`
/// and `next_page` beside it where there is something to say. A value that is not UTF-8 is
/// {bytes_base64} there, and a notice names its column. A Redis reply is {reply, receipt}. A table
/// ends with its notices and asides().
/// False when the sink stopped it. Any thread.
bool write(const QueryResult& result, Format format, const Sink& sink);

/// Lines for a person beside a result: why it was unlocked, and what is wrong with the role that
/// asked.
QStringList asides(const QueryResult& result);

/// Writes a result of any size while it arrives, through Query::sink. What was written before an
/// error stays written; the caller's exit status tells. One thread after the other.
class RowStream {
public:
    RowStream(Format format, Sink sink);
    ~RowStream();

    /// All rows of `set`, which goes on where the one before ended and is not kept. A table waits
    /// for finish(): its columns are as wide as what is in them. False once the sink stopped it.
    bool add(const std::shared_ptr<const ResultSet>& set);
    /// The rest, and what follows the rows; for a reply too.
    bool finish(const QueryResult& result);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The file name's own format: .csv, .tsv, .json, .md, .sql; a table for any other.
Format formatOfFile(const QString& path);

/// Some rows of a set in pieces, for a file; `rows` empty: all that are there now. False when the
/// sink stopped it. Any thread.
bool write(const ResultSet& set, Format format, const QVector<qsizetype>& rows, const Sink& sink);

/// The same for some rows of a set that may still grow, without a receipt: what is copied from
/// the grid. `rows` empty: all that are there.
QByteArray toText(const ResultSet& set, Format format, const QVector<qsizetype>& rows = {});

}  // namespace tocsin::inspection
