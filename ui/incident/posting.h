#pragma once
#include <QFuture>
#include <functional>

#include "delivery/ledger.h"

namespace tocsin::ui {

/// Makes a message due: the ledger's intent and the timeline's event in one transaction, then wakes
/// the dispatcher. The value is the ledger's entry.
using Post = std::function<QFuture<Result<delivery::Entry>>(
    const QString& incident, const QString& channel, const Message& message)>;

/// Reads the messages of an incident from the ledger.
using ReadMessages =
    std::function<QFuture<Result<QVector<delivery::Entry>>>(const QString& incident)>;

/// "delivered", "waiting", "sending, try 2": an entry's state for people.
QString stateWords(const delivery::Entry& entry);
/// True once nothing more will happen to it.
bool isOver(const delivery::Entry& entry);

}  // namespace tocsin::ui
