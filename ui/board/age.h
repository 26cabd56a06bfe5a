#pragma once
#include <QDateTime>
#include <QString>

namespace tocsin::ui {

/// How long ago, as narrow as it stays exact: "0:42", "12:41", "1:22:09", "3 d 4 h". Empty for an
/// invalid time; a time in the future counts as now.
QString ageText(const QDateTime& since, const QDateTime& now);

/// The same in words for screen readers: "12 minutes".
QString spokenAge(const QDateTime& since, const QDateTime& now);

/// How long until `at`: "38 s", "2 min"; "now" when it has passed.
QString countdownText(const QDateTime& at, const QDateTime& now);

}  // namespace tocsin::ui
