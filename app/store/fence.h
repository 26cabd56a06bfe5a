#pragma once
#include "sdk/error.h"

namespace tocsin::store {

class Transaction;

/// The right to act as the engine: the number of one ownership, checked inside the transaction that
/// it covers. SQLite runs write transactions one after the other, so that once another process has
/// taken the engine over, nothing of the earlier owner can commit any more, however long it slept.
/// A value. The default one covers a store that nobody else opens (tests): it lets everything pass.
class Fence {
public:
    Fence() = default;
    explicit Fence(qint64 token) : m_token(token) {}

    qint64 token() const { return m_token; }
    /// Refused, and fencedOut(), when another ownership has begun.
    Result<void> check(Transaction& tx) const;

private:
    qint64 m_token = 0;
};

/// Whether this failure means that the engine belongs to another process now: stop acting, do not
/// try again.
bool fencedOut(const Error& error);

}  // namespace tocsin::store
