#include "plugins/engines/redis/masking.h"

#include "plugins/engines/redis/commandline.h"
#include "sdk/commandsecrets.h"
#include "sdk/secret.h"

namespace tocsin::redis {
namespace {

// As a simple string: a bulk string is written byte by byte.
Reply plain(const QByteArray& text) {
    return Reply(Reply::Kind::SimpleString, text);
}

/// CONFIG GET answers with passwords in clear; they are not evidence.
Reply maskedSettings(ReplyView reply) {
    ReplyBuilder masked(reply.kind());
    bool isSecret = false;
    bool isName = true;
    for (const ReplyView each : reply.children()) {
        if (isName) isSecret = isSecretSetting(QString::fromUtf8(each.text()));
        if (!isName && isSecret && !each.bytes().isEmpty())
            masked.add(plain("•••"));
        else
            masked.add(each);
        isName = !isName;
    }
    return masked.take();
}

void addCommand(ReplyBuilder& entry, ReplyView words) {
    QByteArrayList arguments;
    for (const ReplyView word : words.children())
        arguments << word.text();
    const QByteArrayList shown = arguments.isEmpty() ? arguments : withoutSecrets(arguments);
    if (shown == arguments) return entry.add(words);
    ReplyBuilder masked(words.kind());
    for (const QByteArray& word : shown)
        masked.add(plain(word));
    entry.add(masked.take());
}

/// Entries of id, time, microseconds, the command's words …
/// (https://redis.io/commands/slowlog-get/).
Reply maskedSlowLog(ReplyView reply) {
    constexpr std::size_t kCommand = 3;
    ReplyBuilder masked(reply.kind());
    for (const ReplyView entry : reply.children()) {
        const ReplyChildren parts = entry.children();
        if (parts.size() <= kCommand || !parts[kCommand].isAggregate()) {
            masked.add(entry);
            continue;
        }
        ReplyBuilder shown(entry.kind());
        for (std::size_t i = 0; i < parts.size(); ++i)
            i == kCommand ? addCommand(shown, parts[i]) : shown.add(parts[i]);
        masked.add(shown.take());
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
    if (isCall(arguments, "SLOWLOG", "GET") && reply.isAggregate()) reply = maskedSlowLog(reply);
}

QByteArrayList withoutSecrets(const QByteArrayList& arguments) {
    CommandLine line;
    line.arguments = arguments;
    const QString text = line.text();
    const QString masked = redactCommands(text);
    if (masked == text) return arguments;
    return splitArguments(masked).value_or(arguments.first(1));
}

}  // namespace tocsin::redis
