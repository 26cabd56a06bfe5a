#include "announcements/cardwording.h"

#include "announcements/marks.h"
#include "escalation/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

using escalation::Rung;
using escalation::RungState;
using incidents::Phase;

// Of the last update; the rest is read in the channel itself.
constexpr qsizetype kLongestExcerpt = 300;
constexpr qsizetype kMostKeys = 8;
constexpr Phase kPhases[] = {Phase::Acknowledge, Phase::Assess, Phase::Investigate, Phase::Resolve,
                             Phase::PostMortem};

QString capitalised(const QString& text) {
    return text.left(1).toUpper() + text.mid(1);
}

/// "✓ Acknowledge · ✓ Assess · **Investigate** · Resolve · Post-mortem".
QString phaseLine(const incidents::Incident& incident) {
    QStringList parts;
    for (const Phase phase : kPhases) {
        const QString name = capitalised(nameOf(phase));
        parts.append(phase < incident.phase    ? u"✓ "_s + name
                     : phase == incident.phase ? u"**%1**"_s.arg(name)
                                               : name);
    }
    return parts.join(u" · "_s);
}

QString keysOf(const incidents::Incident& incident) {
    QStringList keys;
    for (const QString& key : incident.keys.mid(0, kMostKeys))
        keys.append(outsideText(key, 80));
    if (incident.keys.size() > kMostKeys)
        keys.append(u"and %1 more"_s.arg(incident.keys.size() - kMostKeys));
    return keys.join(u", "_s);
}

QString runbookOf(const incidents::Incident& incident, const CardStyle& style) {
    if (incident.runbook.isEmpty()) return {};
    return linked(outsideText(style.links.titleOf(incident.runbook), 100),
                  style.links.ofName(incident.runbook));
}

/// The author's own Markdown, cut at a word and quoted, line by line.
QString excerpt(const QString& update) {
    QString text = update.trimmed();
    if (text.isEmpty()) return {};
    if (text.size() > kLongestExcerpt) {
        text.truncate(kLongestExcerpt);
        const qsizetype space = text.lastIndexOf(u' ');
        if (space > kLongestExcerpt / 2) text.truncate(space);
        text += u'…';
    }
    return u"> "_s + text.replace(u'\n', u"\n> "_s);
}

QString rungLine(const Rung& rung, bool isStopped) {
    const QString who = u"%1 %2"_s.arg(rung.level).arg(outsideText(rung.name, 80));
    switch (rung.state) {
        case RungState::Skipped:
            return u"~~%1~~ skipped"_s.arg(who);
        case RungState::Paged:
            return u"→ **%1** paged %2, not confirmed yet"_s.arg(who, moment(rung.pagedAt, u't'));
        case RungState::Delivered:
            return u"✓ **%1** paged %2"_s.arg(who, moment(rung.pagedAt, u't'));
        case RungState::Failed:
            return u"⚠ **%1** could not be reached %2"_s.arg(who, moment(rung.pagedAt, u't'));
        case RungState::Cancelled:
            return u"~~%1~~ not needed"_s.arg(who);
        case RungState::Waiting:
        case RungState::Held:
            break;
    }
    if (rung.quietUntil.isValid() && !isStopped)
        return u"%1 rests until %2 (quiet hours)"_s.arg(who, moment(rung.quietUntil, u't'));
    return isStopped ? u"%1 not paged"_s.arg(who) : u"%1 %2"_s.arg(who, moment(rung.dueAt, u'R'));
}

QString acknowledgedLine(const escalation::Ladder& ladder) {
    const QString when = moment(ladder.acknowledgedAt, u'R');
    const QString who =
        ladder.acknowledgedBy.isEmpty()
            ? u"Acknowledged %1"_s.arg(when)
            : u"Acknowledged by %1 %2"_s.arg(outsideText(ladder.acknowledgedBy, 80), when);
    return ladder.silentAt.isValid()
               ? u"%1; goes on %2 unless somebody acts"_s.arg(who, moment(ladder.silentAt, u'R'))
               : who + u": nobody further is paged"_s;
}

