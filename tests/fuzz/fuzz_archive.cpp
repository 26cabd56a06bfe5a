#include <cstddef>
#include <cstdint>

#include "incidents/archive.h"

// Whatever the bytes, reading ends, and what was read begins with a declaration and keeps its
// limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray json(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const auto archive = tocsin::incidents::readArchive(json);
    if (!archive) return 0;
    if (archive->events.isEmpty() || archive->events.first().kind != QLatin1String("declared"))
        __builtin_trap();
    for (const auto& event : archive->events)
        if (!event.at.isValid() || event.kind.isEmpty()) __builtin_trap();
    for (const auto& file : archive->files)
        if (file.content.size() > tocsin::incidents::EvidenceFiles::kLargest) __builtin_trap();
    return 0;
}
