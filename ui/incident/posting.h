#pragma once
#include <QFuture>
#include <functional>

#include "console/stoppedchannels.h"
#include "delivery/ledger.h"

namespace tocsin::ui {

/// Reads the messages of an incident from the ledger.
using ReadMessages =
    std::function<QFuture<Result<QVector<delivery::Entry>>>(const QString& incident)>;

/// "delivered", "waiting", "sending, try 2": an entry's state for people.
QString stateWords(const delivery::Entry& entry);
/// "#alerts is stopped: the webhook is gone. 3 messages wait.": what is wrong, and what to do.
QString stoppedSentence(const console::StoppedChannel& channel);

}  // namespace tocsin::ui
