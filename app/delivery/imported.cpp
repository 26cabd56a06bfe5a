// Messages of an incident that came from another machine.
#include "delivery/ledger.h"
#include "delivery/ledgerrows.h"
#include "sdk/secret.h"
#include "store/rows.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

QString answerElsewhere(const Entry& entry) {
    QStringList parts;
    if (!entry.answer.isEmpty()) parts.append(redact(entry.answer));
    if (!entry.remoteId.isEmpty()) parts.append(u"message %1 over there"_s.arg(entry.remoteId));
    if (!entry.isFinished()) parts.append(u"it was “%1” on export"_s.arg(nameOf(entry.state)));
    return parts.join(u" · "_s);
}

}  // namespace

Result<QVector<Entry>> Ledger::imported(store::Transaction& tx, const QString& incident,
                                        const QVector<Entry>& entries) {
    QVector<QVariantList> rows;
    for (const Entry& entry : entries) {
        const EntryState state = entry.isFinished() ? entry.state : EntryState::Cancelled;
        // Recorded: its outcome is on the timeline that came with it.
        rows.append({u"%1/imported/%2"_s.arg(incident, entry.event), incident,
                     entry.channel + u""_s, nameOf(state), entry.tries, stored(entry.createdAt),
                     stored(entry.changedAt), answerElsewhere(entry) + u""_s,
                     redact(compact(entry.message)), 1});
    }
    if (!rows.isEmpty()) {
        auto written = store::insertRows(
            tx,
            u"INSERT INTO ledger(event, incident, channel, state, tries, created_at, changed_at, "
            "answer, message, recorded)"_s,
            rows);
        if (!written) return tl::unexpected<Error>(written.error());
    }
    return ofIncident(tx, incident);
}

}  // namespace tocsin::delivery
