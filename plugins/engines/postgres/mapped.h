#pragma once
#include <QtGlobal>

namespace tocsin::postgres {

/// How much memory this process has mapped, from /proc/self/statm: a jump tells that room was made
/// for something large, before anything is written there. A read costs about a microsecond.
class MappedMemory {
public:
    MappedMemory();
    ~MappedMemory();
    MappedMemory(const MappedMemory&) = delete;
    MappedMemory& operator=(const MappedMemory&) = delete;

    /// 0 where the system does not say.
    qint64 bytes() const;

private:
    int m_file;
};

}  // namespace tocsin::postgres
