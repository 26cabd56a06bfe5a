#pragma once
#include <QString>
#include <chrono>

namespace tocsin::store {

/// One process at a time opens a store: two must not both set a damaged one aside. The kernel holds
/// the lock (flock on `file`, which stays behind, empty), so that it is free the moment its holder
/// ends, however it ends; a lock that is a file's existence would outlive a kill.
class OpeningLock {
public:
    explicit OpeningLock(const QString& file);
    ~OpeningLock();

    OpeningLock(const OpeningLock&) = delete;
    OpeningLock& operator=(const OpeningLock&) = delete;

    /// Waits up to `patience` for another holder; false also when the file cannot be made.
    bool lock(std::chrono::milliseconds patience);

private:
    int m_descriptor;
};

}  // namespace tocsin::store
