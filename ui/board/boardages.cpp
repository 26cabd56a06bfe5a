#include "ui/board/boardages.h"

#include "ui/board/age.h"
#include "ui/board/boarddelegate.h"
#include "ui/board/boardlist.h"
#include "ui/board/boardmodel.h"

namespace tocsin::ui {
namespace {

/// The part of the row at `box` that reads otherwise than `before`; empty: nothing does.
QRect changedPart(const BoardRow& row, const QRect& box, const BoardDelegate& delegate,
                  const QDateTime& before, const QDateTime& now) {
    if (row.kind == BoardRow::Kind::Source && row.nextTry.isValid()) return box;  // counts down
    const QString was = ageText(row.since, before);
    const QString is = ageText(row.since, now);
    if (was == is) return {};
    return was.size() == is.size() ? delegate.ageBox(box, is) : box;
}

}  // namespace

void repaintAges(BoardList& list, const BoardModel& model, const BoardDelegate& delegate,
                 const QDateTime& before, const QDateTime& now) {
    const QRect room = list.viewport()->rect();
    QModelIndex index = list.indexAt(room.topLeft());
    for (; index.isValid(); index = index.siblingAtRow(index.row() + 1)) {
        const QRect box = list.visualRect(index);
        if (box.top() > room.bottom()) return;
        list.viewport()->update(changedPart(model.row(index.row()), box, delegate, before, now));
    }
}

}  // namespace tocsin::ui
