#pragma once
#include <QObject>

#include "plugins/engines/redis/wire.h"

namespace tocsin::redis {

class Node;

/// Whether a server that one Sentinel named in passing is the primary: that Sentinel may lag behind
/// a failover. More of those that answer must name it than the present one, and it must say so of
/// itself (ROLE, or INFO where ROLE is not allowed). Begins at once and asks once. Session's
/// thread.
class PrimaryCheck : public QObject {
    Q_OBJECT
public:
    /// `address.sentinels` must not be empty. Logs in at `named` as `address` says.
    PrimaryCheck(const Address& address, const Place& named, const Place& present, QObject* parent);

signals:
    /// The first one counts.
    void settled(const tocsin::redis::Place& named, bool isPrimary);

private:
    void count(const Result<Place>& vote);
    void askItself();

    Address m_address;
    Place m_named, m_present;
    qsizetype m_left;  ///< Sentinels that did not answer yet
    int m_questions = 2;
    int m_majority = 0;  ///< those for the named one, less those for the present one
};

}  // namespace tocsin::redis
