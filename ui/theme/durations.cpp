#include "ui/theme/durations.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

namespace {
qint64 wholeSeconds(std::chrono::milliseconds span) {
    return std::chrono::floor<std::chrono::seconds>(std::max(span, std::chrono::milliseconds(0)))
        .count();
}
QString twoDigits(qint64 number) {
    return u"%1"_s.arg(number, 2, 10, QChar(u'0'));
}
}  // namespace

QString ageText(std::chrono::milliseconds age) {
    const qint64 seconds = wholeSeconds(age);
    if (seconds < 60) return u"%1 s"_s.arg(seconds);
    if (seconds < 3600) return u"%1 m"_s.arg(seconds / 60);
    if (seconds < 48 * 3600) return u"%1 h"_s.arg(seconds / 3600);
    return u"%1 d"_s.arg(seconds / 86400);
}

QString countdownText(std::chrono::milliseconds left) {
    const qint64 seconds = wholeSeconds(left < std::chrono::milliseconds::zero() ? -left : left);
    const QString tail = twoDigits(seconds % 60);
    if (seconds < 3600) return u"%1:%2"_s.arg(seconds / 60).arg(tail);
    return u"%1:%2:%3"_s.arg(seconds / 3600).arg(twoDigits(seconds / 60 % 60), tail);
}

QString timerText(std::chrono::milliseconds running) {
    const qint64 seconds = wholeSeconds(running);
    return u"%1:%2:%3"_s.arg(twoDigits(seconds / 3600), twoDigits(seconds / 60 % 60),
                             twoDigits(seconds % 60));
}

std::chrono::milliseconds between(const QDateTime& from, const QDateTime& until) {
    return std::chrono::milliseconds(from.msecsTo(until));
}

}  // namespace tocsin::theme
