#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reads `feed`, `templates` and `runbook_base`: what the channels are told, and in which words.
class AnnouncementReader {
public:
    /// `channelNames` also holds those that were left out for a mistake of their own. `yaml` is the
    /// file itself, for placing what is wrong inside a text of several lines.
    AnnouncementReader(Mistakes& mistakes, const QByteArray& yaml, QStringList channelNames)
        : m_mistakes(mistakes),
          m_lines(QString::fromUtf8(yaml).split(u'\n')),
          m_channels(std::move(channelNames)) {}

    /// Nothing without a channel to tell.
    std::optional<FeedEntry> readFeed(const YamlNode& node);
    /// A template with a mistake is used all the same: what it does not know stays as written.
    Wordings readTemplates(const YamlNode& node);
    QString readRunbookBase(const YamlNode& node);

private:
    void readChannel(FeedEntry& feed, const YamlNode& node);
    void readEvery(FeedEntry& feed, const YamlNode& node);
    void readMessages(FeedEntry& feed, const YamlNode& node);
    void readSilentBelow(FeedEntry& feed, const YamlNode& node);
    void checkTemplate(Wording wording, const YamlNode& node);

    Mistakes& m_mistakes;
    QStringList m_lines;
    QStringList m_channels;
};

}  // namespace tocsin::workspace
