#pragma once
#include <QJsonObject>

#include "sdk/clock.h"

namespace tocsin::cli {

/// What `tocsin serve` says, a line each on stdout: for a terminal with the time, for the journal
/// with its priority (sd-daemon(3): "<4>") and without the time, which the journal adds itself; or
/// one JSON object a line. Redacted; what came from outside cannot begin a line of its own.
class ServeLog {
public:
    enum class Level { Error = 3, Warning = 4, Info = 6 };

    ServeLog(Clock& clock, bool json);

    /// `event` is a stable word; `fields` stand beside it in JSON.
    void write(Level level, const QString& event, const QString& text,
               const QJsonObject& fields = {});

private:
    Clock& m_clock;
    bool m_json;
    bool m_journal;
    QString m_last;  ///< not said again while nothing else is said
};

}  // namespace tocsin::cli
