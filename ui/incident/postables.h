#pragma once
#include <QJsonObject>
#include <optional>

#include "sdk/alert.h"
#include "sdk/message.h"
#include "ui/theme/theme.h"

/// What a pane has, made into something that can go along with a post. Pure.
namespace tocsin::ui {

/// A run's evidence: a table of rows as CSV (RFC 4180, NULL is nothing, an empty text is ""), what
/// is no table as JSON. `name` becomes the file's name.
/// Where not every row was kept, the name says how many.
Attachment attachmentOf(const QString& name, const QJsonObject& evidence);
/// What the composer calls it: the first part of the outcome's `line`, or which part of the rows it
/// is.
QString captionOf(const QString& line, const QJsonObject& evidence);

/// The trend of the alert's figure against its threshold, 800 × 300 pixels. Nothing without at
/// least two samples.
std::optional<Attachment> chartOf(const Alert& alert, const theme::Theme& theme);

}  // namespace tocsin::ui
