#include "workspace/announcementreader.h"

#include <QUrl>

#include "workspace/fieldvalue.h"
#include "workspace/keys.h"
#include "workspace/nearest.h"
#include "workspace/values.h"

using namespace Qt::StringLiterals;

namespace tocsin::workspace {
namespace {

constexpr std::chrono::milliseconds kShortestEvery{2000};
constexpr int kMostMessages = 50;

/// Where `text` stands in the file, from a place on; the place itself when it is written in a way
/// that cannot be found again (an escape). Moves `from` behind it.
YamlNode placed(const QStringList& lines, const QString& text, YamlNode& from) {
    for (qsizetype line = from.line - 1; line < lines.size(); ++line) {
        const qsizetype start = line == from.line - 1 ? from.column - 1 : 0;
        const qsizetype at = lines[line].indexOf(text, start);
        if (at < 0) continue;
        YamlNode place = from;
        place.line = static_cast<int>(line) + 1;
        place.column = static_cast<int>(at) + 1;
        from.line = place.line;
        from.column = place.column + static_cast<int>(text.size());
        return place;
    }
    return from;
}

}  // namespace

std::optional<FeedEntry> AnnouncementReader::readFeed(const YamlNode& node) {
    if (node.isNull()) return std::nullopt;
    FeedEntry feed;
    if (node.isScalar()) {
        readChannel(feed, node);
    } else if (node.isMap()) {
        reportUnknownKeys(m_mistakes, node, u"feed"_s,
                          {u"channel"_s, u"every"_s, u"messages"_s, u"silent_below"_s});
        if (const YamlNode* channel = node.given(u"channel"_s))
            readChannel(feed, *channel);
        else
            m_mistakes.error(node, "missing-key", u"channel"_s,
                             u"“feed” needs a channel: the name of one under “channels”. Until "
                             "then no channel is told of alerts."_s);
        if (const YamlNode* every = node.given(u"every"_s)) readEvery(feed, *every);
        if (const YamlNode* messages = node.given(u"messages"_s)) readMessages(feed, *messages);
        if (const YamlNode* below = node.given(u"silent_below"_s)) readSilentBelow(feed, *below);
    } else {
        m_mistakes.error(
            node, "wrong-type", {},
            u"“feed” must be a channel's name or a map such as {channel: alerts}, not %1."_s.arg(
                node.kindName()));
    }
    if (feed.channel.isEmpty()) return std::nullopt;
    return feed;
}

void AnnouncementReader::readChannel(FeedEntry& feed, const YamlNode& node) {
    if (node.isScalar() && m_channels.contains(node.text)) {
        feed.channel = node.text;
        return;
    }
    m_mistakes.error(
        node, "unknown-channel", node.text,
        u"There is no channel “%1” under “channels”; no channel is told of alerts.%2"_s.arg(
            node.text, didYouMean(node.text, m_channels)));
}

void AnnouncementReader::readEvery(FeedEntry& feed, const YamlNode& node) {
    const auto every = node.isScalar() ? durationFromText(node.text) : std::nullopt;
    if (every && *every >= kShortestEvery) {
        feed.every = *every;
        return;
    }
    m_mistakes.error(node, "bad-duration", node.text,
                     u"“every” must be a duration of at least 2s, such as 10s%1. Until it is one, "
                     "the feed is told every 10s."_s.arg(notWhatIs(node)));
}

void AnnouncementReader::readMessages(FeedEntry& feed, const YamlNode& node) {
    bool ok = false;
    const int messages = node.isScalar() ? node.text.toInt(&ok) : 0;
    if (ok && messages >= 1 && messages <= kMostMessages) {
        feed.messages = messages;
        return;
    }
    m_mistakes.error(
        node, "wrong-type", node.text,
        u"“messages” must be a number from 1 to %1: how many keys have a message of "
        "their own%2. It is 10 until then."_s.arg(QString::number(kMostMessages), notWhatIs(node)));
}

void AnnouncementReader::readSilentBelow(FeedEntry& feed, const YamlNode& node) {
    const QStringList known{u"critical"_s, u"warning"_s, u"info"_s};
    if (node.isScalar() && known.contains(node.text)) {
        feed.silentBelow = severityFromText(node.text);
        return;
    }
    m_mistakes.error(node, "unknown-severity", node.text,
                     u"“silent_below” must be critical, warning or info; it is warning until "
                     "then.%1"_s.arg(didYouMean(node.text, known)));
}

Wordings AnnouncementReader::readTemplates(const YamlNode& node) {
    Wordings wordings;
    if (node.isNull()) return wordings;
    QStringList known;
    for (const Wording wording : kWordings)
        known.append(nameOf(wording));
    if (!node.isMap()) {
        m_mistakes.error(node, "wrong-type", node.text,
                         u"“templates” must be a map with %1, not %2."_s.arg(known.join(u", "_s),
                                                                             node.kindName()));
        return wordings;
    }
    reportUnknownKeys(m_mistakes, node, u"templates"_s, known);
    for (const Wording wording : kWordings) {
        const YamlNode* text = node.given(nameOf(wording));
        if (!text) continue;
        if (!text->isScalar() || text->text.trimmed().isEmpty()) {
            m_mistakes.error(
                *text, "wrong-type", text->text,
                u"Template “%1” must be text, not %2."_s.arg(
                    nameOf(wording), text->isScalar() ? u"nothing"_s : text->kindName()));
            continue;
        }
        checkTemplate(wording, *text);
        wordings.own.insert(wording, text->text.trimmed());
    }
    return wordings;
}

void AnnouncementReader::checkTemplate(Wording wording, const YamlNode& node) {
    const QStringList known = placeholdersOf(wording);
    YamlNode from = node;
    bool hasText = false;
    for (const PlaceholderUse& use : placeholdersIn(node.text)) {
        const QString written = node.text.mid(use.offset, use.length);
        const YamlNode place = placed(m_lines, written, from);
        hasText = hasText || use.name == u"text";
        if (known.contains(use.name)) continue;
        if (!written.endsWith(u"}}"_s))
            m_mistakes.error(place, "unclosed-placeholder", written,
                             u"A “{{” of template “%1” is not closed with “}}” on its line; it is "
                             "sent as written."_s.arg(nameOf(wording)));
        else
            m_mistakes.error(place, "unknown-placeholder", use.name,
                             u"Template “%1” has no placeholder “%2”; it is sent as written. It "
                             "knows %3.%4"_s.arg(nameOf(wording), use.name, known.join(u", "_s),
                                                 didYouMean(use.name, known)));
    }
    if (wording == Wording::Update && !hasText)
        m_mistakes.error(node, "missing-placeholder", u"text"_s,
                         u"Template “update” must hold {{text}}: what the commander writes."_s);
}

QString AnnouncementReader::readRunbookBase(const YamlNode& node) {
    if (node.isNull()) return {};
    const QUrl url(node.isScalar() ? node.text : QString(), QUrl::StrictMode);
    const bool isWeb = url.scheme() == u"https"_s || url.scheme() == u"http"_s;
    if (url.isValid() && isWeb && !url.host().isEmpty() && url.userInfo().isEmpty())
        return node.text;
    m_mistakes.error(node, "wrong-type", node.text,
                     u"“runbook_base” must be the web address of this workspace's folder, such as "
                     "https://github.com/acme/ops/blob/main/."_s);
    return {};
}

}  // namespace tocsin::workspace
