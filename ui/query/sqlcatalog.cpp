#include "ui/query/sqlcatalog.h"

#include <QSet>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

QString catalogSql() {
    return uR"(SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
UNION
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_toast'
UNION
SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND (n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
       OR c.relname ~ '^pg_(stat_activity|stat_statements|locks|stat_user_tables|settings)$')
UNION
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
   OR p.proname ~ '^(pg_(size|total|relation|blocking|stat_get_a|backend)|date_|to_|string_|array_|json)'
LIMIT 20000)"_s;
}

QStringList catalogWords(const ResultSet& answer) {
    QStringList words;
    for (qsizetype row = 0; row < answer.rowCount(); ++row)
        if (const auto cell = answer.cell(row, 0)) words << QString::fromUtf8(*cell);
    words.removeDuplicates();
    std::sort(words.begin(), words.end());
    return words;
}

}  // namespace tocsin::ui
