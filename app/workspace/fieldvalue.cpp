#include "workspace/fieldvalue.h"

#include <QRegularExpression>
#include <QUrl>

#include "workspace/mistakes.h"
#include "workspace/nearest.h"
#include "workspace/values.h"

namespace tocsin::workspace {
namespace {

using Read = tl::expected<QVariant, ValueMistake>;

Read wrong(const YamlNode& at, const char* rule, const QString& expected) {
    return tl::make_unexpected(
        ValueMistake{at, rule, at.isScalar() ? at.text : at.kindName(), expected});
}

Read textValue(const YamlNode& node, const Field& field) {
    if (!node.isScalar()) return wrong(node, "wrong-type", expectation(field));
    if (holdsSecret(node.text)) return wrong(node, "literal-secret", {});
    return QVariant(node.text);
}

Read urlValue(const YamlNode& node, const Field& field) {
    if (!node.isScalar()) return wrong(node, "wrong-type", expectation(field));
    if (holdsSecret(node.text)) return wrong(node, "literal-secret", {});
    const QUrl url(node.text, QUrl::StrictMode);
    // A server reached through a local socket has no host (postgresql:///app?host=/run/postgresql).
    if (!url.isValid() || url.scheme().isEmpty() || !node.text.contains(QLatin1String("://")) ||
        (url.host().isEmpty() && url.path().size() < 2))
        return wrong(node, "bad-url", expectation(field));
    if (!url.password().isEmpty()) return wrong(node, "literal-secret", {});
    return QVariant(node.text);
}

Read durationValue(const YamlNode& node, const Field& field) {
    if (!node.isScalar()) return wrong(node, "wrong-type", expectation(field));
    const auto duration = durationFromText(node.text);
    if (!duration || duration->count() <= 0) return wrong(node, "bad-duration", expectation(field));
    return QVariant(qint64(duration->count()));
}

Read numberValue(const YamlNode& node, const Field& field) {
    bool ok = false;
    const double number = node.text.toDouble(&ok);
    if (!node.isScalar() || node.quoted) return wrong(node, "wrong-type", expectation(field));
    if (!ok || !qIsFinite(number)) return wrong(node, "bad-number", expectation(field));
    return QVariant(number);
}

Read booleanValue(const YamlNode& node, const Field& field) {
    const auto flag = node.isScalar() && !node.quoted ? booleanFromText(node.text) : std::nullopt;
    if (!flag) return wrong(node, "wrong-type", expectation(field));
    return QVariant(*flag);
}

Read choiceValue(const YamlNode& node, const Field& field) {
    if (!node.isScalar()) return wrong(node, "wrong-type", expectation(field));
    if (field.choices.contains(node.text)) return QVariant(node.text);
    const QString near = nearest(node.text, field.choices);
    return wrong(
        node, "bad-choice",
        expectation(field) +
            (near.isEmpty() ? QString() : QStringLiteral(" (did you mean “%1”?)").arg(near)));
}

/// HTTP headers whose value is a credential.
bool namesSecret(const QString& key) {
    static const QRegularExpression form(
        QStringLiteral("authorization|cookie|password|secret|token|api[-_]?key"),
        QRegularExpression::CaseInsensitiveOption);
    return form.match(key).hasMatch();
}

Read mapValue(const YamlNode& node, const Field& field) {
    if (!node.isMap()) return wrong(node, "wrong-type", expectation(field));
    QVariantMap map;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        const YamlNode& value = node.items[i];
        if (!node.keys[i].isScalar() || !value.isScalar())
            return wrong(value, "wrong-type", expectation(field));
        if (holdsSecret(value.text) || namesSecret(node.keys[i].text))
            return wrong(value, "literal-secret", {});
        map.insert(node.keys[i].text, value.text);
    }
    return QVariant(map);
}

Read listValue(const YamlNode& node, const Field& field) {
    if (node.isScalar()) return QVariant(QStringList{node.text});
    if (!node.isSequence()) return wrong(node, "wrong-type", expectation(field));
    QStringList list;
    for (const YamlNode& item : node.items) {
        if (!item.isScalar()) return wrong(item, "wrong-type", expectation(field));
        if (holdsSecret(item.text)) return wrong(item, "literal-secret", {});
        list << item.text;
    }
    return QVariant(list);
}

const Field* secretField(const Entry& entry, const QVector<PluginInfo>& plugins,
                         const Field& beside) {
    for (const PluginInfo& plugin : plugins) {
        if (plugin.type != entry.settings.kind) continue;
        bool owner = false;
        for (const Field& field : plugin.fields)
            owner = owner || field.name == beside.name;
        if (!owner) continue;
        for (const Field& field : plugin.fields)
            if (field.kind == FieldKind::Secret) return &field;
    }
    return nullptr;
}

}  // namespace

