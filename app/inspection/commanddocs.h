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

/// By name in capitals, subcommands as "CLIENT LIST", from the answer to COMMAND DOCS (Redis 7), or
/// names alone from that to COMMAND.
QMap<QString, CommandDoc> readCommandDocs(ReplyView reply);

/// The longest command that `text` begins with; empty when there is none.
QString commandOf(const QString& text, const QMap<QString, CommandDoc>& docs);

}  // namespace tocsin::inspection
