#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>
#include <chrono>
#include <optional>

#include "escalation/quiethours.h"

namespace tocsin::escalation {

/// What ends a level's waiting and its repeats.
enum class Until { Acknowledged, Resolved };
QString nameOf(Until until);  ///< "acknowledged", "resolved"

struct Level {
    QString name;                        ///< "Secondary on-call"
    std::chrono::milliseconds after{0};  ///< from the declaration; the start level is paged at once
    QString mention;                     ///< name in the channel's mentions
    QString channel;                     ///< empty: the policy's
    std::optional<std::chrono::milliseconds> repeat{};  ///< pages again at this interval
    Until until = Until::Acknowledged;
    std::optional<QuietHours> quiet{};
    QStringList loud{QStringLiteral("P1")};  ///< severities that do not care about `quiet`
};

/// The escalation ladder: who, after how long. Levels are numbered from 1.
struct Policy {
    QString channel;
    QVector<Level> levels;
    QMap<QString, int> start;  ///< "P1" → 2: begins there at once; the levels below are skipped
    /// How long nobody may do anything after an acknowledgement before the ladder goes on.
    std::optional<std::chrono::milliseconds> ackTimeout{};
    QString pageWording{};  ///< a template of Wording::Page; empty: the standard words
    bool ownCard = false;   ///< the incident's card is a message of its own: pages carry none
};

}  // namespace tocsin::escalation
