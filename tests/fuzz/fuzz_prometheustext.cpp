#include <cstddef>
#include <cstdint>

#include "plugins/sources/metrics/prometheustext.h"
#include "plugins/sources/metrics/selection.h"

// Whatever the bytes, reading ends, and every sample that was read can be found by its own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray text(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const auto samples = tocsin::metrics::samplesFromPrometheusText(text);
    if (!samples || samples->size() > 64) return 0;
    for (const tocsin::metrics::Sample& sample : *samples)
        if (!sample.name.contains(u'{') &&
            tocsin::metrics::select(*samples, sample.name).samples.isEmpty())
            __builtin_trap();
    return 0;
}
