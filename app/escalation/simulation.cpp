#include "escalation/simulation.h"

#include "escalation/turn.h"
#include "escalation/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using std::chrono::milliseconds;

constexpr qsizetype kMostLines = 500;
const QString kSomebody = u"somebody"_s;

Told lineAt(const Question& question, const QDateTime& now, Told::Kind kind, const QString& text) {
    Told line;
    line.kind = kind;
    line.at = now;
    line.after = milliseconds(question.declaredAt.msecsTo(now));
    line.text = text;
    return line;
}

void nameRung(Told& line, const Ladder& ladder, int level) {
    const Rung* rung = rungAt(ladder, level);
    if (!rung) return;
    line.level = level;
    line.name = rung->name;
    line.mention = rung->mention;
    line.channel = rung->channel;
}

Told pageLine(const Question& question, const Ladder& ladder, const Page& page,
              const QDateTime& now) {
    Told line = lineAt(question, now, Told::Kind::Page, {});
    nameRung(line, ladder, page.level);
    line.times = page.times;
    const QString again = page.times > 1 ? u" again"_s : QString();
    const QString place = line.channel.isEmpty() ? QString() : u" in #"_s + line.channel;
    const QString what = line.mention.isEmpty()
                             ? u"posted%1%2, calling nobody"_s.arg(again, place)
                             : u"@%1 is paged%2%3"_s.arg(line.mention, again, place);
    line.text = u"level %1 %2: %3"_s.arg(QString::number(line.level), line.name, what);
    return line;
}

Told turnLine(const Question& question, const Ladder& ladder, const Turn& turn,
              const QDateTime& now) {
    const Told::Kind kind = turn.kind == Turn::Kind::Postpone  ? Told::Kind::Postpone
                            : turn.kind == Turn::Kind::Silence ? Told::Kind::Resume
                                                               : Told::Kind::Skip;
    Told line = lineAt(question, now, kind, turnText(ladder, turn));
    nameRung(line, ladder, turn.level);
    return line;
}

void takeAll(QVector<Told>& lines, Ladder& ladder, const Question& question, const QDateTime& now) {
    while (const auto turn = nextTurn(ladder, now)) {
        if (turn->kind != Turn::Kind::Page) lines.append(turnLine(question, ladder, *turn, now));
        if (pages(*turn)) lines.append(pageLine(question, ladder, turn->page, now));
        ladder = taken(ladder, *turn, {}, now);
    }
}

}  // namespace

QString nameOf(Told::Kind kind) {
    switch (kind) {
        case Told::Kind::Postpone:
            return u"postpone"_s;
        case Told::Kind::Skip:
            return u"skip"_s;
        case Told::Kind::Acknowledge:
            return u"acknowledge"_s;
        case Told::Kind::Resume:
            return u"resume"_s;
        case Told::Kind::Page:
            break;
    }
    return u"page"_s;
}

QVector<Told> simulate(const Policy& policy, const Question& question) {
    QVector<Told> lines;
    Ladder ladder = plan(policy, {}, question.priority, question.declaredAt);
    const QDateTime end = question.declaredAt.addMSecs(question.horizon.count());
    QDateTime acknowledge;
    if (question.acknowledgedAfter)
        acknowledge = question.declaredAt.addMSecs(question.acknowledgedAfter->count());
    QDateTime now = question.declaredAt;
    while (now <= end && lines.size() < kMostLines) {
        if (acknowledge.isValid() && acknowledge <= now) {
            ladder = acknowledged(ladder, kSomebody, now, ladder.ackTimeout);
            lines.append(lineAt(question, now, Told::Kind::Acknowledge,
                                u"%1 acknowledges"_s.arg(kSomebody)));
            acknowledge = {};
        }
        takeAll(lines, ladder, question, now);
        const QDateTime next = nextDeadline(ladder);
        if (!next.isValid() && !acknowledge.isValid()) break;
        now = !next.isValid()          ? acknowledge
              : !acknowledge.isValid() ? next
                                       : std::min(next, acknowledge);
    }
    return lines;
}

}  // namespace tocsin::escalation
