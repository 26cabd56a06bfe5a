#include "delivery/intents.h"

#include "delivery/ledgerrows.h"
#include "store/rows.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {

Result<void> intendAll(store::Transaction& tx, const QVector<Intent>& intents,
                       const QDateTime& now) {
    QVector<QVariantList> rows;
    rows.reserve(intents.size());
    for (const Intent& intent : intents) {
        if (intent.message.event.isEmpty())
            return fail(ErrorCode::Internal, u"A message without an event cannot be kept."_s);
        // A null QString would be bound as NULL.
        rows.append({intent.message.event, intent.incident + u""_s, intent.channel + u""_s,
                     nameOf(EntryState::Intent), now.toMSecsSinceEpoch(), now.toMSecsSinceEpoch(),
                     compact(intent.message), intent.message.replaces + u""_s});
    }
    return store::insertRows(tx,
                             u"INSERT INTO ledger(event, incident, channel, state, created_at, "
                             "changed_at, message, replaces)"_s,
                             rows, u"ON CONFLICT(event) DO NOTHING"_s);
}

}  // namespace tocsin::delivery
