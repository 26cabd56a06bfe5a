#include "inspection/format.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <set>

#include "inspection/harmless.h"
#include "inspection/replyjson.h"
#include "inspection/rowwriter.h"

namespace tocsin::inspection {
namespace {

constexpr qsizetype kPiece = 64 * 1024;

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

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
    bool open = true;
    bool adds = false;  // only the first set has a head
    std::set<qsizetype> binary = {};
};

RowStream::RowStream(Format format, Sink sink)
    : m_state(std::make_unique<State>(State{format, std::move(sink)})) {
}

RowStream::~RowStream() = default;

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
    if (!s.adds) return s.open && inspection::write(result, s.format, s.sink);
    if (s.open && s.format == Format::Json)
        s.open = s.sink(jsonTail(result, result.receipt.rows, s.binary));
    return s.open;
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
