#pragma once
#include "delivery/ledger.h"

namespace tocsin::delivery {

/// What has to leave, not in the ledger yet.
struct Intent {
    QString incident, channel;
    Message message;
};

/// Ledger::intend() for many at once, in this order. Events that the ledger knows are passed over.
Result<void> intendAll(store::Transaction& tx, const QVector<Intent>& intents,
                       const QDateTime& now);

}  // namespace tocsin::delivery
