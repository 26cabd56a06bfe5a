#pragma once
#include <QDateTime>
#include <QString>
#include <chrono>

namespace tocsin::theme {

/// "3 s", "4 m", "2 h", "5 d": how old something is. Negative counts as nothing.
QString ageText(std::chrono::milliseconds age);
/// "6:10", "1:06:10": what is left, or by how much it is late.
QString countdownText(std::chrono::milliseconds left);
/// "00:12:41": a running time; hours grow past 99.
QString timerText(std::chrono::milliseconds running);
/// `until` - `from` in milliseconds.
std::chrono::milliseconds between(const QDateTime& from, const QDateTime& until);

}  // namespace tocsin::theme
