#include "delivery/ledgerrows.h"

#include <QJsonDocument>

#include "delivery/messagejson.h"
#include "sdk/redaction.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

const QString kColumns =
    u"id, event, incident, channel, state, tries, created_at, changed_at, not_before, remote_id, "
    "answer, message, doubted_at, replaces, seen"_s;

EntryState stateFromText(const QString& text) {
    for (const EntryState state : {EntryState::Intent, EntryState::Sending, EntryState::InDoubt,
                                   EntryState::Confirmed, EntryState::Failed, EntryState::Folded})
        if (nameOf(state) == text) return state;
    return EntryState::Cancelled;
}

QDateTime time(const QVariant& ms) {
    return ms.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(ms.toLongLong(), Qt::UTC);
}

Entry entryFrom(const QSqlQuery& row) {
    Entry entry;
    entry.id = row.value(0).toLongLong();
    entry.event = row.value(1).toString();
    entry.incident = row.value(2).toString();
    entry.channel = row.value(3).toString();
    entry.state = stateFromText(row.value(4).toString());
    entry.tries = row.value(5).toInt();
    entry.createdAt = time(row.value(6));
    entry.changedAt = time(row.value(7));
    entry.notBefore = time(row.value(8));
    entry.remoteId = row.value(9).toString();
    entry.answer = row.value(10).toString();
    entry.message =
        messageFromJson(QJsonDocument::fromJson(row.value(11).toString().toUtf8()).object());
    entry.doubtedAt = time(row.value(12));
    entry.replaces = row.value(13).toString();
    entry.seen = row.value(14).toString();
    return entry;
}

}  // namespace

QString unfinishedStates() {
    return u"state IN ('intent', 'sending', 'in_doubt')"_s;
}

QVariant stored(const QDateTime& at) {
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch())
                        : QVariant(QMetaType::fromType<qint64>());
}

QString compact(const Message& message) {
    return QString::fromUtf8(
        QJsonDocument(toJson(redacted(message))).toJson(QJsonDocument::Compact));
}

Result<QVector<Entry>> select(store::Transaction& tx, const QString& condition,
                              const QVariantList& values) {
    auto query = tx.run(u"SELECT %1 FROM ledger WHERE %2"_s.arg(kColumns, condition), values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Entry> entries;
    while (query->next())
        entries.append(entryFrom(*query));
    return entries;
}

Result<std::optional<Entry>> one(const Result<QVector<Entry>>& found) {
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty()) return std::optional<Entry>();
    return std::optional<Entry>(found->first());
}

Result<Entry> move(store::Transaction& tx, qint64 id, const QString& assignments,
                   const QString& from, QVariantList values) {
    values.append(id);
    auto query = tx.run(
        u"UPDATE ledger SET %1 WHERE id = ? AND state IN (%2)"_s.arg(assignments, from), values);
    if (!query) return tl::unexpected<Error>(query.error());
    if (query->numRowsAffected() != 1)
        return fail(
            ErrorCode::Refused,
            u"Message %1 of the ledger was moved on by someone else in the meantime."_s.arg(id));
    return Ledger::entry(tx, id);
}

}  // namespace tocsin::delivery
