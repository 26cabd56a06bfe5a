#pragma once
#include <QFuture>
#include <functional>

#include "delivery/ledger.h"

namespace tocsin::ui {

/// Reads the messages of an incident from the ledger.
using ReadMessages =
    std::function<QFuture<Result<QVector<delivery::Entry>>>(const QString& incident)>;

/// "delivered", "waiting", "sending, try 2": an entry's state for people.
QString stateWords(const delivery::Entry& entry);

}  // namespace tocsin::ui
