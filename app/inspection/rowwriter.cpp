#include "inspection/rowwriter.h"

#include <algorithm>

#include "inspection/celltext.h"

namespace tocsin::inspection {
namespace {

// A table aligned on a cell longer than this is not readable anyway; the cell itself is not cut.
constexpr qsizetype kWidest = 60;

qsizetype glyphs(QByteArrayView text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

void csvCell(QByteArray& out, QByteArrayView cell) {
    const qsizetype begin = out.size();
    out.resize(begin + mostInCsv(cell.size()));
    out.truncate(csvText(out.data() + begin, cell) - out.constData());
}

}  // namespace

RowWriter::RowWriter(const ResultSet& set, Format format, QVector<qsizetype> rows)
    : m_set(set), m_format(format), m_rows(std::move(rows)), m_count(set.rowCount()) {
    if (!m_rows.isEmpty()) m_count = m_rows.size();
    if (format == Format::Table) measure();
}

void RowWriter::head(QByteArray& out) const {
    if (m_format == Format::Json) return jsonHead(out);
    if (m_format == Format::Insert) return;
    line(out, [this](qsizetype c) {
        return std::optional<QByteArray>(m_set.columns()[c].name.toUtf8());
    });
    if (m_format == Format::Markdown || m_format == Format::Table) rule(out);
}

void RowWriter::row(QByteArray& out, qsizetype index) {
    const qsizetype at = m_rows.isEmpty() ? index : m_rows[index];
    if (m_format == Format::Json) return jsonRow(out, at, index == 0);
    if (m_format == Format::Insert) return insertRow(out, at);
    if (m_format == Format::Csv) return csvRow(out, at);
    line(out, [this, at](qsizetype c) { return m_set.cell(at, c); });
}

void RowWriter::measure() {
    for (const Column& column : m_set.columns())
        m_widths << glyphs(column.name.toUtf8());
    // Measuring the first rows keeps a large table streaming; later wide cells stick out.
    const qsizetype seen = std::min<qsizetype>(m_count, 1000);
    QByteArray kept;
    for (qsizetype i = 0; i < seen; ++i)
        for (qsizetype c = 0; c < width(); ++c) {
            const auto cell = m_set.cell(m_rows.isEmpty() ? i : m_rows[i], c);
            const qsizetype wide = cell ? glyphs(tableCell(*cell, kept)) : 1;
            m_widths[c] = std::max(m_widths[c], std::min(wide, kWidest));
        }
}

template <typename CellAt>
void RowWriter::line(QByteArray& out, const CellAt& cellAt) const {
    if (m_format == Format::Markdown) out += "| ";
    for (qsizetype c = 0; c < width(); ++c) {
        if (c) out += separator();
        const auto cell = cellAt(c);
        if (cell)
            text(out, QByteArrayView(*cell), c);
        else
            null(out, c);
    }
    if (m_format == Format::Markdown) out += " |";
    out += '\n';
}

const char* RowWriter::separator() const {
    switch (m_format) {
        case Format::Csv:
            return ",";
        case Format::Tsv:
            return "\t";
        default:
            return " | ";
    }
}

void RowWriter::text(QByteArray& out, QByteArrayView cell, qsizetype column) const {
    switch (m_format) {
        case Format::Csv:
            return csvCell(out, cell);
        case Format::Tsv:
            return tsvText(out, cell);
        case Format::Markdown:
            return markdownText(out, cell);
        default:
            return padded(out, cell, column);
    }
}

void RowWriter::null(QByteArray& out, qsizetype column) const {
    switch (m_format) {
        case Format::Csv:
            return;
        case Format::Tsv:
            out += "\\N";
            return;
        case Format::Markdown:
            out += kNull;
            return;
        default:
            aligned(out, kNull, column);
    }
}

void RowWriter::padded(QByteArray& out, QByteArrayView given, qsizetype column) const {
    QByteArray kept;
    aligned(out, tableCell(given, kept), column);
}

void RowWriter::aligned(QByteArray& out, QByteArrayView cell, qsizetype column) const {
    const qsizetype room = std::max<qsizetype>(0, m_widths[column] - glyphs(cell));
    const bool right = m_set.columns()[column].numeric;
    const bool last = column + 1 == width();
    if (right) out += QByteArray(room, ' ');
    out += cell;
    if (!right && !last) out += QByteArray(room, ' ');
}

void RowWriter::rule(QByteArray& out) const {
    if (m_format == Format::Markdown) {
        for (const Column& column : m_set.columns())
            out += column.numeric ? "|---:" : "|---";
        out += "|\n";
        return;
    }
    for (qsizetype c = 0; c < width(); ++c)
        out += (c ? "-+-" : "") + QByteArray(m_widths[c], '-');
    out += '\n';
}

/// The format of large exports: room is made once a row.
void RowWriter::csvRow(QByteArray& out, qsizetype at) const {
    qsizetype most = 0;
    for (qsizetype c = 0; c < width(); ++c)
        most += mostInCsv(m_set.cell(at, c).value_or(QByteArrayView()).size()) + 1;
    const qsizetype begin = out.size();
    out.resize(begin + std::max<qsizetype>(most, 1));
    char* to = out.data() + begin;
    for (qsizetype c = 0; c < width(); ++c) {
        if (const auto cell = m_set.cell(at, c)) to = csvText(to, *cell);
        *to++ = ',';
    }
    if (width() > 0) --to;
    *to++ = '\n';
    out.truncate(to - out.constData());
}

void RowWriter::jsonHead(QByteArray& out) const {
    out += "{\"columns\":[";
    for (qsizetype c = 0; c < width(); ++c) {
        out += c ? ",{\"name\":" : "{\"name\":";
        jsonText(out, m_set.columns()[c].name.toUtf8());
        out += ",\"type\":";
        jsonText(out, m_set.columns()[c].type.toUtf8());
        out += '}';
    }
    out += "],\"rows\":[";
}

void RowWriter::jsonRow(QByteArray& out, qsizetype at, bool first) {
    out += first ? "[" : ",\n[";
    for (qsizetype c = 0; c < width(); ++c) {
        if (c) out += ',';
        const auto cell = m_set.cell(at, c);
        if (!cell) {
            out += "null";
        } else if (cell->isValidUtf8()) {
            jsonText(out, *cell);
        } else {
            jsonBytes(out, *cell);
            m_binary.insert(c);
        }
    }
    out += ']';
}

/// PostgreSQL's own literals; the table's name is for the reader to put in.
void RowWriter::insertRow(QByteArray& out, qsizetype at) const {
    if (width() == 0) {
        out += "INSERT INTO result DEFAULT VALUES;\n";
        return;
    }
    out += "INSERT INTO result (";
    for (qsizetype c = 0; c < width(); ++c)
        out += (c ? ", \"" : "\"") + m_set.columns()[c].name.toUtf8().replace('"', "\"\"") + '"';
    out += ") VALUES (";
    for (qsizetype c = 0; c < width(); ++c) {
        if (c) out += ", ";
        const auto cell = m_set.cell(at, c);
        if (cell)
            insertLiteral(out, *cell, m_set.columns()[c].numeric);
        else
            out += "NULL";
    }
    out += ");\n";
}

}  // namespace tocsin::inspection
