#include "store/rows.h"

#include <algorithm>

namespace tocsin::store {
namespace {

// Below what the parser of any SQLite takes (32 766 values), and short enough to be cheap.
constexpr qsizetype kRowsAtOnce = 16;

QString placeholders(qsizetype rows, qsizetype columns) {
    const QString row =
        QLatin1Char('(') + QStringList(columns, QStringLiteral("?")).join(u',') + QLatin1Char(')');
    return QStringList(rows, row).join(u',');
}

}  // namespace

Result<void> insertRows(Transaction& tx, const QString& head, const QVector<QVariantList>& rows,
                        const QString& tail) {
    for (qsizetype at = 0; at < rows.size(); at += kRowsAtOnce) {
        const qsizetype count = std::min(kRowsAtOnce, rows.size() - at);
        QVariantList values;
        for (qsizetype i = at; i < at + count; ++i)
            values += rows.at(i);
        const QString sql = QStringLiteral("%1 VALUES %2 %3")
                                .arg(head, placeholders(count, rows.at(at).size()), tail);
        if (auto done = tx.repeat(sql, values); !done) return done;
    }
    return {};
}

}  // namespace tocsin::store
