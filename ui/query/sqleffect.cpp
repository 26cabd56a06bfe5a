#include "ui/query/sqleffect.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString effectTr(const char* text) {
    return QCoreApplication::translate("tocsin::ui::SqlConfirm", text);
}

/// The first node that changes a table, wherever a WITH put it.
QJsonObject changingNode(const QJsonObject& node) {
    if (node[u"Node Type"].toString() == u"ModifyTable") return node;
    const QJsonArray below = node[u"Plans"].toArray();
    for (const QJsonValue& child : below)
        if (const QJsonObject found = changingNode(child.toObject()); !found.isEmpty())
            return found;
    return {};
}

}  // namespace

QString effectQuery(const QString& sql) {
    return u"EXPLAIN (FORMAT JSON, VERBOSE) "_s + sql;
}

QString effectText(const QByteArray& planJson) {
    const QJsonObject plan = QJsonDocument::fromJson(planJson).array().first()[u"Plan"].toObject();
    const QJsonObject node = changingNode(plan);
    if (node.isEmpty()) return {};
    // The node itself counts what it returns; what it changes comes from below.
    const qint64 rows = node[u"Plans"].toArray().first()[u"Plan Rows"].toInteger();
    const QString schema = node[u"Schema"].toString();
    const QString table =
        (schema.isEmpty() ? QString() : schema + u'.') + node[u"Relation Name"].toString();
    return effectTr("%1 of %2, about %3 (the planner's estimate)")
        .arg(node[u"Operation"].toString().toUpper(), table,
             rows == 1 ? effectTr("1 row")
                       : effectTr("%1 rows").arg(QLocale(QLocale::English).toString(rows)));
}

bool isSweeping(const QString& sql) {
    static const QRegularExpression whole(u"^\\s*(drop|truncate|alter|create|grant|revoke)\\b"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression rows(u"\\b(update|delete)\\b"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression where(u"\\bwhere\\b"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    if (whole.match(sql).hasMatch()) return true;
    return rows.match(sql).hasMatch() && !where.match(sql).hasMatch();
}

}  // namespace tocsin::ui
