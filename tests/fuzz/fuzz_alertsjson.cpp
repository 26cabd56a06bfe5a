#include <cstddef>
#include <cstdint>

#include "plugins/sources/alertmanager/alertsjson.h"
#include "plugins/sources/alertmanager/silences.h"

// Whatever the bytes, reading ends, and every alert that was read has a key and a fingerprint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray json(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    auto alerts = tocsin::alertmanager::alertsFromJson(json);
    const auto silences = tocsin::alertmanager::silencesFromJson(json);
    if (!alerts) return 0;
    if (silences) tocsin::alertmanager::fillIn(*alerts, *silences);
    for (const tocsin::Alert& alert : *alerts)
        if (alert.key.isEmpty() || alert.fingerprint.isEmpty()) __builtin_trap();
    return 0;
}
