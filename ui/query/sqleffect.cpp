#include "ui/query/sqleffect.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <QVector>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString effectTr(const char* text) {
    return QCoreApplication::translate("tocsin::ui::SqlConfirm", text);
}

constexpr qint64 kManyRows = 1000;

/// The nodes that change a table, wherever a WITH put them.
void collectChanging(const QJsonObject& node, QVector<QJsonObject>& found) {
    if (node[u"Node Type"].toString() == u"ModifyTable") found << node;
    for (const QJsonValue& child : node[u"Plans"].toArray())
        collectChanging(child.toObject(), found);
}

QVector<QJsonObject> changingIn(const QByteArray& planJson) {
    QVector<QJsonObject> found;
    collectChanging(QJsonDocument::fromJson(planJson).array().first()[u"Plan"].toObject(), found);
    return found;
}

/// What the node takes its rows from: not the parts that were planned apart.
QVector<QJsonObject> inputsOf(const QJsonObject& node) {
    QVector<QJsonObject> inputs;
    for (const QJsonValue& child : node[u"Plans"].toArray()) {
        const QString relationship = child[u"Parent Relationship"].toString();
        if (relationship != u"InitPlan" && relationship != u"SubPlan") inputs << child.toObject();
    }
    return inputs;
}

/// The node itself counts what it returns; what it changes comes from below.
qint64 changedRows(const QJsonObject& node) {
    qint64 rows = 0;
    for (const QJsonObject& input : inputsOf(node))
        rows += input[u"Plan Rows"].toInteger();
    return rows;
}

QString tableIn(const QJsonObject& object) {
    const QString schema = object[u"Schema"].toString();
    return (schema.isEmpty() ? QString() : schema + u'.') + object[u"Relation Name"].toString();
}

QString changeText(const QJsonObject& node) {
    QStringList parts;
    for (const QJsonValue& target : node[u"Target Tables"].toArray())
        parts << tableIn(target.toObject());
    const qint64 rows = changedRows(node);
    return effectTr("%1 of %2%3, about %4")
        .arg(node[u"Operation"].toString().toUpper(), tableIn(node),
             parts.isEmpty() ? QString() : u" (%1)"_s.arg(parts.join(u", "_s)),
             rows == 1 ? effectTr("1 row")
                       : effectTr("%1 rows").arg(QLocale(QLocale::English).toString(rows)));
}

void collectAliases(const QJsonObject& node, QStringList& aliases) {
    if (const QString alias = node[u"Alias"].toString(); !alias.isEmpty()) aliases << alias;
    for (const QJsonValue& child : node[u"Plans"].toArray())
        collectAliases(child.toObject(), aliases);
}

bool namesColumnOf(const QString& condition, const QString& alias) {
    const QRegularExpression column(
        u"(?<![\\w.])\"?%1\"?\\."_s.arg(QRegularExpression::escape(alias)));
    return column.match(condition).hasMatch();
}

/// Whether a condition below picks rows of a table: one that names a column of that table alone. A
/// filter on nothing (random() < 2), one that is tested once, and what joins two tables pick none.
bool picksRows(const QJsonObject& node, const QStringList& aliases) {
    const QString own = node[u"Alias"].toString();
    for (const char* key : {"Filter", "Index Cond", "Recheck Cond", "TID Cond"}) {
        const QString condition = node[QLatin1String(key)].toString();
        if (own.isEmpty() || !namesColumnOf(condition, own)) continue;
        if (std::none_of(aliases.begin(), aliases.end(), [&](const QString& other) {
                return other != own && namesColumnOf(condition, other);
            }))
            return true;
    }
    const QVector<QJsonObject> inputs = inputsOf(node);
    return std::any_of(inputs.begin(), inputs.end(),
                       [&aliases](const QJsonObject& input) { return picksRows(input, aliases); });
}

bool changesWholeTable(const QJsonObject& node) {
    const QString operation = node[u"Operation"].toString();
    if (changedRows(node) > kManyRows) return true;
    if (operation == u"Insert") return false;
    QStringList aliases;
    collectAliases(node, aliases);
    return !picksRows(node, aliases);
}

}  // namespace

QString effectQuery(const QString& sql) {
    return u"EXPLAIN (FORMAT JSON, VERBOSE) "_s + sql;
}

QString effectText(const QByteArray& planJson) {
    QStringList parts;
    for (const QJsonObject& node : changingIn(planJson))
        parts << changeText(node);
    return parts.isEmpty() ? QString()
                           : parts.join(u"; "_s) + effectTr(" (the planner's estimate)");
}

bool isSweeping(const QString& sql, const QByteArray& planJson) {
    static const QRegularExpression whole(u"^\\s*(drop|truncate|alter|create|grant|revoke)\\b"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression rows(u"\\b(update|delete)\\b"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression where(u"\\bwhere\\b"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    if (whole.match(sql).hasMatch()) return true;
    const QVector<QJsonObject> changing = changingIn(planJson);
    if (std::any_of(changing.begin(), changing.end(), changesWholeTable)) return true;
    if (!changing.isEmpty()) return false;
    return rows.match(sql).hasMatch() && !where.match(sql).hasMatch();
}

}  // namespace tocsin::ui
