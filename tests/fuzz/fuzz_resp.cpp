#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "plugins/engines/redis/resp.h"

namespace {

/// A child is the same whether it is walked to or asked for by its number, and so is a copy.
void check(const tocsin::Reply& reply) {
    tocsin::ReplyBuilder builder;
    builder.add(reply);
    const tocsin::Reply copies = builder.take();
    const tocsin::ReplyChildren there = copies.children().front().children();
    const tocsin::ReplyChildren children = reply.children();
    if (there.size() != children.size()) std::abort();
    std::size_t i = 0;
    for (const tocsin::ReplyView next : children) {
        for (const tocsin::ReplyView other : {children[i], there[i]})
            if (other.kind() != next.kind() || other.bytes() != next.bytes() ||
                other.children().size() != next.children().size())
                std::abort();
        ++i;
    }
    if (i != children.size()) std::abort();
}

}  // namespace

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
            check(copy);
        }
    }
    return 0;
}
