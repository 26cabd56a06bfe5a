#pragma once
#include <QDateTime>
#include <QString>

#include "incidents/incident.h"
#include "sdk/alert.h"

/// The small signs of a post, the same in card and feed. Pure.
namespace tocsin::announcements {

/// A moment that each reader sees in their own time zone: `<t:UNIX:STYLE>`, style t (time) or
/// R (relative, counted on by the reader's own client). "–" for an invalid one.
/// Source: Discord's developer documentation, "Message Formatting".
QString moment(const QDateTime& at, QChar style);

/// One line of text from outside, harmless in a post: white space collapsed, cut to `limit`
/// characters with "…", then escaped.
QString outsideText(const QString& text, qsizetype limit = 200);

/// The colours of a post's edge, 0xRRGGBB: a channel knows no theme.
int colorOf(incidents::Priority priority);
int colorOf(Severity severity);
inline constexpr int kResolvedColor = 0x30a46c;
inline constexpr int kUnknownColor = 0x8b8d98;

/// "▲", "◆", "●", "?": severity as a shape, for whoever cannot tell the colours apart.
QString shapeOf(Severity severity);

}  // namespace tocsin::announcements
