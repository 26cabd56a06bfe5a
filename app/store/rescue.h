#pragma once
#include <QSqlDatabase>
#include <QString>

#include "sdk/error.h"

namespace tocsin::store {

/// Notices that the file under an open store was removed or replaced. Store thread.
class Rescue {
public:
    Rescue() = default;
    explicit Rescue(const QString& file);

    /// Nothing while the file is the one that was opened. Else the sentence for the person; the
    /// first time, all that the open connection still holds is copied beside it as
    /// "FILE.rescued-DATE". Not inside a transaction. Costs one stat.
    Result<void> check(QSqlDatabase& db);

private:
    bool isThere() const;
    Error rescued(QSqlDatabase& db);

    QString m_file;
    quint64 m_device = 0, m_inode = 0;
    QString m_copy;
};

}  // namespace tocsin::store
