#include "inspection/format.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>
#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>

#include "inspection/harmless.h"
#include "inspection/replyjson.h"

namespace tocsin::inspection {
namespace {

constexpr qsizetype kPiece = 64 * 1024;
// A table aligned on a cell longer than this is not readable anyway; the cell itself is not cut.
constexpr qsizetype kWidest = 60;

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

qsizetype glyphs(QByteArrayView text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

/// `text` is UTF-8.
void jsonText(QByteArray& out, QByteArrayView text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
        } else {
            out += c;
        }
    }
    out += '"';
}

/// Bytes that are no text have no string in JSON; standing for another character they would be
/// another value.
void jsonBytes(QByteArray& out, QByteArrayView bytes) {
    out += "{\"bytes_base64\":\"" + bytes.toByteArray().toBase64() + "\"}";
}

/// What stands for no value where people read, and how the same character as a value is shown.
constexpr QByteArrayView kNull = "\u2205";
constexpr QByteArrayView kNullAsValue = "\\u2205";

void csvText(QByteArray& out, QByteArrayView text) {
    const bool quoted = text.isEmpty() || std::any_of(text.begin(), text.end(), [](char c) {
                            return c == '"' || c == ',' || c == '\n' || c == '\r';
                        });
    if (!quoted) {
        out += text;
        return;
    }
    out += '"';
    out += text.toByteArray().replace('"', "\"\"");
    out += '"';
}

void markdownText(QByteArray& out, QByteArrayView text) {
    if (text == kNull) text = kNullAsValue;
    for (const char c : text) {
        if (c == '|' || c == '\\') out += '\\';
        if (c == '\n')
            out += "<br>";
        else if (c != '\r')
            out += c;
    }
}

void tsvText(QByteArray& out, QByteArrayView text) {
    for (const char c : text) {
        switch (c) {
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                out += c;
        }
    }
}

/// The cell as one line of a terminal may hold it. `room` keeps what had to be changed.
QByteArrayView tableCell(QByteArrayView cell, QByteArray& room) {
    if (cell == kNull) return kNullAsValue;
    const bool isPlain = std::all_of(cell.begin(), cell.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        // What begins U+0080 to U+00BF, and U+2000 and more: C1 and marks of direction are there.
        return byte >= 0x20 && byte != 0x7f && byte != 0xc2 && byte != 0xe2;
    });
    if (isPlain) return cell;
    room.clear();
    if (cell.isValidUtf8()) return room = harmless(QString::fromUtf8(cell)).toUtf8();
    for (const char c : cell) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f)
            room += c;
        else
            room += "\\x" + QByteArray::number(byte, 16).rightJustified(2, '0');
    }
    return room;
}

}  // namespace

/// Writes one set in one format, row by row.
class RowWriter {
public:
    RowWriter(const ResultSet& set, Format format, QVector<qsizetype> rows)
        : m_set(set), m_format(format), m_rows(std::move(rows)), m_count(set.rowCount()) {
        if (!m_rows.isEmpty()) m_count = m_rows.size();
        if (format == Format::Table) measure();
    }

    qsizetype count() const { return m_count; }

    void head(QByteArray& out) const {
        if (m_format == Format::Json) return jsonHead(out);
        if (m_format == Format::Insert) return;
        line(out, [this](qsizetype c) {
            return std::optional<QByteArray>(m_set.columns()[c].name.toUtf8());
        });
        if (m_format == Format::Markdown || m_format == Format::Table) rule(out);
    }

    void row(QByteArray& out, qsizetype index) {
        const qsizetype at = m_rows.isEmpty() ? index : m_rows[index];
        if (m_format == Format::Json) return jsonRow(out, at, index == 0);
        if (m_format == Format::Insert) return insertRow(out, at);
        line(out, [this, at](qsizetype c) { return m_set.cell(at, c); });
    }

    /// Of JSON: the columns that had a value which is no text, among the rows written so far.
    const std::set<qsizetype>& binary() const { return m_binary; }

private:
    qsizetype width() const { return m_set.columns().size(); }

