#pragma once
#include <QVector>

#include "alerts/board.h"

namespace tocsin::alerts {

/// Alerts of one key in one state.
struct AlertGroup {
    QString key;
    QVector<Alert> members;  ///< worst first, then oldest first; never empty
    QDateTime oldest;        ///< UTC; the earliest start among the members

    const Alert& worst() const { return members.first(); }
};

/// Worse first, then what started earlier, then by identity so that the order never depends on
/// chance.
bool comesBefore(const Alert& a, const Alert& b);

/// Puts alerts of the same key together; groups ordered by their worst member, then by age. Pure.
QVector<AlertGroup> groupedByKey(const QVector<Alert>& alerts);

/// The label whose value differs among the members, one that people recognise first ("instance",
/// "host" …); empty when none differs.
QString tellingLabel(const QVector<Alert>& members);

/// What tells the members of a group apart, for people: the values of that label ("worker-2,
/// worker-3, worker-5"), at most `limit` of them and "…". Empty when nothing differs.
QString differenceWithin(const QVector<Alert>& members, int limit = 4);

}  // namespace tocsin::alerts
