#include "store/openinglock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QFile>
#include <QThread>

namespace tocsin::store {

OpeningLock::OpeningLock(const QString& file)
    // CLOEXEC: a child that outlives us must not keep the lock.
    : m_descriptor(
          ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
}

OpeningLock::~OpeningLock() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

bool OpeningLock::lock(std::chrono::milliseconds patience) {
    if (m_descriptor < 0) return false;
    const QDeadlineTimer deadline(patience);
    // Opening may block its thread anyway; flock itself knows no time limit.
    while (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (deadline.hasExpired()) return false;
        QThread::msleep(10);
    }
    return true;
}

}  // namespace tocsin::store
