#pragma once
#include <QString>

namespace tocsin::store {

/// Which process runs the escalation engine and the dispatcher on one data folder. It is a lock
/// that the kernel holds (`engine.lock`, flock), so that it is free again the moment its holder
/// ends, however it ends. A process that does not get it reads and writes the store all the same;
/// what it makes due is picked up by the owner. Ask again every few seconds: the owner may end.
class Ownership {
public:
    explicit Ownership(const QString& dataFolder);
    ~Ownership();  ///< gives it up

    Ownership(const Ownership&) = delete;
    Ownership& operator=(const Ownership&) = delete;

    /// Never waits. True when held now, also when it was held already. False also when the lock
    /// file cannot be made: nobody may run the engine on a folder that cannot be written.
    bool tryAcquire();
    bool isHeld() const { return m_descriptor >= 0; }
    void release();

private:
    QString m_file;
    int m_descriptor = -1;
};

}  // namespace tocsin::store
