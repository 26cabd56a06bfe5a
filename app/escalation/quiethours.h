#pragma once
#include <QDateTime>
#include <QString>
#include <QTime>
#include <optional>

namespace tocsin::escalation {

/// The hours of the day in which a level rests, in a named time zone. What a level does when its
/// moment comes then is said by `instead`.
struct QuietHours {
    enum class Instead { Postpone, Skip, OtherLevel };
    QTime from, to;  ///< local; `to` before `from`: over midnight
    QString zone;    ///< IANA name, "Europe/Berlin"
    Instead instead = Instead::Postpone;
    int level = 0;  ///< of OtherLevel: who is paged then

    bool operator==(const QuietHours&) const = default;
};

/// When the quiet hours that `at` (UTC) lies in are over, UTC and always after `at`; nothing
/// outside them, and nothing when the zone is not known here: rather paged than lost. A window is
/// two instants, so the night in which the clocks change is simply an hour shorter or longer.
std::optional<QDateTime> quietUntil(const QuietHours& hours, const QDateTime& at);

/// "22:00–07:00 Europe/Berlin"
QString spoken(const QuietHours& hours);

/// As the store keeps them; empty for none, and none for what cannot be read.
QString textOf(const std::optional<QuietHours>& hours);
std::optional<QuietHours> quietHoursFromText(const QString& text);

}  // namespace tocsin::escalation
