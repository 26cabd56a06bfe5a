#pragma once
#include "delivery/ledger.h"

/// How the ledger's table is read and changed; for the parts of Ledger alone.
namespace tocsin::delivery {

QString unfinishedStates();  ///< a condition
QVariant stored(const QDateTime& at);
QString compact(const Message& message);
Result<QVector<Entry>> select(store::Transaction& tx, const QString& condition,
                              const QVariantList& values = {});
Result<std::optional<Entry>> one(const Result<QVector<Entry>>& found);
/// Runs an UPDATE that names the states it may start from, and reads the entry back.
Result<Entry> move(store::Transaction& tx, qint64 id, const QString& assignments,
                   const QString& from, QVariantList values);

}  // namespace tocsin::delivery
