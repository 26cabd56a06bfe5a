#pragma once
#include <QtGlobal>

/// What Discord takes in one message. Source: Discord's API documentation, "Message Object" and
/// "Embed Limits". Discord counts characters; we count UTF-16 units, which are never fewer.
namespace tocsin::discord::limits {

inline constexpr qsizetype content = 2000;
inline constexpr qsizetype embeds = 10;
inline constexpr qsizetype embedTotal = 6000;  ///< over all embeds of the message
inline constexpr qsizetype title = 256;
inline constexpr qsizetype description = 4096;
inline constexpr qsizetype fields = 25;
inline constexpr qsizetype fieldName = 256;
inline constexpr qsizetype fieldValue = 1024;
inline constexpr qsizetype footer = 2048;
inline constexpr qsizetype files = 10;
inline constexpr qsizetype fileBytes = 10 * 1024 * 1024;
inline constexpr qsizetype requestBytes = 24 * 1024 * 1024;  ///< Discord's 25 MiB less the frame

/// Kept free in every part, because a part may be marked as a possible repeat, or sent through
/// another channel, after it was cut.
inline constexpr qsizetype repeatMark = 300;
/// Mentions beyond this go out ahead, in messages of their own.
inline constexpr qsizetype mentions = 900;

}  // namespace tocsin::discord::limits
