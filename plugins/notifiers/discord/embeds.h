#pragma once
#include <QVector>

#include "sdk/message.h"

namespace tocsin::discord {

/// The characters of an embed that count towards the message's total.
qsizetype weightOf(const Embed& embed);
/// The same content in embeds that Discord takes; an embed that fits comes back alone.
QVector<Embed> fitted(const Embed& embed);
/// Fitted embeds, grouped into what one message takes.
QVector<QVector<Embed>> grouped(const QVector<Embed>& embeds);

}  // namespace tocsin::discord
