// Preloaded into a process, ends it with SIGKILL exactly before one of the calls that change its
// store: so that a test can stop it at every border of every transaction, and in the middle of
// them.
//   DIEPOINT_FILE  counts only files whose path holds this text
//   DIEPOINT_AT    the call to die before, from 1; 0 or missing: never
//   DIEPOINT_TORN  1: a write is done by half first
//   DIEPOINT_FULL  the call from which on, for DIEPOINT_CALLS calls, the disk fails
//   DIEPOINT_ERRNO how it fails: the number of an error; left out, it is full
//   DIEPOINT_COUNT file to which the number of calls is written when the process ends by itself
//   DIEPOINT_COPY  folder: before each call, the store's files are copied to a folder NNNN in it,
//   as
//                  a power cut would leave them: NNNN/now with all writes, NNNN/synced with what
//                  was synced only
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>

namespace {

template <typename F>
F* real(const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string pathOf(int descriptor) {
    char link[64], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = ::readlink(link, path, sizeof path - 1);
    return length > 0 ? std::string(path, static_cast<size_t>(length)) : std::string();
}

void copyFile(const std::string& from, const std::string& to) {
    const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0) return;
    const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    static const auto write = real<ssize_t(int, const void*, size_t)>("write");
    char buffer[65536];
    for (ssize_t n = ::read(in, buffer, sizeof buffer); n > 0;
         n = ::read(in, buffer, sizeof buffer))
        (void)write(out, buffer, static_cast<size_t>(n));
    ::close(in);
    ::close(out);
}

/// The calls on the store so far, and what is to happen at which of them.
class Calls {
public:
    Calls()
        : m_file(variable("DIEPOINT_FILE")),
          m_dieAt(std::atoi(variable("DIEPOINT_AT").c_str())),
          m_torn(variable("DIEPOINT_TORN") == "1"),
          m_fullFrom(std::atoi(variable("DIEPOINT_FULL").c_str())),
          m_fullCalls(std::atoi(variable("DIEPOINT_CALLS").c_str())),
          m_failure(std::atoi(variable("DIEPOINT_ERRNO").c_str())),
          m_copies(variable("DIEPOINT_COPY")) {}
    ~Calls() {
        const std::string to = variable("DIEPOINT_COUNT");
        if (to.empty()) return;
        if (FILE* file = std::fopen(to.c_str(), "w")) {
            std::fprintf(file, "%d\n", m_count.load());
            std::fclose(file);
        }
    }

    bool concerns(const std::string& path) const {
        // The shared memory of the WAL is an index that is built anew.
        return !m_file.empty() && path.find(m_file) != std::string::npos &&
               path.find("-shm") == std::string::npos;
    }
    /// Before a call: true when the process is to die here, by `half` of it first.
    bool isTheEnd() {
        const int count = ++m_count;
        return m_dieAt > 0 && count == m_dieAt;
    }
    bool torn() const { return m_torn; }
    bool isFull() const {
        const int count = m_count;
        return m_fullFrom > 0 && count >= m_fullFrom && count < m_fullFrom + m_fullCalls;
    }
    int failure() const { return m_failure > 0 ? m_failure : ENOSPC; }
    void copyBefore(const std::string& path);
    void synced(const std::string& path);

private:
    std::string m_file;
    int m_dieAt;
    bool m_torn;
    int m_fullFrom, m_fullCalls, m_failure;
    std::string m_copies;
    std::atomic<int> m_count{0};
    std::mutex m_mutex;
    std::set<std::string> m_paths;
};

std::string nameOf(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

void Calls::copyBefore(const std::string& path) {
    if (m_copies.empty()) return;
    const std::lock_guard lock(m_mutex);
    m_paths.insert(path);
    char number[16];
    std::snprintf(number, sizeof number, "/%05d", m_count.load() + 1);
    const std::string folder = m_copies + number;
    ::mkdir(folder.c_str(), 0700);
    ::mkdir((folder + "/now").c_str(), 0700);
    ::mkdir((folder + "/synced").c_str(), 0700);
    for (const std::string& each : m_paths) {
        copyFile(each, folder + "/now/" + nameOf(each));
        // A journal that was deleted is gone after a power cut too, or no longer needed.
        if (::access(each.c_str(), F_OK) == 0)
            copyFile(m_copies + "/synced-" + nameOf(each), folder + "/synced/" + nameOf(each));
    }
    // What the process had promised to be durable by now.
    copyFile(variable("PROMISES"), folder + "/promises");
}

void Calls::synced(const std::string& path) {
    if (m_copies.empty()) return;
    const std::lock_guard lock(m_mutex);
    copyFile(path, m_copies + "/synced-" + nameOf(path));
}

Calls& calls() {
    static Calls all;
    return all;
}

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;)
        ::pause();
}

ssize_t writeAt(int descriptor, const void* data, size_t size, off64_t offset) {
    static const auto pwrite = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    const std::string path = pathOf(descriptor);
    if (!calls().concerns(path)) return pwrite(descriptor, data, size, offset);
    calls().copyBefore(path);
    if (calls().isTheEnd()) {
        if (calls().torn()) (void)pwrite(descriptor, data, size / 2, offset);
        die();
    }
    if (calls().isFull()) {
        errno = calls().failure();
        return -1;
    }
    return pwrite(descriptor, data, size, offset);
}

int sync(int descriptor, const char* name) {
    const auto function = real<int(int)>(name);
    const std::string path = pathOf(descriptor);
    if (!calls().concerns(path)) return function(descriptor);
    calls().copyBefore(path);
    if (calls().isTheEnd()) die();
    if (calls().isFull()) {
        errno = calls().failure();
        return -1;
    }
    const int done = function(descriptor);
    if (done == 0) calls().synced(path);
    return done;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
    return writeAt(descriptor, data, size, offset);
}
ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
    return writeAt(descriptor, data, size, offset);
}
ssize_t write(int descriptor, const void* data, size_t size) {
    static const auto function = real<ssize_t(int, const void*, size_t)>("write");
    const std::string path = calls().concerns(pathOf(descriptor)) ? pathOf(descriptor) : "";
    if (path.empty()) return function(descriptor, data, size);
    calls().copyBefore(path);
    if (calls().isTheEnd()) {
        if (calls().torn()) (void)function(descriptor, data, size / 2);
        die();
    }
    return function(descriptor, data, size);
}
int fsync(int descriptor) {
    return sync(descriptor, "fsync");
}
int fdatasync(int descriptor) {
    return sync(descriptor, "fdatasync");
}
}
