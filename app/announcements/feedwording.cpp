#include "announcements/feedwording.h"

#include "announcements/marks.h"
#include "escalation/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

constexpr qsizetype kMostRest = 15;
constexpr qsizetype kMostSources = 6;

QString stateOf(const FeedGroup& group) {
    QStringList parts;
    if (group.firing > 0) parts.append(u"%1 firing"_s.arg(group.firing));
    if (group.unknown > 0) parts.append(u"%1 not known"_s.arg(group.unknown));
    if (parts.isEmpty()) parts.append(u"%1 silenced"_s.arg(group.silenced));
    return parts.join(u", "_s);
}

QString notesOf(const FeedGroup& group) {
    QStringList notes;
    if (group.unknown > 0)
        notes.append(u"%1 as last known: the source does not answer."_s.arg(group.unknown));
    if (group.silenced > 0 && group.isLive())
        notes.append(u"%1 more silenced."_s.arg(group.silenced));
    else if (group.silenced > 0 && !group.silencedBy.isEmpty())
        notes.append(u"Silenced by %1 until %2."_s.arg(outsideText(group.silencedBy, 80),
                                                       moment(group.silencedUntil, u't')));
    if (group.worst == Severity::Unknown) notes.append(u"Its severity is not known."_s);
    return notes.join(u' ');
}

QString sourcesOf(const FeedGroup& group) {
    QStringList names;
    for (const QString& name : group.sources.mid(0, kMostSources))
        names.append(outsideText(name, 60));
    if (group.sources.size() > kMostSources) names.append(u"…"_s);
    return names.join(u", "_s);
}

QString runbookOf(const FeedGroup& group) {
    if (!group.runbook.isValid()) return {};
    const QString name = group.runbookTitle.isEmpty() ? group.runbook.host() : group.runbookTitle;
    return linked(outsideText(name, 100), group.runbook);
}

QMap<QString, QString> groupValues(const FeedGroup& group) {
    return {{u"key"_s, outsideText(group.key, 100)},
            {u"shape"_s, shapeOf(group.worst)},
            {u"count"_s, QString::number(group.firing)},
            {u"severity"_s, nameOf(group.worst)},
            {u"state"_s, stateOf(group)},
            {u"since"_s, moment(group.since, u'R')},
            {u"summary"_s, outsideText(group.summary, 300)},
            {u"which"_s, outsideText(group.which, 200)},
            {u"sources"_s, sourcesOf(group)},
            {u"runbook"_s, runbookOf(group)},
            {u"notes"_s, notesOf(group)}};
}

Embed embedFrom(const QString& text, int color, const QUrl& url) {
    Embed embed;
    embed.title = text.section(u'\n', 0, 0);
    embed.description = text.section(u'\n', 1);
    embed.color = color;
    embed.url = url;
    return embed;
}

Message messageOf(const Embed& embed, bool silent) {
    Message message;
    message.silent = silent;
    message.embeds.append(embed);
    return message;
}

QString spokenSince(const QDateTime& since, const QDateTime& now) {
    return escalation::spoken(std::chrono::milliseconds(std::max<qint64>(0, since.msecsTo(now))));
}

}  // namespace

bool isLoud(Severity severity, const FeedStyle& style) {
    return severity == Severity::Unknown || severity <= style.silentBelow;
}

Message groupMessage(const FeedGroup& group, const FeedStyle& style) {
    const QString text =
        workspace::filled(style.wordings.of(workspace::Wording::Feed), groupValues(group));
    const int color = group.firing > 0 ? colorOf(group.worst) : kUnknownColor;
    Embed embed = embedFrom(text, color, group.runbook);
    embed.fields.append({u"Since"_s, moment(group.since, u't') + u' ' + moment(group.since, u'R')});
    embed.fields.append({u"Severity"_s, nameOf(group.worst)});
    embed.fields.append({u"Source"_s, sourcesOf(group)});
    if (const QString runbook = runbookOf(group); !runbook.isEmpty())
        embed.fields.append({u"Runbook"_s, runbook});
    return messageOf(embed, !isLoud(group.worst, style));
}

Message endedMessage(const FeedGroup& last, const QDateTime& now, const FeedStyle& style) {
    QMap<QString, QString> values = groupValues(last);
    values[u"shape"_s] = u"✓"_s;
    values[u"state"_s] = u"resolved"_s;
    values[u"notes"_s] = u"Resolved %1 after %2; it was %3."_s.arg(
        moment(now, u't'), spokenSince(last.since, now), nameOf(last.worst));
    const QString text = workspace::filled(style.wordings.of(workspace::Wording::Feed), values);
    return messageOf(embedFrom(text, kResolvedColor, last.runbook), true);
}

Message continuedMessage(const FeedGroup& group, const FeedStyle& style) {
    QMap<QString, QString> values = groupValues(group);
    values[u"notes"_s] =
        u"It became %1 and goes on in a message of its own below."_s.arg(nameOf(group.worst));
    const QString text = workspace::filled(style.wordings.of(workspace::Wording::Feed), values);
    return messageOf(embedFrom(text, kUnknownColor, group.runbook), true);
}

Message restMessage(const QVector<FeedGroup>& rest) {
    qsizetype alerts = 0;
    QStringList lines;
    for (const FeedGroup& group : rest) {
        alerts += group.firing + group.unknown;
        if (lines.size() < kMostRest)
            lines.append(u"%1 %2 · %3"_s.arg(shapeOf(group.worst), outsideText(group.key, 100),
                                             stateOf(group)));
    }
    if (rest.size() > kMostRest)
        lines.append(u"… and %1 more; the console lists all."_s.arg(rest.size() - kMostRest));
    Embed embed;
    embed.title = u"%1 more keys · %2 alerts"_s.arg(rest.size()).arg(alerts);
    embed.description = lines.join(u'\n');
    embed.color = rest.isEmpty() ? kResolvedColor : colorOf(rest.first().worst);
    return messageOf(embed, true);
}

Message restEndedMessage(const QDateTime& now) {
    Embed embed;
    embed.title = u"No more keys without a message of their own"_s;
    embed.description = u"Since %1."_s.arg(moment(now, u't'));
    embed.color = kResolvedColor;
    return messageOf(embed, true);
}

Message sourceMessage(const alerts::SourceHealth& health, const QDateTime& since) {
    Embed embed;
    embed.title = u"? %1 does not answer"_s.arg(outsideText(health.name, 100));
    QStringList lines{u"What it watches is **not known** since %1 (%2)."_s.arg(
        moment(since, u't'), moment(since, u'R'))};
    if (health.alertCount > 0)
        lines.append(u"Its %1 alerts are kept as last known."_s.arg(health.alertCount));
    if (!health.error.message.isEmpty()) lines.append(outsideText(health.error.message, 300));
    embed.description = lines.join(u'\n');
    embed.color = kUnknownColor;
    return messageOf(embed, false);
}

Message sourceBackMessage(const QString& source, const QDateTime& since, const QDateTime& now) {
    Embed embed;
    embed.title = u"✓ %1 answers again"_s.arg(outsideText(source, 100));
    embed.description =
        u"Since %1; it was not known for %2."_s.arg(moment(now, u't'), spokenSince(since, now));
    embed.color = kResolvedColor;
    return messageOf(embed, true);
}

}  // namespace tocsin::announcements
