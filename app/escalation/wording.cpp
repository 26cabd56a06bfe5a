#include "escalation/wording.h"

#include "delivery/escape.h"
#include "workspace/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using delivery::escapeForPost;
using std::chrono::milliseconds;

constexpr qsizetype kLongestName = 200;
// Below this a level counts as on time.
constexpr milliseconds kLate{60 * 1000};
// The palette of severities, as numbers: a channel knows no theme.
constexpr int kRed = 0xe5484d, kOrange = 0xf5a623, kBlue = 0x3b82f6, kGreen = 0x30a46c;

QString shortened(const QString& text) {
    const QString line = text.simplified();
    return escapeForPost(line.size() > kLongestName ? line.left(kLongestName - 1) + u'…' : line);
}

/// Its name, as a link where others can read it.
QString runbookOf(const incidents::Incident& incident) {
    QString name = shortened(incident.runbook);
    if (!incident.runbookUrl.isValid()) return name;
    if (name.isEmpty())
        name = u"here"_s;  // the alert's own address, of a runbook not known by name
    // What would end the link early is encoded; "@" cannot be part of a mention then either.
    QString target = incident.runbookUrl.toString(QUrl::FullyEncoded);
    target.replace(u'(', u"%28"_s).replace(u')', u"%29"_s).replace(u'@', u"%40"_s);
    return u"[%1](%2)"_s.arg(name, target);
}

QString utc(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm"_s) + u" UTC"_s;
}

QString headline(const incidents::Incident& incident) {
    return u"**%1 %2**"_s.arg(nameOf(incident.priority), shortened(incident.title));
}

int colorOf(incidents::Priority priority) {
    switch (priority) {
        case incidents::Priority::P1:
            return kRed;
        case incidents::Priority::P2:
            return kOrange;
        case incidents::Priority::P3:
        case incidents::Priority::P4:
            break;
    }
    return kBlue;
}

Embed card(const incidents::Incident& incident) {
    Embed card;
    card.title =
        u"%1 · %2 %3"_s.arg(incident.id, nameOf(incident.priority), shortened(incident.title));
    card.color = colorOf(incident.priority);
    card.fields.append({u"Declared"_s, utc(incident.declaredAt), true});
    if (!incident.commander.isEmpty())
        card.fields.append({u"Commander"_s, shortened(incident.commander), true});
    if (!incident.keys.isEmpty())
        card.fields.append({u"Alerts"_s, shortened(incident.keys.join(u", "_s)), true});
    if (!incident.runbook.isEmpty())
        card.fields.append({u"Runbook"_s, shortened(incident.runbook), true});
    return card;
}

}  // namespace

QString roundOf(const incidents::Incident& incident) {
    return incident.reopenings == 0 ? incident.id
                                    : u"%1/reopened-%2"_s.arg(incident.id).arg(incident.reopenings);
}

QString cardEvent(const QString& incident) {
    return incident + u"/card"_s;
}

QString spoken(milliseconds duration) {
    const qint64 seconds = duration.count() / 1000;
    if (seconds < 60) return u"%1 s"_s.arg(seconds);
    const qint64 minutes = seconds / 60;
    if (minutes < 60) return u"%1 min"_s.arg(minutes);
    const qint64 days = minutes / (24 * 60);
    if (days >= 2) return u"%1 d"_s.arg(days);
    if (minutes % 60 == 0) return u"%1 h"_s.arg(minutes / 60);
    return u"%1 h %2 min"_s.arg(minutes / 60).arg(minutes % 60);
}

QString turnText(const Ladder& before, const Turn& turn) {
    const Rung rung = rungAt(before, turn.level) ? *rungAt(before, turn.level) : Rung();
    const QString level = u"level %1 %2"_s.arg(QString::number(rung.level), rung.name);
    const QString quiet = rung.quiet ? spoken(*rung.quiet) : QString();
    switch (turn.kind) {
        case Turn::Kind::HoldEnds:
            return u"hold is over"_s;
        case Turn::Kind::Silence:
            return u"nobody has done anything for %1 since %2 acknowledged: the ladder goes on"_s
                .arg(spoken(before.ackTimeout.value_or(milliseconds(0))), before.acknowledgedBy);
        case Turn::Kind::Postpone:
            return u"%1: quiet hours (%2), postponed to %3"_s.arg(level, quiet, utc(turn.until));
        case Turn::Kind::Skip:
            return u"%1: quiet hours (%2), skipped"_s.arg(level, quiet);
        case Turn::Kind::PageInstead:
            return u"%1: quiet hours (%2), level %3 is paged instead"_s.arg(
                level, quiet, QString::number(turn.page.level));
        case Turn::Kind::Page:
            break;
    }
    return u"%1 is paged"_s.arg(level);
}

QString clockText(const ClockMove& move, const QDateTime& now) {
    QStringList said;
    if (move.slept.count() != 0)
        said.append(u"this computer slept for %1: what fell due meanwhile is paged now"_s.arg(
            spoken(move.slept)));
    if (move.step.count() != 0)
        said.append(
            u"the clock was set %1 by %2 (%3 → %4): the deadlines moved with it, none comes early or late"_s
                .arg(move.step.count() > 0 ? u"forward"_s : u"back"_s, spoken(abs(move.step)),
                     utc(now.addMSecs(-move.step.count())), utc(now)));
    return said.join(u"; "_s);
}

