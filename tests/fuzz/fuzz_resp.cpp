#include <cstddef>
#include <cstdint>

#include "plugins/engines/redis/resp.h"

// The first byte says how the rest is cut into pieces: whole, or in steps of that many bytes.
// What a reply is must not depend on how it arrived.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    tocsin::redis::RespDecoder decoder({.depth = 10'000, .bytes = 4 * 1024 * 1024});
    const QByteArrayView all(data + 1, static_cast<qsizetype>(size - 1));
    const qsizetype step = data[0] == 0 ? all.size() : data[0];
    for (qsizetype at = 0; at < all.size(); at += step) {
        decoder.feed(all.sliced(at, std::min(step, all.size() - at)));
        for (;;) {
            const auto reply = decoder.next();
            if (!reply) return 0;
            if (!*reply) break;
            const tocsin::Reply copy = **reply;
            (void)tocsin::toText(copy);
        }
    }
    return 0;
}
