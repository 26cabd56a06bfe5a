#pragma once
#include <QMap>
#include <QString>

#include "sdk/reply.h"

namespace tocsin::inspection {

/// What a server says of one of its commands.
struct CommandDoc {
    QString syntax;   ///< "key value [NX | XX]"
    QString summary;  ///< one sentence
};

/// By name in capitals, subcommands as "CLIENT LIST", from the answer to COMMAND DOCS (Redis 7).
/// From that to COMMAND the names, and from a refusal nothing: the rest is bundledCommandDocs().
QMap<QString, CommandDoc> readCommandDocs(ReplyView reply);
/// What Redis 7.0 says of itself, and says that it is of that version.
QMap<QString, CommandDoc> bundledCommandDocs();

/// The longest command that `text` begins with; empty when there is none.
QString commandOf(const QString& text, const QMap<QString, CommandDoc>& docs);

}  // namespace tocsin::inspection
