#pragma once
#include <QByteArrayList>
#include <QHash>
#include <QSet>
#include <algorithm>
#include <optional>

#include "plugins/engines/redis/commandline.h"
#include "sdk/queryengine.h"
#include "sdk/reply.h"

namespace tocsin::redis {

/// What a server says about its commands: leaf name ("get", "client|list") → flags.
class CommandTable {
public:
    /// What Redis 7.0 says; used before there is a connection.
    static CommandTable bundled();
    /// Reads the answer to COMMAND. Subcommands exist from Redis 7; before, a container has none.
    static Result<CommandTable> fromReply(ReplyView reply);

    /// The names under which something is let through, and what COMMAND INFO answers of them: what
    /// is called so and is another command is forgotten.
    static QByteArrayList readers();
    void forgetRenamed(const QByteArrayList& names, ReplyView reply);

    /// Flags of a leaf, or of a container whose subcommands the server does not list.
    std::optional<QSet<QByteArray>> flags(const QByteArray& leaf) const;
    bool isContainer(const QByteArray& name) const { return m_containers.contains(name); }
    QList<QByteArray> leaves() const { return m_flags.keys(); }
    bool isFromServer() const { return m_fromServer; }

private:
    void add(ReplyView entry, int depth);

    QHash<QByteArray, QSet<QByteArray>> m_flags;
    QSet<QByteArray> m_containers;
    bool m_fromServer = false;
};

/// What it takes to overrule a refusal: nothing does, an Unlock, or an Unlock and the connection's
/// name typed for this one command.
enum class Leave { Never, Unlock, UnlockAndName };

/// The guard's answer, and how it may be overruled.
struct Judgement {
    Verdict verdict;
    Leave leave = Leave::Never;
};

/// Decides by what is known to be harmless, never by what is known to be harmful: a command runs
/// if the server flags it `readonly` or if it is in the list of docs/redis-guard.md, and if its
/// arguments cannot make it endless or heavy. Pure.
Judgement judge(const QByteArrayList& arguments, const CommandTable& table);

/// The same for what is more than one command: walks are harmless, a sample of MONITOR needs an
/// Unlock.
Judgement judgeLine(const CommandLine& line, const CommandTable& table);

}  // namespace tocsin::redis
