#pragma once
#include <QVector>

#include "alerts/board.h"

namespace tocsin::ui {

/// Where on the board a row stands; in this order from top to bottom.
enum class BoardSection { Firing, Pending, Silenced, Unknown };

/// One line of the board. A value.
struct BoardRow {
    enum class Kind {
        Section,  ///< "FIRING · 7"
        Entry,    ///< one key: a single alert, or `members` > 1 of them folded together
        Member,   ///< one alert of an opened entry
        Source,   ///< a source that does not answer
        More,     ///< "… 9 000 more": filter to see them
    };

    Kind kind = Kind::Entry;
    QString id;  ///< stable while the row means the same thing
    BoardSection section = BoardSection::Firing;
    QString title;      ///< section text, key, source name
    QString detail;     ///< second line
    QString incident;   ///< "INC-42" or empty
    QDateTime since;    ///< UTC; what the age counts from; may be invalid
    QDateTime nextTry;  ///< UTC; Source rows: for the countdown; may be invalid
    Alert alert;        ///< Entry: the worst, oldest member; Member: itself
    QVector<alerts::AlertId> members;
    bool isOpen = false;  ///< Entry: its members follow

    bool operator==(const BoardRow&) const = default;
};

using BoardRows = QVector<BoardRow>;

}  // namespace tocsin::ui
