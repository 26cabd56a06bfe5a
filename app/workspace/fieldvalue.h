#pragma once
#include "workspace/plugininfo.h"
#include "workspace/yamltree.h"

namespace tocsin::workspace {

/// Why a value does not fit its field.
struct ValueMistake {
    YamlNode at;
    const char* rule = "";
    QString value;
    QString expected;  ///< completes "“every” must be …"
};

/// Reads one value as Settings::values holds it. Not for FieldKind::Secret.
tl::expected<QVariant, ValueMistake> fieldValue(const YamlNode& node, const Field& field);

/// What a field wants, for messages: "a duration such as 500ms, 10s, 15m or 2h".
QString expectation(const Field& field);
/// ", not “abc”": what was written instead, redacted and short; empty where nothing is.
QString notWhatIs(const YamlNode& node);
/// What keeps a value that was read from working: another scheme, another form. At the value.
QVector<ValueMistake> formMistakes(const YamlNode& node, const Field& field);

/// The keychain entry that messages propose: the connection's name, or kind and name
/// ("discord-incidents").
QString keychainName(const Entry& entry);
/// "`what`. Store it with `tocsin secret set NAME` … and write field: \"keychain:NAME\" …"
QString howToStore(const Entry& entry, const QString& field, const QString& what);
/// The advice for a secret inside a field that is not one: an address with a password.
QString literalSecretAdvice(const Entry& entry, const QVector<PluginInfo>& plugins,
                            const Field& field);

}  // namespace tocsin::workspace
