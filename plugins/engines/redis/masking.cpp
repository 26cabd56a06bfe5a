#include "plugins/engines/redis/masking.h"

#include <QSet>

namespace tocsin::redis {
namespace {

const QSet<QByteArray>& secretSettings() {
    static const QSet<QByteArray> names{"requirepass", "masterauth", "tls-key-file-pass",
                                        "tls-client-key-file-pass"};
    return names;
}

/// CONFIG GET answers with passwords in clear; they are not evidence.
Reply maskedSettings(ReplyView reply) {
    ReplyBuilder masked(reply.kind());
    bool isSecret = false;
    bool isName = true;
    for (const ReplyView each : reply.children()) {
        if (isName) isSecret = secretSettings().contains(each.text().toLower());
        // As a simple string: a bulk string is written byte by byte.
        if (!isName && isSecret && !each.bytes().isEmpty())
            masked.add(Reply(Reply::Kind::SimpleString, "•••"));
        else
            masked.add(each);
        isName = !isName;
    }
    return masked.take();
}

bool isCall(const QByteArrayList& arguments, const char* first, const char* second) {
    return arguments.size() > 1 && arguments.at(0).toUpper() == first &&
           arguments.at(1).toUpper() == second;
}

}  // namespace

void maskSecrets(const QByteArrayList& arguments, Reply& reply) {
    if (isCall(arguments, "CONFIG", "GET") && reply.isAggregate()) reply = maskedSettings(reply);
}

}  // namespace tocsin::redis
