#pragma once
#include <QByteArray>
#include <QString>
#include <QVector>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sdk/export.h"

namespace tocsin {

struct Column {
    QString name;
    QString type;          ///< the server's name of it ("numeric", "timestamp with time zone")
    bool numeric = false;  ///< right-aligned, sorted as a number
};

/// A table of cells exactly as the server wrote them. Cells live in blocks of 4 MB that are never
/// moved, found through 32-bit offsets: about 22 bytes a cell, and no allocation per cell.
///
/// One writer thread appends; any number of threads read rows below rowCount() at the same time
/// without a lock. Shared as std::shared_ptr<const ResultSet>.
class TOCSIN_SDK_EXPORT ResultSet {
public:
    explicit ResultSet(QVector<Column> columns);
    ~ResultSet();
    ResultSet(const ResultSet&) = delete;
    ResultSet& operator=(const ResultSet&) = delete;

    const QVector<Column>& columns() const { return m_columns; }
    /// Rows that are complete and readable from any thread.
    qsizetype rowCount() const { return m_published.load(std::memory_order_acquire); }
    /// The cell's bytes as the server sent them (UTF-8 unless the database is not), or nullopt for
    /// NULL. The view stays valid as long as the set. `row` < rowCount().
    std::optional<QByteArrayView> cell(qsizetype row, qsizetype column) const;
    /// Payload plus bookkeeping, in bytes.
    qint64 byteSize() const { return m_bytes.load(std::memory_order_relaxed); }

    /// Writer only: appends one row of columns().size() cells and publishes it.
    /// `lengths[i]` < 0 means NULL.
    void appendRow(const char* const* values, const int* lengths);

private:
    struct Row;
    struct Block;
    struct RowBlock;
    char* reserve(std::size_t size);

    QVector<Column> m_columns;
    std::atomic<qsizetype> m_published{0};
    std::atomic<qint64> m_bytes{0};
    std::array<std::atomic<RowBlock*>, 1 << 16> m_rowBlocks;
    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_free = nullptr;
    std::size_t m_left = 0;
};

}  // namespace tocsin
