#include "sdk/field.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

namespace tocsin {
namespace {

std::optional<FieldKind> kindFromText(const QString& text) {
    static const QHash<QString, FieldKind> kinds{
        {QStringLiteral("text"), FieldKind::Text},
        {QStringLiteral("url"), FieldKind::Url},
        {QStringLiteral("secret"), FieldKind::Secret},
        {QStringLiteral("duration"), FieldKind::Duration},
        {QStringLiteral("number"), FieldKind::Number},
        {QStringLiteral("boolean"), FieldKind::Boolean},
        {QStringLiteral("choice"), FieldKind::Choice},
        {QStringLiteral("text-map"), FieldKind::TextMap},
        {QStringLiteral("text-list"), FieldKind::TextList},
    };
    const auto found = kinds.find(text);
    if (found == kinds.end()) return std::nullopt;
    return *found;
}

}  // namespace

Result<QVector<Field>> fieldsFromJson(const QJsonArray& array) {
    QVector<Field> fields;
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        const QString name = object[u"name"].toString();
        const auto kind = kindFromText(object[u"kind"].toString());
        if (name.isEmpty() || !kind)
            return fail(
                ErrorCode::Parse,
                QStringLiteral("Field %1 of plugin.json needs a name and a known kind, not “%2”.")
                    .arg(fields.size() + 1)
                    .arg(object[u"kind"].toString()));
        const QStringList choices = object[u"choices"].toVariant().toStringList();
        fields.push_back({name, object[u"label"].toString(name), object[u"help"].toString(), *kind,
                          object[u"required"].toBool(), object[u"default"].toVariant(), choices,
                          object[u"pattern"].toString(), object[u"expects"].toString(),
                          object[u"schemes"].toVariant().toStringList(),
                          object[u"group"].toString()});
    }
    return fields;
}

}  // namespace tocsin