QString resolution(const CardFacts& facts) {
    const incidents::Incident& incident = facts.incident;
    if (incident.isOpen()) return {};
    const std::chrono::milliseconds took(incident.declaredAt.msecsTo(incident.resolvedAt));
    const QString when = u"✓ **Resolved** %1 after %2"_s.arg(moment(incident.resolvedAt, u't'),
                                                             escalation::spoken(took));
    return facts.fix.isEmpty() ? when : u"%1: %2"_s.arg(when, outsideText(facts.fix, 600));
}

void addField(Embed& card, const QString& name, const QString& value, bool inlined = true) {
    if (!value.isEmpty()) card.fields.append({name, value, inlined});
}

void addFields(Embed& card, const CardFacts& facts, const CardStyle& style) {
    const incidents::Incident& incident = facts.incident;
    addField(card, u"Declared"_s,
             moment(incident.declaredAt, u't') + u' ' + moment(incident.declaredAt, u'R'));
    addField(card, u"Commander"_s, outsideText(incident.commander, 80));
    if (incident.isOpen()) addField(card, u"Next update"_s, moment(facts.nextUpdate, u'R'));
    const qsizetype more = incident.alerts.size();
    addField(card, u"Alerts"_s,
             keysOf(incident) + (more > 1 ? u" (%1 attached)"_s.arg(more) : QString()));
    addField(card, u"Runbook"_s, runbookOf(incident, style));
    addField(card, u"Escalation"_s, ladderLines(facts.ladder), false);
}

}  // namespace

QString ladderLines(const escalation::Ladder& ladder) {
    QStringList lines;
    const bool isStopped = ladder.closed || ladder.acknowledgedAt.isValid();
    for (const Rung& rung : ladder.rungs)
        lines.append(rungLine(rung, isStopped));
    if (ladder.closed) return lines.join(u'\n');
    if (ladder.acknowledgedAt.isValid())
        lines.append(acknowledgedLine(ladder));
    else if (ladder.held)
        lines.append(u"Held until %1: %2"_s.arg(moment(ladder.heldUntil, u't'),
                                                outsideText(ladder.holdReason, 200)));
    return lines.join(u'\n');
}

QMap<QString, QString> incidentValues(const CardFacts& facts, const CardStyle& style) {
    const incidents::Incident& incident = facts.incident;
    const QString state = incident.isOpen() ? capitalised(nameOf(incident.phase)) : u"Resolved"_s;
    return {{u"incident"_s, incident.id},
            {u"title"_s, outsideText(incident.title)},
            {u"severity"_s, nameOf(incident.priority)},
            {u"phase"_s, state},
            {u"commander"_s, outsideText(incident.commander, 80)},
            {u"declared"_s, moment(incident.declaredAt, u't')},
            {u"keys"_s, keysOf(incident)},
            {u"runbook"_s, runbookOf(incident, style)},
            {u"phases"_s, incident.isOpen() ? phaseLine(incident) : QString()},
            {u"escalation"_s, ladderLines(facts.ladder)},
            {u"last_update"_s, excerpt(facts.lastUpdate)},
            {u"next_update"_s, incident.isOpen() ? moment(facts.nextUpdate, u'R') : QString()},
            {u"resolution"_s, resolution(facts)}};
}

Message cardMessage(const CardFacts& facts, const CardStyle& style) {
    const QString text = workspace::filled(style.wordings.of(workspace::Wording::Card),
                                           incidentValues(facts, style));
    Embed card;
    card.title = text.section(u'\n', 0, 0);
    card.description = text.section(u'\n', 1);
    card.color = facts.incident.isOpen() ? colorOf(facts.incident.priority) : kResolvedColor;
    card.url = style.links.ofName(facts.incident.runbook);
    addFields(card, facts, style);
    Message message;
    message.silent = true;
    message.embeds.append(card);
    return message;
}

}  // namespace tocsin::announcements
