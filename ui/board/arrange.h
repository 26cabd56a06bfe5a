#pragma once
#include <QSet>

#include "ui/board/boardrow.h"

namespace tocsin::ui {

/// More rows than this under one heading help nobody; the last row then says how many are not
/// shown.
inline constexpr qsizetype kRowsPerSection = 500;

/// Everything the rows of the board follow from.
struct BoardView {
    QHash<alerts::AlertId, Alert> alerts;
    QVector<alerts::SourceHealth> sources;
    QString filter;
    QSet<QString> open;  ///< ids of entries whose members are shown
    QHash<alerts::AlertId, QString> incidents;
};

/// The board from top to bottom: sections, in them one entry per key, worst first, then oldest.
/// Pure; any thread; n log n.
BoardRows arranged(const BoardView& view);

}  // namespace tocsin::ui
