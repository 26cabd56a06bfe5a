#pragma once
#include <QSet>
#include <QString>

#include "sdk/resultset.h"

namespace tocsin::ui {

/// Who stands at the root of the waiting, read from columns `pid` and `blocked_by`.
struct Blocking {
    QString sentence;  ///< "24817 blocks 61 sessions, oldest 00:12:58"; empty when nobody waits
    QSet<int> rows;    ///< of those who block and wait for nobody
};

Blocking blockingIn(const ResultSet& set);

}  // namespace tocsin::ui
