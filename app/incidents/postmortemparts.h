#pragma once
#include <QMap>

#include "incidents/document.h"
#include "incidents/record.h"

namespace tocsin::incidents {

/// The values of a template's words. Plain texts. Pure.
QMap<QString, QString> postMortemValues(const Record& record, const QString& workspace);
/// A part of the post-mortem by its name; empty for an unknown one. Pure.
Document postMortemPart(const QString& name, const Record& record, const QDateTime& now);

}  // namespace tocsin::incidents
