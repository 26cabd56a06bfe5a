#include "workspace/escalationreader.h"

#include <algorithm>

#include "workspace/fieldvalue.h"
#include "workspace/keys.h"
#include "workspace/nearest.h"
#include "workspace/quietreader.h"
#include "workspace/values.h"

namespace tocsin::workspace {

EscalationEntry EscalationReader::read(const YamlNode& node) {
    EscalationEntry policy;
    if (node.isNull()) return policy;
    if (!node.isMap()) {
        m_mistakes.error(
            node, "wrong-type", node.text,
            QStringLiteral("“escalation” must be a map with channel, levels and start, "
                           "not %1.")
                .arg(node.kindName()));
        return policy;
    }
    reportUnknownKeys(m_mistakes, node, QStringLiteral("escalation"),
                      {QStringLiteral("channel"), QStringLiteral("levels"), QStringLiteral("start"),
                       QStringLiteral("ack_timeout")});
    const YamlNode* channel = node.find(QStringLiteral("channel"));
    if (channel && !channel->isNull()) policy.channel = readChannel(*channel);
    // With one channel there is only one place a page can go.
    if (policy.channel.isEmpty() && m_channels.size() == 1)
        policy.channel = m_channels.first().settings.name;
    if (!channel && policy.channel.isEmpty())
        m_mistakes.error(node, "missing-key", QStringLiteral("channel"),
                         QStringLiteral("“escalation” needs a channel: the name of one under "
                                        "“channels”. Until then nobody is paged."));
    if (const YamlNode* levels = node.find(QStringLiteral("levels"))) {
        readLevels(policy, *levels);
        readQuiet(policy, *levels);
    }
    readAckTimeout(policy, node);
    if (const YamlNode* start = node.find(QStringLiteral("start"))) readStart(policy, *start);
    return policy;
}

QString EscalationReader::readChannel(const YamlNode& node) {
    if (node.isScalar() && m_names.contains(node.text)) return node.text;
    m_mistakes.error(node, "unknown-channel", node.text,
                     QStringLiteral("There is no channel “%1” under “channels”.%2")
                         .arg(node.text, didYouMean(node.text, m_names)));
    return {};
}

void EscalationReader::readLevels(EscalationEntry& policy, const YamlNode& list) {
    if (!list.isSequence()) {
        m_mistakes.error(
            list, "wrong-type", list.text,
            QStringLiteral("“levels” must be a list of {name, after, mention}, not %1.")
                .arg(list.kindName()));
        return;
    }
    for (const YamlNode& item : list.items) {
        if (item.isMap()) {
            policy.levels.append(readLevel(item, policy));
            continue;
        }
        m_mistakes.error(item, "wrong-type", item.text,
                         QStringLiteral("A level is a map {name, after, mention}, not %1.")
                             .arg(item.kindName()));
    }
}

LevelEntry EscalationReader::readLevel(const YamlNode& node, const EscalationEntry& policy) {
    reportUnknownKeys(m_mistakes, node, QStringLiteral("a level"),
                      {QStringLiteral("name"), QStringLiteral("after"), QStringLiteral("mention"),
                       QStringLiteral("channel"), QStringLiteral("repeat"), QStringLiteral("until"),
                       QStringLiteral("quiet")});
    LevelEntry level;
    level.name = textOf(node, QStringLiteral("name"));
    if (level.name.isEmpty()) level.name = QStringLiteral("Level %1").arg(policy.levels.size() + 1);
    if (const YamlNode* channel = node.find(QStringLiteral("channel"));
        channel && !channel->isNull())
        level.channel = readChannel(*channel);
    readAfter(level, node, policy);
    readRepeat(level, node);
    readUntil(level, node);
    readMention(level, node, level.channel.isEmpty() ? policy.channel : level.channel);
    return level;
}

void EscalationReader::readAfter(LevelEntry& level, const YamlNode& node,
                                 const EscalationEntry& policy) {
    const auto before =
        policy.levels.isEmpty() ? std::chrono::milliseconds{0} : policy.levels.last().after;
    const YamlNode* after = node.find(QStringLiteral("after"));
    const auto duration = after && after->isScalar() ? durationFromText(after->text) : std::nullopt;
    if (!duration) {
        level.after = before;
        m_mistakes.error(
            after ? *after : node, after ? "bad-duration" : "missing-key",
            after ? after->text : QStringLiteral("after"),
            QStringLiteral("“%1” needs “after”: a duration such as 0m, 15m or 1h. Until "
                           "it has one it is paged together with the level before it.")
                .arg(level.name));
        return;
    }
    level.after = *duration;
    if (level.after < before)
        m_mistakes.warning(
            *after, "level-order", after->text,
            QStringLiteral("“%1” comes due before the level above it. Order the levels "
                           "by “after”.")
                .arg(level.name));
}

void EscalationReader::readRepeat(LevelEntry& level, const YamlNode& node) {
    const YamlNode* repeat = node.find(QStringLiteral("repeat"));
    if (!repeat || repeat->isNull()) return;
    const auto duration = repeat->isScalar() ? durationFromText(repeat->text) : std::nullopt;
    if (duration && *duration > std::chrono::milliseconds{0}) {
        level.repeat = duration;
        return;
    }
    m_mistakes.error(
        *repeat, "bad-duration", repeat->text,
        QStringLiteral("“repeat” must be a duration such as 15m%2. Until it is one, “%1” is "
                       "paged once.")
            .arg(level.name, notWhatIs(*repeat)));
}

void EscalationReader::readUntil(LevelEntry& level, const YamlNode& node) {
    const YamlNode* until = node.find(QStringLiteral("until"));
    if (!until || until->isNull()) return;
    level.untilResolved = until->text == QLatin1String("resolved");
    if (level.untilResolved || until->text == QLatin1String("acknowledged")) return;
    m_mistakes.error(*until, "bad-choice", until->text,
                     QStringLiteral("“until” is acknowledged or resolved, not “%1”; “%2” counts as "
                                    "acknowledged.")
                         .arg(until->text, level.name));
}

void EscalationReader::readAckTimeout(EscalationEntry& policy, const YamlNode& node) {
    const YamlNode* timeout = node.find(QStringLiteral("ack_timeout"));
    if (!timeout || timeout->isNull()) return;
    const auto duration = timeout->isScalar() ? durationFromText(timeout->text) : std::nullopt;
    if (duration && *duration > std::chrono::milliseconds{0}) {
        policy.ackTimeout = duration;
        return;
    }
    m_mistakes.error(
        *timeout, "bad-duration", timeout->text,
        QStringLiteral("“ack_timeout” must be a duration such as 30m%1. Until it is one, "
                       "an acknowledgement stands however long nobody does anything.")
            .arg(notWhatIs(*timeout)));
}

void EscalationReader::readQuiet(EscalationEntry& policy, const YamlNode& levels) {
    if (!levels.isSequence()) return;
    const QuietReader reader(m_mistakes, static_cast<int>(policy.levels.size()));
    qsizetype place = 0;
    for (const YamlNode& item : levels.items) {
        if (!item.isMap() || place >= policy.levels.size()) continue;
        LevelEntry& level = policy.levels[place++];
        const YamlNode* quiet = item.find(QStringLiteral("quiet"));
        if (quiet && !quiet->isNull()) level.quiet = reader.read(*quiet, level.name);
    }
}

void EscalationReader::readMention(LevelEntry& level, const YamlNode& node,
                                   const QString& channel) {
    const QString mention = textOf(node, QStringLiteral("mention"));
    if (mention.isEmpty()) return;
    for (const Entry& entry : m_channels) {
        if (entry.settings.name != channel) continue;
        const QStringList known = entry.settings.map(QStringLiteral("mentions")).keys();
        if (known.contains(mention)) break;
        m_mistakes.error(*node.find(QStringLiteral("mention")), "unknown-mention", mention,
                         QStringLiteral("Channel “%1” has no mention “%2”; “%3” is posted without "
                                        "calling anybody.%4")
                             .arg(channel, mention, level.name, didYouMean(mention, known)));
        return;
    }
    level.mention = mention;
    checkFallback(level, *node.find(QStringLiteral("mention")), channel);
}

/// Diverted pages are posted without the mention that the other channel does not have.
void EscalationReader::checkFallback(const LevelEntry& level, const YamlNode& mention,
                                     const QString& channel) {
    const auto named = [this](const QString& name) {
        return std::find_if(m_channels.begin(), m_channels.end(),
                            [&](const Entry& entry) { return entry.settings.name == name; });
    };
    const auto own = named(channel);
    if (own == m_channels.end()) return;
    const auto other = named(own->settings.text(QStringLiteral("fallback")));
    if (other == m_channels.end()) return;
    const QStringList known = other->settings.map(QStringLiteral("mentions")).keys();
    if (known.contains(level.mention)) return;
    m_mistakes.warning(
        mention, "fallback-mention", level.mention,
        QStringLiteral("Channel “%1”, the fallback of “%2”, has no mention “%3”: while “%2” is "
                       "stopped, “%4” is posted there without calling anybody. Add it there too.")
            .arg(other->settings.name, channel, level.mention, level.name));
}

void EscalationReader::readStart(EscalationEntry& policy, const YamlNode& map) {
    if (map.isNull()) return;
    if (!map.isMap()) {
        m_mistakes.error(
            map, "wrong-type", map.text,
            QStringLiteral("“start” must be a map such as {P1: 2}, not %1.").arg(map.kindName()));
        return;
    }
    const QStringList priorities{QStringLiteral("P1"), QStringLiteral("P2"), QStringLiteral("P3"),
                                 QStringLiteral("P4")};
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const YamlNode& key = map.keys[i];
        const YamlNode& value = map.items[i];
        bool ok = false;
        const int level = value.text.toInt(&ok);
        if (!priorities.contains(key.text)) {
            m_mistakes.error(
                key, "unknown-key", key.text,
                QStringLiteral("“start” knows P1, P2, P3 and P4, not “%1”.").arg(key.text));
        } else if (!ok || level < 1 || level > policy.levels.size()) {
            m_mistakes.error(
                value, "bad-start", value.text,
                QStringLiteral("“%1” must begin at a level from 1 to %2%3; it begins at 1 "
                               "until then.")
                    .arg(key.text)
                    .arg(policy.levels.size())
                    .arg(notWhatIs(value)));
        } else {
            policy.start.insert(key.text, level);
        }
    }
}

QString EscalationReader::textOf(const YamlNode& node, const QString& key) {
    const YamlNode* value = node.find(key);
    if (!value || value->isNull()) return {};
    if (value->isScalar()) return value->text.trimmed();
    m_mistakes.error(*value, "wrong-type", {},
                     QStringLiteral("“%1” must be text, not %2.").arg(key, value->kindName()));
    return {};
}

}  // namespace tocsin::workspace
