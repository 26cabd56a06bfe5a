#pragma once
#include <QVector>

#include "sdk/message.h"

namespace tocsin::discord {

/// The characters of an embed that count towards the message's total.
qsizetype weightOf(const Embed& embed);
/// The same content in embeds that Discord takes; an embed that fits comes back alone.
QVector<Embed> fitted(const Embed& embed);
/// What Discord takes of it in one embed of at most `room` characters, with the rest cut off
/// visibly: for a message that is edited in place and cannot become several.
Embed clipped(Embed embed, qsizetype room);
/// Fitted embeds, grouped into what one message takes.
QVector<QVector<Embed>> grouped(const QVector<Embed>& embeds);

}  // namespace tocsin::discord
