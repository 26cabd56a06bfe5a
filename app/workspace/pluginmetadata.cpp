#include "workspace/pluginmetadata.h"

#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>

#include "sdk/plugin.h"
#include "workspace/values.h"

namespace tocsin::workspace {
namespace {

QString interfaceOf(const QString& category) {
    static const QHash<QString, QString> interfaces{
        {QStringLiteral("source"), QStringLiteral(TOCSIN_SOURCE_IID)},
        {QStringLiteral("engine"), QStringLiteral(TOCSIN_ENGINE_IID)},
        {QStringLiteral("probe"), QStringLiteral(TOCSIN_PROBE_IID)},
        {QStringLiteral("notifier"), QStringLiteral(TOCSIN_NOTIFIER_IID)},
    };
    return interfaces.value(category);
}

/// What is wrong with the fields beyond their form, or nothing.
QString fieldProblem(const QVector<Field>& fields) {
    QStringList names{QStringLiteral("name"), QStringLiteral("kind")};
    for (const Field& field : fields) {
        if (names.contains(field.name))
            return QStringLiteral("field “%1” is there twice, or is one that every entry has")
                .arg(field.name);
        if (field.kind == FieldKind::Choice && field.choices.isEmpty())
            return QStringLiteral("field “%1” is a choice without choices").arg(field.name);
        if (!QRegularExpression(field.pattern).isValid())
            return QStringLiteral("the pattern of field “%1” is no regular expression")
                .arg(field.name);
        if (!fallbackFits(field))
            return QStringLiteral("the default of field “%1” does not fit its kind")
                .arg(field.name);
        names << field.name;
    }
    return {};
}

Result<QVector<QStringList>> alternativesFrom(const QJsonArray& array,
                                              const QVector<Field>& fields) {
    QVector<QStringList> groups;
    for (const auto& group : array) {
        QStringList names;
        for (const auto& name : group.toArray())
            names << name.toString();
        for (const QString& name : std::as_const(names))
            if (std::none_of(fields.begin(), fields.end(),
                             [&](const Field& field) { return field.name == name; }))
                return fail(
                    ErrorCode::Config,
                    QStringLiteral("“alternatives” names “%1”, which is no field").arg(name));
        if (!names.isEmpty()) groups << names;
    }
    return groups;
}

}  // namespace

Result<PluginInfo> pluginInfo(const QJsonObject& metadata, const QString& file) {
    const auto refuse = [&file](const QString& why) {
        return fail(ErrorCode::Config,
                    QStringLiteral("%1 cannot be used: %2.").arg(QFileInfo(file).fileName(), why));
    };
    const QJsonObject json = metadata[u"MetaData"].toObject();
    if (json.isEmpty())
        return refuse(QStringLiteral("it carries no plugin.json (Q_PLUGIN_METADATA … FILE)"));

    const QJsonValue api = json[u"api"];
    if (api.toInt() != kPluginApi)
        return refuse(
            QStringLiteral("it was made for plugin api %1, this console has api %2; install the "
                           "version that belongs to it")
                .arg(api.isDouble() ? QString::number(api.toInt()) : QStringLiteral("“none”"))
                .arg(kPluginApi));

    PluginInfo info;
    info.file = file;
    info.category = json[u"category"].toString();
    info.type = json[u"type"].toString();
    info.title = json[u"title"].toString(info.type);
    info.description = json[u"description"].toString();
    const QString interface = interfaceOf(info.category);
    if (interface.isEmpty())
        return refuse(
            QStringLiteral("its category is “%1”; expected source, engine, probe or notifier")
                .arg(info.category));
    if (info.type.isEmpty()) return refuse(QStringLiteral("its plugin.json names no type"));
    if (metadata[u"IID"].toString() != interface)
        return refuse(QStringLiteral("it exports “%1”, but a %2 exports “%3”")
                          .arg(metadata[u"IID"].toString(), info.category, interface));

    auto fields = fieldsFromJson(json[u"fields"].toArray());
    if (!fields) return refuse(fields.error().message);
    info.fields = *std::move(fields);
    const QString problem = fieldProblem(info.fields);
    if (!problem.isEmpty()) return refuse(problem);
    auto alternatives = alternativesFrom(json[u"alternatives"].toArray(), info.fields);
    if (!alternatives) return refuse(alternatives.error().message);
    info.alternatives = *std::move(alternatives);
    return info;
}

}  // namespace tocsin::workspace