QString pageEvent(const QString& round, const Page& page) {
    const QString first = u"%1/level-%2"_s.arg(round).arg(page.level);
    return page.times <= 1 ? first : u"%1/again-%2"_s.arg(first).arg(page.times);
}

namespace {

/// What else the page says: by hand, repeated, late.
QStringList notesOf(const Page& page, const QDateTime& now, const PageExtras& extras) {
    QStringList notes;
    if (page.byHand) notes.append(u"escalated by hand"_s);
    if (page.times > 1)
        notes.append(extras.whyAgain.isEmpty()
                         ? u"page %1"_s.arg(page.times)
                         : u"page %1, %2"_s.arg(page.times).arg(shortened(extras.whyAgain)));
    const milliseconds late(page.dueAt.msecsTo(now));
    if (late >= kLate) notes.append(u"late by %1"_s.arg(spoken(late)));
    return notes;
}

// A page leaves as one post, whatever its template says.
constexpr qsizetype kLongestPage = 1600;

/// The page in the workspace's own words.
QString wordedPage(const incidents::Incident& incident, const Rung& rung, const QStringList& notes,
                   const QString& wording) {
    const QString said = workspace::filled(
        wording, {{u"incident"_s, incident.id},
                  {u"title"_s, shortened(incident.title)},
                  {u"severity"_s, nameOf(incident.priority)},
                  {u"phase"_s, nameOf(incident.phase)},
                  {u"commander"_s, shortened(incident.commander)},
                  {u"declared"_s, utc(incident.declaredAt)},
                  {u"keys"_s, shortened(incident.keys.join(u", "_s))},
                  {u"runbook"_s, runbookOf(incident)},
                  {u"level"_s, QString::number(rung.level)},
                  {u"level_name"_s, shortened(rung.name)},
                  {u"notes"_s, notes.isEmpty() ? QString() : u" · "_s + notes.join(u" · "_s)}});
    return said.left(kLongestPage);
}

}  // namespace

Message pageMessage(const incidents::Incident& incident, const Rung& rung, const Page& page,
                    const QDateTime& now, const PageExtras& extras) {
    Message message;
    message.event = pageEvent(roundOf(incident), page);
    QStringList parts{
        u"%1 — level %2 %3"_s.arg(headline(incident)).arg(rung.level).arg(shortened(rung.name)),
        u"%1 declared %2"_s.arg(incident.id, utc(incident.declaredAt))};
    const QString runbook = runbookOf(incident);
    if (!runbook.isEmpty()) parts.append(u"runbook "_s + runbook);
    const QStringList notes = notesOf(page, now, extras);
    message.text = extras.wording.isEmpty() ? (parts + notes).join(u" · "_s)
                                            : wordedPage(incident, rung, notes, extras.wording);
    if (!rung.mention.isEmpty()) message.mentions.append(rung.mention);
    if (extras.withCard) message.embeds.append(card(incident));
    return message;
}

Message declaredMessage(const incidents::Incident& incident) {
    Message message;
    message.event = incident.id + u"/declared"_s;
    message.text =
        u"%1 — %2 declared %3"_s.arg(headline(incident), incident.id, utc(incident.declaredAt));
    message.embeds.append(card(incident));
    return message;
}

Message resolvedMessage(const incidents::Incident& incident, const QString& by,
                        const QString& whatFixedIt, const QDateTime& now) {
    Message message;
    message.event = roundOf(incident) + u"/resolved"_s;
    message.text = u"%1 — %2 resolved %3 by %4 after %5"_s.arg(
        headline(incident), incident.id, utc(now), shortened(by),
        spoken(milliseconds(incident.declaredAt.msecsTo(now))));
    Embed card;
    card.title = incident.id + u" resolved"_s;
    card.color = kGreen;
    constexpr qsizetype kLongestCause = 1000;
    card.description = escapeForPost(whatFixedIt.left(kLongestCause));
    if (!card.description.isEmpty()) message.embeds.append(card);
    return message;
}

Message reopenedMessage(const incidents::Incident& incident, const QString& by,
                        const QString& reason, const QDateTime& now) {
    Message message;
    message.event = roundOf(incident);
    const QString why = reason.isEmpty() ? QString() : u": "_s + shortened(reason);
    message.text = u"%1 — %2 reopened %3 by %4%5"_s.arg(headline(incident), incident.id, utc(now),
                                                        shortened(by), why);
    return message;
}

Message mergedMessage(const incidents::Incident& incident, const incidents::Incident& into,
                      const QString& by) {
    Message message;
    message.event = roundOf(incident) + u"/merged"_s;
    message.text = u"%1 — %2 goes on as %3 %4, merged by %5"_s.arg(
        headline(incident), incident.id, into.id, shortened(into.title), shortened(by));
    return message;
}

Message handOverMessage(const incidents::Incident& incident, const QString& from,
                        const QString& state, const QDateTime& now) {
    Message message;
    message.event = u"%1/command-%2"_s.arg(incident.id).arg(now.toMSecsSinceEpoch());
    const QString whose = from.isEmpty() ? QString() : u" from "_s + shortened(from);
    message.text = u"%1 — %2 takes command of %3%4"_s.arg(
        headline(incident), shortened(incident.commander), incident.id, whose);
    constexpr qsizetype kLongestState = 1200;
    if (!state.isEmpty()) message.text += u"\n"_s + escapeForPost(state.left(kLongestState));
    return message;
}

}  // namespace tocsin::escalation
