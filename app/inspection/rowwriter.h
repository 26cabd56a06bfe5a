#pragma once
#include <QVector>
#include <set>

#include "inspection/format.h"

namespace tocsin::inspection {

/// Writes one set in one format, row by row.
class RowWriter {
public:
    /// `rows` empty: all that are there now. `set` outlives it.
    RowWriter(const ResultSet& set, Format format, QVector<qsizetype> rows);

    qsizetype count() const { return m_count; }

    void head(QByteArray& out) const;
    void row(QByteArray& out, qsizetype index);
    /// Of JSON: the columns that had a value which is no text, among the rows written so far.
    const std::set<qsizetype>& binary() const { return m_binary; }

private:
    qsizetype width() const { return m_set.columns().size(); }
    void measure();
    template <typename CellAt>
    void line(QByteArray& out, const CellAt& cellAt) const;
    const char* separator() const;
    void text(QByteArray& out, QByteArrayView cell, qsizetype column) const;
    void null(QByteArray& out, qsizetype column) const;
    void padded(QByteArray& out, QByteArrayView given, qsizetype column) const;
    void aligned(QByteArray& out, QByteArrayView cell, qsizetype column) const;
    void rule(QByteArray& out) const;
    void csvRow(QByteArray& out, qsizetype at) const;
    void jsonHead(QByteArray& out) const;
    void jsonRow(QByteArray& out, qsizetype at, bool first);
    void insertRow(QByteArray& out, qsizetype at) const;

    const ResultSet& m_set;
    Format m_format;
    QVector<qsizetype> m_rows;
    qsizetype m_count;
    QVector<qsizetype> m_widths;
    std::set<qsizetype> m_binary;
};

}  // namespace tocsin::inspection
