#pragma once
#include <optional>

#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reads a level's `quiet`. With a mistake in it the level does not rest: rather paged than lost.
class QuietReader {
public:
    QuietReader(Mistakes& mistakes, int levels) : m_mistakes(mistakes), m_levels(levels) {}

    std::optional<QuietEntry> read(const YamlNode& node, const QString& level) const;

private:
    bool readTime(QTime& time, const YamlNode& node, const QString& key,
                  const QString& level) const;
    bool readZone(QString& zone, const YamlNode& node, const QString& level) const;
    bool readInstead(QuietEntry& quiet, const YamlNode& node, const QString& level) const;
    bool readLoud(QuietEntry& quiet, const YamlNode& node, const QString& level) const;

    Mistakes& m_mistakes;
    int m_levels;
};

}  // namespace tocsin::workspace
