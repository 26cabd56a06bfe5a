#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reads `escalation`. Whoever must be paged is paged rather too early than never: a level with a
/// mistake stays in the ladder with its mistake taken out, and the message says what happens now.
class EscalationReader {
public:
    /// `channels` are those that work; `channelNames` also those that were left out for a mistake
    /// of their own, which is not reported again here.
    EscalationReader(Mistakes& mistakes, const QVector<Entry>& channels, QStringList channelNames)
        : m_mistakes(mistakes), m_channels(channels), m_names(std::move(channelNames)) {}

    EscalationEntry read(const YamlNode& node);

private:
    QString readChannel(const YamlNode& node);
    void readLevels(EscalationEntry& policy, const YamlNode& list);
    LevelEntry readLevel(const YamlNode& node, const EscalationEntry& policy);
    void readAfter(LevelEntry& level, const YamlNode& node, const EscalationEntry& policy);
    void readUntil(LevelEntry& level, const YamlNode& node);
    void readAckTimeout(EscalationEntry& policy, const YamlNode& node);
    /// After all levels, because `instead` may name one further up.
    void readQuiet(EscalationEntry& policy, const YamlNode& levels);
    void readRepeat(LevelEntry& level, const YamlNode& node);
    void readMention(LevelEntry& level, const YamlNode& node, const QString& channel);
    void checkFallback(const LevelEntry& level, const YamlNode& mention, const QString& channel);
    void readStart(EscalationEntry& policy, const YamlNode& map);
    QString textOf(const YamlNode& node, const QString& key);

    Mistakes& m_mistakes;
    const QVector<Entry>& m_channels;
    QStringList m_names;
};

}  // namespace tocsin::workspace
