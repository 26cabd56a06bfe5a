#include "plugins/engines/postgres/mapped.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace tocsin::postgres {

MappedMemory::MappedMemory() : m_file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {
}

MappedMemory::~MappedMemory() {
    if (m_file >= 0) ::close(m_file);
}

qint64 MappedMemory::bytes() const {
    std::array<char, 64> text{};
    if (::pread(m_file, text.data(), text.size() - 1, 0) <= 0) return 0;
    return std::strtoll(text.data(), nullptr, 10) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace tocsin::postgres
