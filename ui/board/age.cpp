#include "ui/board/age.h"

#include <algorithm>

namespace tocsin::ui {
namespace {

constexpr qint64 kMinute = 60;
constexpr qint64 kHour = 3600;
constexpr qint64 kDay = 86400;

QString twoDigits(qint64 number) {
    return QString::number(number).rightJustified(2, QLatin1Char('0'));
}

QString amount(qint64 number, const QString& unit) {
    return number == 1 ? QStringLiteral("1 %1").arg(unit)
                       : QStringLiteral("%1 %2s").arg(number).arg(unit);
}

}  // namespace

QString ageText(const QDateTime& since, const QDateTime& now) {
    if (!since.isValid()) return {};
    const qint64 seconds = std::max<qint64>(0, since.secsTo(now));
    if (seconds < kHour)
        return QStringLiteral("%1:%2").arg(seconds / kMinute).arg(twoDigits(seconds % kMinute));
    if (seconds < kDay)
        return QStringLiteral("%1:%2:%3")
            .arg(seconds / kHour)
            .arg(twoDigits(seconds % kHour / kMinute), twoDigits(seconds % kMinute));
    return QStringLiteral("%1 d %2 h").arg(seconds / kDay).arg(seconds % kDay / kHour);
}

QString spokenAge(const QDateTime& since, const QDateTime& now) {
    if (!since.isValid()) return QStringLiteral("an unknown time");
    const qint64 seconds = std::max<qint64>(0, since.secsTo(now));
    if (seconds < kMinute) return amount(seconds, QStringLiteral("second"));
    if (seconds < kHour) return amount(seconds / kMinute, QStringLiteral("minute"));
    if (seconds < kDay) return amount(seconds / kHour, QStringLiteral("hour"));
    return amount(seconds / kDay, QStringLiteral("day"));
}

QString countdownText(const QDateTime& at, const QDateTime& now) {
    const qint64 seconds = now.secsTo(at);
    if (seconds <= 0) return QStringLiteral("now");
    if (seconds < 2 * kMinute) return QStringLiteral("%1 s").arg(seconds);
    return QStringLiteral("%1 min").arg((seconds + kMinute - 1) / kMinute);
}

}  // namespace tocsin::ui
