#pragma once
#include <QDateTime>

namespace tocsin::ui {

class BoardDelegate;
class BoardList;
class BoardModel;

/// Asks the list to paint what the passing of time changed in its visible rows, and nothing else:
/// shaping the text of all of them each second is what an idle board would cost.
void repaintAges(BoardList& list, const BoardModel& model, const BoardDelegate& delegate,
                 const QDateTime& before, const QDateTime& now);

}  // namespace tocsin::ui
