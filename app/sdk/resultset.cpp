#include "sdk/resultset.h"

#include <cstring>

namespace tocsin {
namespace {

constexpr std::size_t kBlockSize = 4U * 1024 * 1024;
constexpr qsizetype kRowsPerBlock = 4096;

}  // namespace

/// Where a row's cells lie: `ends` holds, for each cell, its end offset within the row's bytes,
/// with the top bit set for NULL.
struct ResultSet::Row {
    const char* bytes;
    const std::uint32_t* ends;
};

struct ResultSet::RowBlock {
    std::array<Row, kRowsPerBlock> rows;
};

namespace {
constexpr std::uint32_t kNull = 0x80000000U;
}

ResultSet::ResultSet(QVector<Column> columns) : m_columns(std::move(columns)) {
    for (auto& block : m_rowBlocks)
        block.store(nullptr, std::memory_order_relaxed);
}

ResultSet::~ResultSet() {
    for (auto& block : m_rowBlocks)
        delete block.load(std::memory_order_relaxed);
}

std::optional<QByteArrayView> ResultSet::cell(qsizetype row, qsizetype column) const {
    const RowBlock* block =
        m_rowBlocks[static_cast<std::size_t>(row / kRowsPerBlock)].load(std::memory_order_acquire);
    const Row& r = block->rows[static_cast<std::size_t>(row % kRowsPerBlock)];
    const std::uint32_t end = r.ends[column];
    if (end & kNull) return std::nullopt;
    const std::uint32_t begin = column == 0 ? 0 : r.ends[column - 1] & ~kNull;
    return QByteArrayView(r.bytes + begin, static_cast<qsizetype>(end - begin));
}

char* ResultSet::reserve(std::size_t size) {
    // A cell larger than a block gets one of its own; the current block stays in use.
    if (size > kBlockSize / 2) {
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(size));
        return m_blocks.back().get();
    }
    if (size > m_left) {
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(kBlockSize));
        m_free = m_blocks.back().get();
        m_left = kBlockSize;
    }
    char* place = m_free;
    m_free += size;
    m_left -= size;
    return place;
}

void ResultSet::appendRow(const char* const* values, const int* lengths) {
    const auto width = static_cast<std::size_t>(m_columns.size());
    std::size_t payload = 0;
    for (std::size_t i = 0; i < width; ++i)
        if (lengths[i] > 0) payload += static_cast<std::size_t>(lengths[i]);

    const std::size_t table = width * sizeof(std::uint32_t);
    // Offsets come first, so keep every row's start aligned for them.
    const std::size_t size = (table + payload + 3) & ~std::size_t{3};
    char* place = reserve(size);
    auto* ends = reinterpret_cast<std::uint32_t*>(place);
    char* bytes = place + table;
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (lengths[i] > 0) {
            std::memcpy(bytes + end, values[i], static_cast<std::size_t>(lengths[i]));
            end += static_cast<std::uint32_t>(lengths[i]);
        }
        ends[i] = lengths[i] < 0 ? (end | kNull) : end;
    }

    const qsizetype row = m_published.load(std::memory_order_relaxed);
    auto& slot = m_rowBlocks[static_cast<std::size_t>(row / kRowsPerBlock)];
    if (!slot.load(std::memory_order_relaxed)) slot.store(new RowBlock, std::memory_order_release);
    slot.load(std::memory_order_relaxed)->rows[static_cast<std::size_t>(row % kRowsPerBlock)] = {
        bytes, ends};
    // One writer: no need for the bus to be locked.
    m_bytes.store(byteSize() + static_cast<qint64>(size + sizeof(Row)), std::memory_order_relaxed);
    m_published.store(row + 1, std::memory_order_release);
}

}  // namespace tocsin
