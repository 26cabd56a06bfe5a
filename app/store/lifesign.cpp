#include "store/lifesign.h"

#include <fcntl.h>
#include <unistd.h>
#include <QFile>

namespace tocsin::store {
namespace {

// Locks may lie beyond the file's end; the counts are at its beginning, a slot for each token of
// late, so that an old owner that wakes up does not write over the present one's.
constexpr qint64 kLocksFrom = qint64(1) << 40;
constexpr qint64 kSlots = 512;

struct flock byteOf(qint64 token) {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kLocksFrom + token;
    lock.l_len = 1;
    return lock;
}

off_t slotOf(qint64 token) {
    return (token % kSlots) * static_cast<off_t>(sizeof(quint64));
}

}  // namespace

std::unique_ptr<LifeSign> LifeSign::take(const QString& file, qint64 token) {
    // CLOEXEC: a child that outlives us must not keep the lock.
    const int descriptor =
        ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return nullptr;
    struct flock lock = byteOf(token);
    if (::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
        ::close(descriptor);
        return nullptr;
    }
    return std::unique_ptr<LifeSign>(new LifeSign(descriptor, token));
}

LifeSign::~LifeSign() {
    ::close(m_descriptor);
}

void LifeSign::beat() {
    ++m_beats;
    // A count that cannot be written looks like a process that hangs: then another takes over.
    (void)!::pwrite(m_descriptor, &m_beats, sizeof m_beats, slotOf(m_token));
}

LifeSign::Seen LifeSign::look(const QString& file, qint64 token) {
    const int descriptor = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return {};
    Seen seen;
    struct flock lock = byteOf(token);
    seen.held = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (::pread(descriptor, &seen.beats, sizeof seen.beats, slotOf(token)) !=
        static_cast<ssize_t>(sizeof seen.beats))
        seen.beats = 0;
    ::close(descriptor);
    return seen;
}

}  // namespace tocsin::store
