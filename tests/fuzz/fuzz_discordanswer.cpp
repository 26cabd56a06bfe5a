#include <cstddef>
#include <cstdint>

#include "plugins/notifiers/discord/answer.h"
#include "plugins/notifiers/discord/cutting.h"

// Byte 0 picks the status; the rest is the body, and once more a text to be cut.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static constexpr int kStatus[] = {200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503};
    if (size < 1) return 0;
    tocsin::HttpReply reply;
    reply.status = kStatus[data[0] % (sizeof kStatus / sizeof *kStatus)];
    reply.body =
        QByteArray(reinterpret_cast<const char*>(data) + 1, static_cast<qsizetype>(size) - 1);
    reply.headers = {{"Retry-After", reply.body.left(20)}};
    const auto delivery = tocsin::discord::deliveryOf(QStringLiteral("c"), reply, QDateTime());
    if (!delivery && delivery.error().message.isEmpty()) __builtin_trap();
    if (delivery && delivery->remoteId.isEmpty()) __builtin_trap();

    const QString text = QString::fromUtf8(reply.body);
    for (const QString& part : tocsin::discord::cutMarkdown(text, 200, 300))
        if (part.size() > 300) __builtin_trap();
    return 0;
}
