#include "escalation/quiethours.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

const QString kClockTime = u"HH:mm"_s;

QString nameOfInstead(QuietHours::Instead instead) {
    switch (instead) {
        case QuietHours::Instead::Skip:
            return u"skip"_s;
        case QuietHours::Instead::OtherLevel:
            return u"level"_s;
        case QuietHours::Instead::Postpone:
            break;
    }
    return u"postpone"_s;
}

}  // namespace

std::optional<QDateTime> quietUntil(const QuietHours& hours, const QDateTime& at) {
    const QTimeZone zone(hours.zone.toUtf8());
    if (!zone.isValid() || !hours.from.isValid() || !hours.to.isValid()) return {};
    const QDate today = at.toTimeZone(zone).date();
    const bool overMidnight = hours.to <= hours.from;
    // The window that `at` lies in began today or yesterday.
    for (const QDate& day : {today, today.addDays(-1)}) {
        const QDateTime begins(day, hours.from, zone);
        const QDateTime ends(overMidnight ? day.addDays(1) : day, hours.to, zone);
        if (begins <= at && at < ends) return ends.toUTC();
    }
    return {};
}

QString spoken(const QuietHours& hours) {
    return u"%1–%2 %3"_s.arg(hours.from.toString(kClockTime), hours.to.toString(kClockTime),
                             hours.zone);
}

QString textOf(const std::optional<QuietHours>& hours) {
    if (!hours) return u""_s;
    return QString::fromUtf8(
        QJsonDocument(QJsonObject{{u"from"_s, hours->from.toString(kClockTime)},
                                  {u"to"_s, hours->to.toString(kClockTime)},
                                  {u"zone"_s, hours->zone},
                                  {u"instead"_s, nameOfInstead(hours->instead)},
                                  {u"level"_s, hours->level}})
            .toJson(QJsonDocument::Compact));
}

std::optional<QuietHours> quietHoursFromText(const QString& text) {
    if (text.isEmpty()) return {};
    const QJsonObject said = QJsonDocument::fromJson(text.toUtf8()).object();
    QuietHours hours;
    hours.from = QTime::fromString(said[u"from"_s].toString(), kClockTime);
    hours.to = QTime::fromString(said[u"to"_s].toString(), kClockTime);
    hours.zone = said[u"zone"_s].toString();
    hours.level = said[u"level"_s].toInt();
    for (const auto instead : {QuietHours::Instead::Skip, QuietHours::Instead::OtherLevel})
        if (said[u"instead"_s].toString() == nameOfInstead(instead)) hours.instead = instead;
    if (!hours.from.isValid() || !hours.to.isValid()) return {};
    return hours;
}

}  // namespace tocsin::escalation
