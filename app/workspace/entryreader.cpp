#include "workspace/entryreader.h"

#include "workspace/fieldvalue.h"
#include "workspace/nearest.h"
#include "workspace/values.h"

namespace tocsin::workspace {

QVector<Entry> EntryReader::read(const YamlNode& list, const EntrySection& section) {
    m_names.clear();
    m_leftOut.clear();
    if (list.isNull()) return {};
    qsizetype before = m_mistakes.count();
    if (!list.isSequence()) {
        m_mistakes.error(list, "wrong-type", list.text,
                         QStringLiteral("“%1” must be a list: one “- {name: …, kind: …}” a line, "
                                        "not %2.")
                             .arg(QLatin1String(section.key), list.kindName()));
        m_leftOut.append({QLatin1String(section.key), m_mistakes.decisiveSince(before)});
        return {};
    }
    QVector<Entry> entries;
    for (const YamlNode& item : list.items) {
        before = m_mistakes.count();
        const QString name = distinctName(item, section);
        if (auto entry = readEntry(item, section))
            entries.append(std::move(*entry));
        else
            m_leftOut.append({name, m_mistakes.decisiveSince(before)});
    }
    return entries;
}

/// What to call an entry that may have no name of its own, before it is read.
QString EntryReader::distinctName(const YamlNode& node, const EntrySection& section) const {
    const YamlNode* given = node.isMap() ? node.find(QStringLiteral("name")) : nullptr;
    const QString name = given && given->isScalar() ? given->text.trimmed() : QString();
    return name.isEmpty() || m_names.contains(name)
               ? QStringLiteral("%1 in line %2").arg(QLatin1String(section.noun)).arg(node.line)
               : name;
}

std::optional<Entry> EntryReader::readEntry(const YamlNode& node, const EntrySection& section) {
    if (!node.isMap()) {
        m_mistakes.error(node, "wrong-type", node.text,
                         QStringLiteral("A %1 is a map with at least name and kind, not %2.")
                             .arg(QLatin1String(section.noun), node.kindName()));
        return std::nullopt;
    }
    Entry entry;
    entry.line = node.line;
    entry.settings.name = readName(node, section);
    const PluginInfo* plugin = readKind(node, section);
    if (!plugin) return std::nullopt;
    entry.settings.kind = plugin->type;
    reportUnknownKeys(node, section, *plugin);

    bool good = !entry.settings.name.isEmpty();
    for (const Field& field : plugin->fields)
        good = readField(entry, node, field) && good;
    good = checkAlternatives(node, *plugin, entry.settings.name) && good;
    if (section.hasEnvironment) good = readEnvironment(entry, node) && good;
    if (!good) return std::nullopt;
    return entry;
}

bool EntryReader::checkAlternatives(const YamlNode& node, const PluginInfo& plugin,
                                    const QString& name) {
    if (plugin.alternatives.isEmpty()) return true;
    const auto has = [&](const QString& key) {
        const YamlNode* value = node.find(key);
        return value && !value->isNull();
    };
    QStringList ways;
    int begun = 0, whole = 0;
    for (const QStringList& group : plugin.alternatives) {
        ways << QStringLiteral("“%1”").arg(group.join(QStringLiteral("” and “")));
        const auto count = std::count_if(group.begin(), group.end(), has);
        begun += count > 0;
        whole += count == group.size();
    }
    if (begun == 1 && whole == 1) return true;
    const QString needs = ways.join(QStringLiteral(", or "));
    m_mistakes.error(
        node, begun > 1 ? "too-many-keys" : "missing-key", {},
        QStringLiteral("“%1” needs %2%3.")
            .arg(name, needs, begun > 1 ? QStringLiteral("; keep one of them") : QString()));
    return false;
}

bool EntryReader::readEnvironment(Entry& entry, const YamlNode& node) {
    const Field field{QStringLiteral("environment"), {}, {}, FieldKind::Text, false, {}, {}};
    const bool good = entry.settings.values.contains(field.name) || readField(entry, node, field);
    QVariant& value = entry.settings.values[field.name];
    value = environmentFromText(value.toString());
    const QString production = QStringLiteral("production");
    if (const QString name = value.toString();
        name != production && nearest(name, {production}) == production)
        m_mistakes.note(
            *node.find(field.name), "environment", name,
            QStringLiteral("“%1” is not production: the connection is not framed in red "
                           "and asks less before it changes anything. Did you mean "
                           "“production”?")
                .arg(name));
    return good;
}

QString EntryReader::readName(const YamlNode& node, const EntrySection& section) {
    const YamlNode* name = node.find(QStringLiteral("name"));
    if (!name || !name->isScalar() || name->text.trimmed().isEmpty()) {
        m_mistakes.error(name ? *name : node,
                         name && !name->isNull() ? "wrong-type" : "missing-key", {},
                         QStringLiteral("This %1 needs a name, such as “name: prod”.")
                             .arg(QLatin1String(section.noun)));
        return {};
    }
    const QString text = name->text.trimmed();
    if (text.contains(QLatin1Char('/'))) {
        m_mistakes.error(*name, "bad-name", text,
                         QStringLiteral("A name may not contain “/”. Write “%1”.")
                             .arg(QString(text).replace(QLatin1Char('/'), QLatin1Char('-'))));
        return {};
    }
    if (m_names.contains(text)) {
        m_mistakes.error(*name, "duplicate-name", text,
                         QStringLiteral("There is already a %1 called “%2”; this one is left out. "
                                        "Give it another name.")
                             .arg(QLatin1String(section.noun), text));
        return {};
    }
    m_names.append(text);
    return text;
}

const PluginInfo* EntryReader::readKind(const YamlNode& node, const EntrySection& section) {
    QStringList known;
    for (const PluginInfo& plugin : m_plugins)
        if (plugin.category == QLatin1String(section.category)) known << plugin.type;
    known.sort();

    const YamlNode* kind = node.find(QStringLiteral("kind"));
    const QString kinds = known.isEmpty()
                              ? QStringLiteral("no plugin for it is installed")
                              : QStringLiteral("one of %1").arg(known.join(QStringLiteral(", ")));
    if (!kind || !kind->isScalar()) {
        m_mistakes.error(
            kind ? *kind : node, "missing-key", {},
            QStringLiteral("This %1 needs a kind: %2.").arg(QLatin1String(section.noun), kinds));
        return nullptr;
    }
    for (const PluginInfo& plugin : m_plugins)
        if (plugin.category == QLatin1String(section.category) && plugin.type == kind->text)
            return &plugin;
    const QString near = nearest(kind->text, known);
    m_mistakes.error(
        *kind, "unknown-kind", kind->text,
        QStringLiteral("There is no %1 of kind “%2”; expected %3.%4")
            .arg(QLatin1String(section.noun), kind->text, kinds,
                 near.isEmpty() ? QString() : QStringLiteral(" Did you mean “%1”?").arg(near)));
    return nullptr;
}

void EntryReader::reportUnknownKeys(const YamlNode& node, const EntrySection& section,
                                    const PluginInfo& plugin) {
    QStringList known{QStringLiteral("name"), QStringLiteral("kind")};
    if (section.hasEnvironment) known << QStringLiteral("environment");
    for (const Field& field : plugin.fields)
        known << field.name;
    known.removeDuplicates();
    for (const YamlNode& key : node.keys) {
        if (known.contains(key.text)) continue;
        m_mistakes.error(key, "unknown-key", key.text,
                         QStringLiteral("A %1 of kind %2 has no “%3”; it is ignored.%4")
                             .arg(QLatin1String(section.noun), plugin.type, key.text,
                                  didYouMean(key.text, known)));
    }
}

bool EntryReader::readField(Entry& entry, const YamlNode& node, const Field& field) {
    const YamlNode* value = node.find(field.name);
    if (value && !value->isNull())
        return field.kind == FieldKind::Secret ? readSecret(entry, *value, field)
                                               : readPlain(entry, *value, field);
    if (field.required) {
        m_mistakes.error(value ? *value : node, "missing-key", field.name,
                         QStringLiteral("“%1” needs “%2”: %3.")
                             .arg(entry.settings.name, field.name, expectation(field)));
        return false;
    }
    const QVariant fallback = fallbackValue(field);
    if (fallback.isValid()) entry.settings.values.insert(field.name, fallback);
    return true;
}

bool EntryReader::readSecret(Entry& entry, const YamlNode& value, const Field& field) {
    if (!value.isScalar()) {
        m_mistakes.error(
            value, "wrong-type", {},
            QStringLiteral("“%1” must be keychain:NAME, env:NAME or file:PATH, not %2.")
                .arg(field.name, value.kindName()));
        return false;
    }
    if (const auto reference = secretReferenceFromText(value.text, m_folder)) {
        entry.secrets.insert(field.name, *reference);
        return true;
    }
    const QStringList forms{QStringLiteral("keychain:"), QStringLiteral("env:"),
                            QStringLiteral("file:")};
    if (forms.contains(value.text.trimmed())) {
        m_mistakes.error(value, "bad-secret", value.text,
                         QStringLiteral("“%1” needs a name after the colon, such as %2%3.")
                             .arg(field.name, value.text.trimmed(), keychainName(entry)));
        return false;
    }
    m_mistakes.error(
        value, "literal-secret", QStringLiteral("•••"),
        howToStore(entry, field.name,
                   QStringLiteral("“%1” holds a secret as plain text").arg(field.name)));
    return false;
}

bool EntryReader::readPlain(Entry& entry, const YamlNode& value, const Field& field) {
    const auto read = fieldValue(value, field);
    if (!read) {
        const ValueMistake& mistake = read.error();
        const bool secret = mistake.rule == QByteArrayView("literal-secret");
        m_mistakes.error(mistake.at, mistake.rule, secret ? QStringLiteral("•••") : mistake.value,
                         secret ? literalSecretAdvice(entry, m_plugins, field)
                                : QStringLiteral("“%1” must be %2%3.")
                                      .arg(field.name, mistake.expected, notWhatIs(mistake.at)));
        return false;
    }
    // The entry is kept: what it is for stays in sight, as something that does not work.
    for (const ValueMistake& mistake : formMistakes(value, field)) {
        entry.isFlawed = true;
        m_mistakes.error(mistake.at, mistake.rule, mistake.value,
                         QStringLiteral("“%1” must be %2%3.")
                             .arg(field.name, mistake.expected, notWhatIs(mistake.at)));
    }
    entry.settings.values.insert(field.name, *read);
    return true;
}

}  // namespace tocsin::workspace
