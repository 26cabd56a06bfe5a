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
void maskSettings(Reply& reply) {
    for (std::size_t i = 0; i + 1 < reply.children.size(); i += 2)
        if (secretSettings().contains(reply.children[i].text.toLower()) &&
            !reply.children[i + 1].text.isEmpty())
            // As a simple string: a bulk string is written byte by byte.
            reply.children[i + 1] = Reply(Reply::Kind::SimpleString, "•••");
}

bool isCall(const QByteArrayList& arguments, const char* first, const char* second) {
    return arguments.size() > 1 && arguments.at(0).toUpper() == first &&
           arguments.at(1).toUpper() == second;
}

}  // namespace

void maskSecrets(const QByteArrayList& arguments, Reply& reply) {
    if (isCall(arguments, "CONFIG", "GET")) maskSettings(reply);
}

}  // namespace tocsin::redis
