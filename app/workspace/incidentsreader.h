#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reads `incidents`: how this team handles them. What is wrong keeps its default, and the message
/// says which.
class IncidentsReader {
public:
    /// `folder` is the workspace's own: files are named from there.
    IncidentsReader(Mistakes& mistakes, QString folder)
        : m_mistakes(mistakes), m_folder(std::move(folder)) {}

    IncidentsEntry read(const YamlNode& node);

private:
    void readSeverity(IncidentsEntry& entry, const YamlNode& list);
    std::optional<SeverityEntry> readSeverityRule(const YamlNode& node);
    void readLabels(SeverityEntry& rule, const YamlNode& map);
    void readUpdates(IncidentsEntry& entry, const YamlNode& map);
    std::optional<std::chrono::milliseconds> readDuration(const YamlNode& map, const QString& key,
                                                          const QString& standing,
                                                          bool mayBeZero = false);
    QString textOf(const YamlNode& node, const QString& key);

    QString readPostMortem(const YamlNode& node);
    void checkPlaceholders(const YamlNode& node, const QString& text);

    Mistakes& m_mistakes;
    QString m_folder;
};

}  // namespace tocsin::workspace
