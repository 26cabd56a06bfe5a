#include "incidents/evidence.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

// A post-mortem is read by people; the JSON export has all rows.
constexpr qsizetype kRowsShown = 50;

QString pretty(const QJsonValue& value) {
    if (value.isString()) return value.toString();
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(document.toJson()).trimmed();
}

QString cellText(const QJsonValue& value) {
    if (value.isNull()) return u"NULL"_s;
    return value.isString() ? value.toString() : value.toVariant().toString();
}

void addRows(Document& out, const QJsonObject& result) {
    QStringList head;
    for (const auto& column : result[u"columns"_s].toArray())
        head.append(column.isObject() ? column.toObject()[u"name"_s].toString()
                                      : column.toString());
    QVector<QStringList> rows{head};
    const QJsonArray all = result[u"rows"_s].toArray();
    for (qsizetype i = 0; i < std::min(all.size(), kRowsShown); ++i) {
        QStringList cells;
        for (const auto& cell : all.at(i).toArray())
            cells.append(cellText(cell));
        rows.append(cells);
    }
    out.append(Block::table(rows));
    if (all.size() > kRowsShown)
        out.append(
            Block::paragraph(u"%1 of %2 kept rows shown; the JSON export has all."_s.arg(kRowsShown)
                                 .arg(all.size())));
}

void addReceipt(Document& out, const QJsonObject& receipt) {
    QStringList items;
    const auto add = [&](const QString& label, const QString& field) {
        const QJsonValue value = receipt[field];
        QString text = cellText(value);
        if (value.isArray()) {
            QStringList parts;
            for (const auto& one : value.toArray())
                parts.append(cellText(one));
            text = parts.join(u", "_s);
        }
        if (!value.isUndefined() && !text.isEmpty()) items.append(label + u": "_s + text);
    };
    add(u"connection"_s, u"connection"_s);
    add(u"server"_s, u"address"_s);
    add(u"product"_s, u"product"_s);
    add(u"version"_s, u"version"_s);
    add(u"as"_s, u"user"_s);
    add(u"guards"_s, u"guards"_s);
    add(u"started"_s, u"started_at"_s);
    add(u"rows"_s, u"rows"_s);
    add(u"microseconds in all"_s, u"total_us"_s);
    add(u"SHA-256 of the result"_s, u"sha256"_s);
    add(u"unlocked because"_s, u"unlock_reason"_s);
    if (!items.isEmpty()) out.append(Block::bullets(items));
}

}  // namespace

bool isEvidenceKind(const QString& kind) {
    static const QStringList kinds{u"query"_s, u"redis"_s, u"http"_s,    u"probe"_s,
                                   u"shell"_s, u"file"_s,  u"captured"_s};
    return kinds.contains(kind);
}

bool isEvidence(const Event& event) {
    const bool onlyStep = event.detail.size() == 1 && event.detail.contains(u"step"_s);
    return isEvidenceKind(event.kind) && !event.detail.isEmpty() && !onlyStep;
}

Document evidenceOf(const Event& event) {
    Document out{
        Block::heading(3, u"%1 UTC · %2 · %3"_s.arg(event.at.toUTC().toString(u"HH:mm:ss"_s),
                                                    event.actor, event.text))};
    // Some keep the evidence one level down.
    QJsonObject detail = event.detail.contains(u"evidence"_s)
                             ? event.detail[u"evidence"_s].toObject()
                             : event.detail;
    detail.remove(u"step"_s);  // which step it was of is told elsewhere
    const QJsonObject receipt = detail[u"receipt"_s].toObject();
    const QJsonObject result =
        detail[u"result"_s].isObject() ? detail[u"result"_s].toObject() : detail;
    const QString statement = receipt[u"statement"_s].toString(detail[u"statement"_s].toString());
    if (!statement.isEmpty()) out.append(Block::code(statement));
    if (result.contains(u"columns"_s))
        addRows(out, result);
    else if (detail.contains(u"reply"_s))
        out.append(Block::code(pretty(detail[u"reply"_s])));
    else if (receipt.isEmpty())
        out.append(Block::code(pretty(detail)));
    addReceipt(out, receipt);
    return out;
}

}  // namespace tocsin::incidents
