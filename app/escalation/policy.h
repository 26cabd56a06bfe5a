#pragma once
#include <QMap>
#include <QString>
#include <QVector>
#include <chrono>
#include <optional>

namespace tocsin::escalation {

struct Level {
    QString name;                        ///< "Secondary on-call"
    std::chrono::milliseconds after{0};  ///< from the declaration; the start level is paged at once
    QString mention;                     ///< name in the channel's mentions
    QString channel;                     ///< empty: the policy's
    std::optional<std::chrono::milliseconds>
        repeat{};  ///< pages again at this interval until acknowledged
};

/// The escalation ladder: who, after how long. Levels are numbered from 1.
struct Policy {
    QString channel;
    QVector<Level> levels;
    QMap<QString, int> start;  ///< "P1" → 2: begins there at once; the levels below are skipped
};

}  // namespace tocsin::escalation
