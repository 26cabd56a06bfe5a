#include "ui/query/sqloutcome.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>

#include "sdk/secret.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kEvidenceRows = 50;
constexpr qsizetype kEvidenceBytes = 16 * 1024;

QJsonArray firstRows(const ResultSet& set) {
    QJsonArray rows;
    qsizetype bytes = 0;
    const qsizetype count = std::min(set.rowCount(), kEvidenceRows);
    for (qsizetype r = 0; r < count && bytes < kEvidenceBytes; ++r) {
        QJsonArray row;
        for (qsizetype c = 0; c < set.columns().size(); ++c) {
            const auto cell = set.cell(r, c);
            bytes += cell ? cell->size() : 4;
            row.append(cell ? QJsonValue(QString::fromUtf8(*cell)) : QJsonValue::Null);
        }
        // A row that does not fit is left out whole: evidence is never cut inside a value.
        if (bytes <= kEvidenceBytes) rows.append(row);
    }
    return rows;
}

QString rowsText(qsizetype rows) {
    return rows == 1 ? u"1 row"_s : u"%1 rows"_s.arg(rows);
}

}  // namespace

QString spanText(std::chrono::microseconds span) {
    const auto us = span.count();
    if (us < 1000) return u"%1 µs"_s.arg(us);
    if (us < 1'000'000) return u"%1 ms"_s.arg(us / 1000);
    return u"%1 s"_s.arg(static_cast<double>(us) / 1e6, 0, 'f', 1);
}

QString bytesText(qint64 bytes) {
    if (bytes < 1024) return u"%1 B"_s.arg(bytes);
    if (bytes < 1024 * 1024) return u"%1 KB"_s.arg(bytes / 1024);
    return u"%1 MB"_s.arg(static_cast<double>(bytes) / (1024 * 1024), 0, 'f', 1);
}

QString countdownText(qint64 seconds) {
    const qint64 left = std::max<qint64>(0, seconds);
    return u"%1:%2"_s.arg(left / 60).arg(left % 60, 2, 10, QChar(u'0'));
}

QString shortSql(const QString& sql) {
    const QString line = sql.simplified();
    return line.size() <= 60 ? line : line.left(59) + u'…';
}

QString summaryOf(const QueryResult& result) {
    const Receipt& receipt = result.receipt;
    QString text = rowsText(receipt.rows);
    text += u" · "_s + spanText(receipt.total);
    if (receipt.rows > 0) text += u", first "_s + spanText(receipt.firstRow);
    text += u" · "_s + bytesText(receipt.bytes);
    const bool changed = receipt.verdict.effect != Effect::ReadOnly;
    if (result.truncated)
        text += changed ? u" · more were not kept"_s : u" · stopped at the limit"_s;
    return text;
}

/// The guard's refusals carry the name of their rule, the server's an SQLSTATE.
QString ruleOf(const Error& error) {
    static const QRegularExpression rule(u"^[a-z]+(-[a-z]+)*$"_s);
    const bool isGuards = (error.code == ErrorCode::Refused || error.code == ErrorCode::Parse) &&
                          rule.match(error.detail).hasMatch();
    return isGuards ? error.detail : QString();
}

Outcome outcomeOf(const QueryResult& result) {
    Outcome outcome;
    outcome.ok = true;
    const bool changed = result.receipt.verdict.effect != Effect::ReadOnly;
    outcome.line = changed && !result.notices.isEmpty()
                       ? result.notices.mid(0, 2).join(u", "_s)
                       : rowsText(result.receipt.rows) + u" · "_s + spanText(result.receipt.total);
    outcome.subject =
        u"%1 on %2"_s.arg(shortSql(result.receipt.statement), result.receipt.connection);
    outcome.kind = u"query"_s;
    QJsonArray columns;
    for (const Column& column : result.rows->columns())
        columns.append(QJsonObject{{u"name"_s, column.name}, {u"type"_s, column.type}});
    const QJsonArray kept = firstRows(*result.rows);
    outcome.evidence = {{u"receipt"_s, result.receipt.toJson()},
                        {u"columns"_s, columns},
                        {u"rows"_s, kept},
                        {u"notices"_s, QJsonArray::fromStringList(result.notices)}};
    if (kept.size() < result.rows->rowCount()) outcome.evidence[u"rows_kept"_s] = kept.size();
    if (result.truncated) outcome.evidence[u"truncated"_s] = true;
    return outcome;
}

Outcome outcomeOf(const QString& connection, const QString& sql, const Error& error) {
    Outcome outcome;
    outcome.wasSent = ruleOf(error).isEmpty();
    outcome.line = error.message;
    const QString shown = redact(sql);
    outcome.subject = u"%1 on %2"_s.arg(shortSql(shown), connection);
    outcome.kind = u"query"_s;
    outcome.evidence = {{u"statement"_s, shown},
                        {u"connection"_s, connection},
                        {u"error"_s, nameOf(error.code)},
                        {u"message"_s, error.message},
                        {u"detail"_s, error.detail}};
    return outcome;
}

}  // namespace tocsin::ui
