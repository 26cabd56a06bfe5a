#pragma once
#include <atomic>
#include <memory>
#include <optional>

#include "inspection/format.h"

namespace tocsin::inspection {

/// Writes a result of any size to a file while it arrives, through Query::sink. The file appears
/// under its name when all of it was written; nothing is left behind otherwise.
class FileExport {
public:
    /// The format is the file's own (formatOfFile); a table is none that can be written so.
    explicit FileExport(QString path);
    ~FileExport();

    /// Threads of the engine's, one call after the other. False: the disk said no; finish() says why.
    bool add(const std::shared_ptr<const ResultSet>& rows);
    /// After the last rows, on any one thread: the size in bytes. Errors: Disk.
    Result<qint64> finish(const QueryResult& result);
    /// After add() said false: why.
    std::optional<Error> problem() const;

    /// So far. Any thread.
    qsizetype rows() const { return m_rows; }
    const QString& path() const { return m_path; }

private:
    struct State;
    bool open();

    QString m_path;
    std::atomic<qsizetype> m_rows = 0;
    std::unique_ptr<State> m_state;
};

}  // namespace tocsin::inspection
