#include "store/ownership.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <QDir>
#include <QFile>

namespace tocsin::store {

Ownership::Ownership(const QString& dataFolder)
    : m_file(QDir(dataFolder).filePath(QStringLiteral("engine.lock"))) {
}

Ownership::~Ownership() {
    release();
}

bool Ownership::tryAcquire() {
    if (isHeld()) return true;
    // CLOEXEC: a child that outlives us must not keep the lock.
    const int descriptor =
        ::open(QFile::encodeName(m_file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return false;
    }
    m_descriptor = descriptor;
    return true;
}

void Ownership::release() {
    if (!isHeld()) return;
    // The file stays: removing it would let two processes hold locks on two files of one name.
    ::close(m_descriptor);
    m_descriptor = -1;
}

}  // namespace tocsin::store