    void measure() {
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
    void line(QByteArray& out, const CellAt& cellAt) const {
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

    const char* separator() const {
        switch (m_format) {
            case Format::Csv:
                return ",";
            case Format::Tsv:
                return "\t";
            default:
                return " | ";
        }
    }

    void text(QByteArray& out, QByteArrayView cell, qsizetype column) const {
        switch (m_format) {
            case Format::Csv:
                return csvText(out, cell);
            case Format::Tsv:
                return tsvText(out, cell);
            case Format::Markdown:
                return markdownText(out, cell);
            default:
                return padded(out, cell, column);
        }
    }

    void null(QByteArray& out, qsizetype column) const {
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

    void padded(QByteArray& out, QByteArrayView given, qsizetype column) const {
        QByteArray kept;
        aligned(out, tableCell(given, kept), column);
    }

    void aligned(QByteArray& out, QByteArrayView cell, qsizetype column) const {
        const qsizetype room = std::max<qsizetype>(0, m_widths[column] - glyphs(cell));
        const bool right = m_set.columns()[column].numeric;
        const bool last = column + 1 == width();
        if (right) out += QByteArray(room, ' ');
        out += cell;
        if (!right && !last) out += QByteArray(room, ' ');
    }

    void rule(QByteArray& out) const {
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

    void jsonHead(QByteArray& out) const {
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

    void jsonRow(QByteArray& out, qsizetype at, bool first) {
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
    void insertRow(QByteArray& out, qsizetype at) const {
        if (width() == 0) {
            out += "INSERT INTO result DEFAULT VALUES;\n";
            return;
        }
        out += "INSERT INTO result (";
        for (qsizetype c = 0; c < width(); ++c)
            out +=
                (c ? ", \"" : "\"") + m_set.columns()[c].name.toUtf8().replace('"', "\"\"") + '"';
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

    static void insertLiteral(QByteArray& out, QByteArrayView cell, bool numeric) {
        bool plain = false;
        if (numeric) std::ignore = cell.toDouble(&plain);
        // NaN and infinities are texts to the server.
        if (plain && !cell.isEmpty() && (cell.back() >= '0' && cell.back() <= '9')) {
            out += cell;
            return;
        }
        QByteArray text = cell.toByteArray();
        const bool escaped = text.contains('\\');
        text.replace('\'', "''");
        if (escaped) text.replace('\\', "\\\\");
        out += (escaped ? "E'" : "'") + text + '\'';
    }

    const ResultSet& m_set;
    Format m_format;
    QVector<qsizetype> m_rows;
    qsizetype m_count;
    QVector<qsizetype> m_widths;
    std::set<qsizetype> m_binary;
};

namespace {

bool writeRows(RowWriter& writer, QByteArray& piece, const Sink& sink) {
    for (qsizetype i = 0; i < writer.count(); ++i) {
        writer.row(piece, i);
        if (piece.size() < kPiece) continue;
        if (!sink(piece)) return false;
        piece.clear();
    }
    return true;
}

/// What the reader of a JSON result must know of its values; empty when they are all texts.
QStringList binaryNotice(const QVector<Column>& columns, const std::set<qsizetype>& binary) {
    QStringList names;
    for (const qsizetype column : binary)
        names << columns[column].name;
    if (names.isEmpty()) return names;
    return {QStringLiteral("not all values of %1 are UTF-8: those are {\"bytes_base64\": …}")
                .arg(names.join(QStringLiteral(", ")))};
}

/// What stands beside rows and reply alike.
QJsonObject beside(const QueryResult& result, const QStringList& notices) {
    QJsonObject out{{QStringLiteral("receipt"), result.receipt.toJson()}};
    if (!notices.isEmpty()) out[QStringLiteral("notices")] = QJsonArray::fromStringList(notices);
    if (result.truncated) out[QStringLiteral("truncated")] = true;
    if (!result.nextPage.isEmpty()) out[QStringLiteral("next_page")] = result.nextPage;
    return out;
}

QByteArray jsonTail(const QueryResult& result, qsizetype rows, const std::set<qsizetype>& binary) {
    QJsonObject extra =
        beside(result, result.notices + binaryNotice(result.rows->columns(), binary));
    extra[QStringLiteral("row_count")] = static_cast<qint64>(rows);
    return "]," + compact(extra).mid(1) + '\n';
}

/// Of rows without a result around them.
QByteArray jsonTail(const ResultSet& set, const RowWriter& writer) {
    QJsonObject extra{{QStringLiteral("row_count"), static_cast<qint64>(writer.count())}};
    if (const auto notice = binaryNotice(set.columns(), writer.binary()); !notice.isEmpty())
        extra[QStringLiteral("notices")] = QJsonArray::fromStringList(notice);
    return "]," + compact(extra).mid(1) + '\n';
}

bool writeReply(const QueryResult& result, Format format, const Sink& sink) {
    if (format != Format::Json) return sink(tocsin::toText(*result.reply).toUtf8() + '\n');
    QJsonObject out = beside(result, result.notices);
    out[QStringLiteral("reply")] = exactJson(*result.reply);
    return sink(compact(out) + '\n');
}

/// What a person must know of how the rows came to be: the reason of an unlock, and powers that
/// nobody who only looks needs.
QByteArray tableFooter(const QueryResult& result) {
    QByteArray out;
    const auto add = [&out](const QString& line) { out += harmless(line).toUtf8() + '\n'; };
    for (const QString& notice : result.notices)
        out += notice.toUtf8() + '\n';
    for (const QString& line : asides(result))
        add(line);
    return out;
}

}  // namespace

Result<Format> formatFromText(const QString& text) {
    static const QHash<QString, Format> formats{
        {QStringLiteral("table"), Format::Table}, {QStringLiteral("csv"), Format::Csv},
        {QStringLiteral("json"), Format::Json},   {QStringLiteral("markdown"), Format::Markdown},
        {QStringLiteral("tsv"), Format::Tsv},     {QStringLiteral("insert"), Format::Insert}};
    const auto found = formats.find(text.toLower());
    if (found != formats.end()) return *found;
    return fail(
        ErrorCode::Parse,
        QStringLiteral("“%1” is not a format; use table, csv, json, markdown, tsv or insert.")
            .arg(text));
}

QStringList asides(const QueryResult& result) {
    QStringList lines;
    const Receipt& receipt = result.receipt;
    if (!receipt.unlockReason.isEmpty())
        lines << QStringLiteral("unlocked: ") + receipt.unlockReason;
    for (const QString& warning : receipt.server.warnings)
        lines << QStringLiteral("warning: ") + warning;
    return lines;
}

struct RowStream::State {
    Format format;
    Sink sink;
    std::shared_ptr<const ResultSet> set;
    std::unique_ptr<RowWriter> writer;
    qsizetype written = 0;
    bool open = true;
    bool adds = false;  // sets that follow each other; only the first has a head
    std::set<qsizetype> binary = {};

    void write(qsizetype until) {
        QByteArray piece;
        if (written == 0) writer->head(piece);
        for (; written < until && open; ++written) {
            writer->row(piece, written);
            if (piece.size() < kPiece) continue;
            open = sink(piece);
            piece.clear();
        }
        if (open && !piece.isEmpty()) open = sink(piece);
    }
};

RowStream::RowStream(Format format, Sink sink)
    : m_state(std::make_unique<State>(State{format, std::move(sink), {}, {}})) {
}

RowStream::~RowStream() = default;

bool RowStream::feed(const std::shared_ptr<const ResultSet>& set) {
    State& s = *m_state;
    if (!set || !s.open || s.format == Format::Table || s.format == Format::Json) return s.open;
    // A refused first try and its repetition are different sets; rows are only written once.
    if (s.set && s.set != set) return s.open;
    const qsizetype rows = set->rowCount();
    if (rows == 0) return true;
    if (!s.writer) {
        s.set = set;
        s.writer = std::make_unique<RowWriter>(*set, s.format, QVector<qsizetype>());
    }
    s.write(rows);
    return s.open;
}

bool RowStream::add(const std::shared_ptr<const ResultSet>& set) {
    State& s = *m_state;
    if (s.format == Format::Table || !s.open || set->rowCount() == 0) return s.open;
    RowWriter writer(*set, s.format, {});
    QByteArray piece;
    if (!s.adds) writer.head(piece);
    if (s.adds && s.format == Format::Json) piece += ",\n";
    s.adds = true;
    s.open = writeRows(writer, piece, s.sink) && (piece.isEmpty() || s.sink(piece));
    s.binary.insert(writer.binary().begin(), writer.binary().end());
    return s.open;
}

bool RowStream::finish(const QueryResult& result) {
    State& s = *m_state;
    if (s.adds) {
        if (s.open && s.format == Format::Json)
            s.open = s.sink(jsonTail(result, result.receipt.rows, s.binary));
        return s.open;
    }
    if (!s.writer) return s.open && inspection::write(result, s.format, s.sink);
    return feed(result.rows);
}

Format formatOfFile(const QString& path) {
    static const QHash<QString, Format> endings{{QStringLiteral("csv"), Format::Csv},
                                                {QStringLiteral("tsv"), Format::Tsv},
                                                {QStringLiteral("json"), Format::Json},
                                                {QStringLiteral("md"), Format::Markdown},
                                                {QStringLiteral("sql"), Format::Insert}};
    return endings.value(path.section(QLatin1Char('.'), -1).toLower(), Format::Table);
}

bool write(const ResultSet& set, Format format, const QVector<qsizetype>& rows, const Sink& sink) {
    RowWriter writer(set, format, rows);
    QByteArray piece;
    writer.head(piece);
    if (!writeRows(writer, piece, sink)) return false;
    if (format == Format::Json) piece += jsonTail(set, writer);
    return piece.isEmpty() || sink(piece);
}

bool write(const QueryResult& result, Format format, const Sink& sink) {
    if (!result.rows) return result.reply ? writeReply(result, format, sink) : true;
    RowWriter writer(*result.rows, format, {});
    QByteArray piece;
    if (!result.rows->columns().isEmpty() || format == Format::Json) writer.head(piece);
    if (!writeRows(writer, piece, sink)) return false;
    if (format == Format::Json) piece += jsonTail(result, result.rows->rowCount(), writer.binary());
    if (format == Format::Table) {
        const qsizetype rows = result.rows->rowCount();
        piece += rows == 1 ? QByteArray("(1 row)\n") : "(" + QByteArray::number(rows) + " rows)\n";
        piece += tableFooter(result);
    }
    return piece.isEmpty() || sink(piece);
}

QByteArray toText(const ResultSet& set, Format format, const QVector<qsizetype>& rows) {
    RowWriter writer(set, format, rows);
    QByteArray all;
    writer.head(all);
    for (qsizetype i = 0; i < writer.count(); ++i)
        writer.row(all, i);
    if (format == Format::Json) all += jsonTail(set, writer);
    return all;
}

}  // namespace tocsin::inspection