Read fieldValue(const YamlNode& node, const Field& field) {
    switch (field.kind) {
        case FieldKind::Text:
        case FieldKind::Secret:
            return textValue(node, field);
        case FieldKind::Url:
            return urlValue(node, field);
        case FieldKind::Duration:
            return durationValue(node, field);
        case FieldKind::Number:
            return numberValue(node, field);
        case FieldKind::Boolean:
            return booleanValue(node, field);
        case FieldKind::Choice:
            return choiceValue(node, field);
        case FieldKind::TextMap:
            return mapValue(node, field);
        case FieldKind::TextList:
            return listValue(node, field);
    }
    return wrong(node, "wrong-type", expectation(field));
}

QString expectation(const Field& field) {
    switch (field.kind) {
        case FieldKind::Text:
            return QStringLiteral("text");
        case FieldKind::Url:
            return QStringLiteral("an address such as https://host:8080/path");
        case FieldKind::Secret:
            return QStringLiteral("a reference: keychain:NAME, env:NAME or file:PATH");
        case FieldKind::Duration:
            return QStringLiteral("a duration above zero such as 500ms, 10s, 15m or 2h");
        case FieldKind::Number:
            return QStringLiteral("a number");
        case FieldKind::Boolean:
            return QStringLiteral("true or false");
        case FieldKind::Choice:
            return QStringLiteral("one of %1").arg(field.choices.join(QStringLiteral(", ")));
        case FieldKind::TextMap:
            return QStringLiteral("a map of names to text, {name: text}");
        case FieldKind::TextList:
            return QStringLiteral("a list of texts, [a, b]");
    }
    return {};
}

QString notWhatIs(const YamlNode& node) {
    if (!node.isScalar()) return QStringLiteral(", not %1").arg(node.kindName());
    const QString text = shownValue(node.text);
    return text.isEmpty() ? QString() : QStringLiteral(", not “%1”").arg(text);
}

QVector<ValueMistake> formMistakes(const YamlNode& node, const Field& field) {
    QVector<ValueMistake> out;
    if (!field.schemes.isEmpty() && !field.schemes.contains(QUrl(node.text).scheme()))
        out.append({node, "bad-url", node.text,
                    QStringLiteral("an address that begins with %1://")
                        .arg(field.schemes.join(QStringLiteral(":// or ")))});
    if (field.pattern.isEmpty()) return out;
    const QRegularExpression form(QRegularExpression::anchoredPattern(field.pattern));
    const auto check = [&](const YamlNode& value) {
        if (value.isScalar() && !form.match(value.text.trimmed()).hasMatch())
            out.append({value, "bad-value", value.text, field.expects});
    };
    if (node.isScalar()) check(node);
    for (const YamlNode& item : node.items)
        check(item);
    return out;
}

QString keychainName(const Entry& entry) {
    if (entry.settings.name.isEmpty()) return QStringLiteral("NAME");
    const bool connection = entry.settings.kind == QLatin1String("postgres") ||
                            entry.settings.kind == QLatin1String("redis");
    const QString name = entry.settings.name.toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    return connection ? name : entry.settings.kind + QLatin1Char('-') + name;
}

QString howToStore(const Entry& entry, const QString& field, const QString& what) {
    return QStringLiteral(
               "%1. Store it with `tocsin secret set %2` (it reads the value from the terminal or "
               "from stdin) and write %3: \"keychain:%2\" here; \"env:NAME\" and \"file:PATH\" "
               "(mode "
               "0600) work too. Treat the one in this file as known to others and replace it.")
        .arg(what, keychainName(entry), field);
}

QString literalSecretAdvice(const Entry& entry, const QVector<PluginInfo>& plugins,
                            const Field& field) {
    const QString what =
        QStringLiteral("“%1” has a password or token inside it; take it out").arg(field.name);
    if (const Field* secret = secretField(entry, plugins, field))
        return howToStore(entry, secret->name, what);
    return what + QStringLiteral(". A secret is never written in this file.");
}

}  // namespace tocsin::workspace
