#include "announcements/drafting.h"

#include "announcements/cardwording.h"
#include "announcements/marks.h"
#include "escalation/wording.h"
#include "incidents/commanderclock.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

using incidents::Event;
using incidents::Incident;
using incidents::UpdateRhythm;

constexpr qsizetype kMostLines = 8;

QDateTime nextAfterThis(const Incident& incident, const QDateTime& now,
                        const UpdateRhythm& rhythm) {
    Incident updated = incident;
    updated.lastUpdateAt = now;
    return incidents::nextUpdateDue(updated, now, rhythm);
}

QString nextLine(const Incident& incident, const QDateTime& now, const UpdateRhythm& rhythm) {
    const QDateTime next = nextAfterThis(incident, now, rhythm);
    return next.isValid() ? u"\nNext update %1."_s.arg(moment(next, u't')) : QString();
}

QString howLong(const Incident& incident, const QDateTime& now) {
    return escalation::spoken(
        std::chrono::milliseconds(std::max<qint64>(0, incident.declaredAt.msecsTo(now))));
}

/// Whether people outside want to know; what the machine tells itself is left out.
bool isNews(const Event& event) {
    static const QStringList told{u"note"_s,      u"query"_s,    u"step"_s,      u"probe"_s,
                                  u"redis"_s,     u"http"_s,     u"phase"_s,     u"attached"_s,
                                  u"escalated"_s, u"priority"_s, u"commander"_s, u"acknowledged"_s,
                                  u"change"_s,    u"task"_s};
    return told.contains(event.kind);
}

}  // namespace

QString nameOf(Canned canned) {
    switch (canned) {
        case Canned::Investigating:
            return u"Investigating"_s;
        case Canned::Identified:
            return u"Identified"_s;
        case Canned::Monitoring:
            return u"Monitoring"_s;
        case Canned::Resolved:
            break;
    }
    return u"Resolved"_s;
}

QString cannedUpdate(Canned canned, const Incident& incident, const QDateTime& now,
                     const UpdateRhythm& rhythm) {
    const QString title = outsideText(incident.title);
    switch (canned) {
        case Canned::Investigating:
            return u"**Investigating**: %1. We are looking for the cause. Users may notice: …"_s
                       .arg(title) +
                   nextLine(incident, now, rhythm);
        case Canned::Identified:
            return u"**Identified**: the cause of “%1” is … We are doing …"_s.arg(title) +
                   nextLine(incident, now, rhythm);
        case Canned::Monitoring:
            return u"**Monitoring**: “%1” is mended by … We watch whether it stays so."_s.arg(
                       title) +
                   nextLine(incident, now, rhythm);
        case Canned::Resolved:
            break;
    }
    return u"**Resolved**: %1, after %2. It was mended by … No further updates."_s.arg(
        title, howLong(incident, now));
}

QString draftUpdate(const Incident& incident, const QVector<Event>& timeline, const QDateTime& now,
                    const UpdateRhythm& rhythm) {
    const QDateTime since =
        incident.lastUpdateAt.isValid() ? incident.lastUpdateAt : incident.declaredAt;
    QStringList lines;
    for (const Event& event : timeline) {
        if (event.at < since || !isNews(event)) continue;
        const QString line = u"- %1 %2"_s.arg(moment(event.at, u't'), outsideText(event.text, 160));
        if (lines.isEmpty() || lines.last() != line) lines.append(line);
    }
    const qsizetype more = lines.size() - kMostLines;
    if (more > 0) lines = QStringList{u"- … and %1 steps before"_s.arg(more)} + lines.mid(more);
    if (lines.isEmpty()) lines.append(u"- nothing new since %1"_s.arg(moment(since, u't')));
    return u"%1 %2, for %3 now, phase: %4.\n%5"_s.arg(
               nameOf(incident.priority), outsideText(incident.title), howLong(incident, now),
               nameOf(incident.phase), lines.join(u'\n')) +
           nextLine(incident, now, rhythm);
}

QString wordedUpdate(const QString& text, const Incident& incident, int number,
                     const QDateTime& now, const workspace::Wordings& wordings,
                     const UpdateRhythm& rhythm) {
    if (incident.id.isEmpty()) return text;
    const QString wording = wordings.of(workspace::Wording::Update);
    CardFacts facts;
    facts.incident = incident;
    facts.nextUpdate = nextAfterThis(incident, now, rhythm);
    QMap<QString, QString> values = incidentValues(facts, {});
    values.insert(u"number"_s, QString::number(number));
    values.insert(u"text"_s, text);
    const auto uses = workspace::placeholdersIn(wording);
    const bool holdsText =
        std::any_of(uses.begin(), uses.end(), [](const auto& use) { return use.name == u"text"; });
    const QString said = workspace::filled(wording, values);
    return holdsText ? said : said + u'\n' + text;
}

}  // namespace tocsin::announcements
