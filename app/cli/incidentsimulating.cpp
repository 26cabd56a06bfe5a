// tocsin incident simulate: who would be told when.
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "cli/incident.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "console/translation.h"
#include "escalation/simulation.h"
#include "escalation/wording.h"
#include "workspace/values.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

using escalation::Told;

Result<escalation::Question> questionOf(const CommandLine& line, const QDateTime& now) {
    escalation::Question question;
    question.declaredAt = now;
    if (line.isSet("severity")) {
        auto severity = incidents::priorityFromText(line.value("severity"));
        if (!severity) return tl::unexpected<Error>(severity.error());
        question.priority = *severity;
    }
    if (line.isSet("at")) {
        question.declaredAt = QDateTime::fromString(line.value("at"), Qt::ISODate).toUTC();
        if (!question.declaredAt.isValid())
            return fail(ErrorCode::Parse,
                        u"“%1” is not a time. Write it as 2026-01-31T22:30Z, or with an offset: "
                        "2026-01-31T22:30+01:00."_s.arg(line.value("at")));
    }
    for (const char* option : {"for", "ack-after"})
        if (line.isSet(option) && !workspace::durationFromText(line.value(option)))
            return fail(ErrorCode::Parse,
                        u"--%1 is a duration such as 30m."_s.arg(QString::fromLatin1(option)));
    if (line.isSet("for")) question.horizon = *workspace::durationFromText(line.value("for"));
    question.acknowledgedAfter = workspace::durationFromText(line.value("ack-after"));
    return question;
}

QJsonObject toJson(const Told& told) {
    return {{u"at"_s, told.at.toUTC().toString(Qt::ISODateWithMs)},
            {u"after_s"_s, static_cast<double>(told.after.count()) / 1000},
            {u"kind"_s, nameOf(told.kind)},
            {u"level"_s, told.level},
            {u"times"_s, told.times},
            {u"name"_s, told.name},
            {u"mention"_s, told.mention},
            {u"channel"_s, told.channel},
            {u"text"_s, told.text}};
}

void printAnswer(const QVector<Told>& lines, bool json) {
    if (json) {
        QJsonArray out;
        for (const Told& told : lines)
            out.append(toJson(told));
        return print(QJsonDocument(out));
    }
    if (lines.isEmpty()) return print(u"Nobody would be told: the ladder has no levels."_s);
    QVector<QStringList> rows{{u"AFTER"_s, u"AT"_s, u"WHAT"_s}};
    for (const Told& told : lines)
        rows.append({escalation::spoken(told.after), utc(told.at), told.text});
    print(table(rows));
}

int simulated(const CommandLine& line, Clock& clock) {
    const auto question = questionOf(line, clock.now());
    if (!question) {
        complain(question.error(), line.json());
        return WrongUsage;
    }
    const Inventory inventory(line.workspaceFolder(), clock);
    if (!inventory.reportMistakes(line.json())) return Failure;
    const auto policy = console::policyFrom(inventory.workspace().escalation);
    printAnswer(escalation::simulate(policy, *question), line.json());
    return policy.levels.isEmpty() ? Failure : Success;
}

}  // namespace

void simulateIncident(const CommandLine& line, Clock& clock, const Done& done) {
    const int status = simulated(line, clock);
    QMetaObject::invokeMethod(
        QCoreApplication::instance(), [done, status] { done(status); }, Qt::QueuedConnection);
}

}  // namespace tocsin::cli
