#pragma once
#include "workspace/mistakes.h"
#include "workspace/plugininfo.h"

namespace tocsin::workspace {

/// A section whose entries are made by plugins.
struct EntrySection {
    const char* key;       ///< in tocsin.yaml: "sources"
    const char* category;  ///< of the plugins: "source"
    const char* noun;      ///< in messages: "source"
    bool hasEnvironment = false;
};

/// Reads sources, connections, probes and channels against the fields of their plugins. An entry
/// with a wrong value is left out; an unknown key is reported and ignored.
class EntryReader {
public:
    EntryReader(Mistakes& mistakes, const QVector<PluginInfo>& plugins, QString folder)
        : m_mistakes(mistakes), m_plugins(plugins), m_folder(std::move(folder)) {}

    QVector<Entry> read(const YamlNode& list, const EntrySection& section);
    /// Every name that was seen, also of entries that were left out, so that one mistake is not
    /// reported twice.
    const QStringList& names() const { return m_names; }
    /// The entries of the last section that are not used, each with the mistake that decided it.
    const QVector<LeftOut>& leftOut() const { return m_leftOut; }

private:
    QString distinctName(const YamlNode& node, const EntrySection& section) const;
    std::optional<Entry> readEntry(const YamlNode& node, const EntrySection& section);
    QString readName(const YamlNode& node, const EntrySection& section);
    const PluginInfo* readKind(const YamlNode& node, const EntrySection& section);
    void reportUnknownKeys(const YamlNode& node, const EntrySection& section,
                           const PluginInfo& plugin);
    bool checkAlternatives(const YamlNode& node, const PluginInfo& plugin, const QString& name);
    bool readField(Entry& entry, const YamlNode& node, const Field& field);
    bool readEnvironment(Entry& entry, const YamlNode& node);
    bool readSecret(Entry& entry, const YamlNode& value, const Field& field);
    bool readPlain(Entry& entry, const YamlNode& value, const Field& field);

    Mistakes& m_mistakes;
    const QVector<PluginInfo>& m_plugins;
    QString m_folder;
    QStringList m_names;
    QVector<LeftOut> m_leftOut;
};

}  // namespace tocsin::workspace
