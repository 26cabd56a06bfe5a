#include "ui/query/sqlcatalog.h"

#include <QRegularExpression>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

QString catalogSql() {
    return uR"(SELECT nspname AS name, NULL AS "table" FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
UNION
SELECT c.relname, NULL FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_toast'
UNION
SELECT p.proname, NULL FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
   OR p.proname ~ '^(pg_(size|total|relation|blocking|stat_get_a|backend)|date_|to_|string_|array_|json)'
UNION
SELECT a.attname, c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND (n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
       OR c.relname ~ '^pg_(stat_|locks$|settings$|class$|roles$|database$|indexes$|prepared_xacts$)')
ORDER BY "table" NULLS FIRST, name LIMIT 40000)"_s;
}

CatalogNames catalogNames(const ResultSet& answer) {
    CatalogNames names;
    for (qsizetype row = 0; row < answer.rowCount(); ++row) {
        const auto name = answer.cell(row, 0);
        const auto table = answer.cell(row, 1);
        if (!name) continue;
        names.words << QString::fromUtf8(*name);
        if (table) names.columns[QString::fromUtf8(*table)] << names.words.last();
    }
    names.words.removeDuplicates();
    std::sort(names.words.begin(), names.words.end());
    return names;
}

ColumnPlace columnPlace(const QString& text, int cursor,
                        const QHash<QString, QStringList>& columns) {
    static const QRegularExpression place(u"(?:^|[^\\w.\"'])(\\w+)\\.(\\w*)$"_s);
    const auto match = place.match(text.left(cursor).right(200));
    if (!match.hasMatch()) return {};
    const QString owner = match.captured(1);
    const QString typed = match.captured(2);
    // "FROM content_source AS s": an alias goes before a table of its name.
    const QRegularExpression aliased(
        u"(?:\\b(?:from|join|update|into|using)|,)\\s+(?:only\\s+)?(?:\\w+\\.)?(\\w+)\\s+(?:as\\s+)?%1\\b"_s
            .arg(QRegularExpression::escape(owner)),
        QRegularExpression::CaseInsensitiveOption);
    for (auto each = aliased.globalMatch(text); each.hasNext();)
        if (const QString table = each.next().captured(1); columns.contains(table))
            return {table, typed};
    return columns.contains(owner) ? ColumnPlace{owner, typed} : ColumnPlace{};
}

}  // namespace tocsin::ui
