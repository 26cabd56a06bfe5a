#pragma once
#include <QJsonObject>
#include <QString>

#include "sdk/probereport.h"

namespace tocsin::ui {

/// The level as a person says it: "ok", "partial outage", "unknown" …
QString levelWord(ProbeLevel level);

/// Which of two levels a commander has to hear about: outage, then unknown, then partial outage …
ProbeLevel worseLevel(ProbeLevel a, ProbeLevel b);

/// The whole report, for the timeline's evidence.
QJsonObject evidenceOf(const ProbeReport& report);

}  // namespace tocsin::ui
