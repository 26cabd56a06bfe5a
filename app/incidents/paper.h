#pragma once
#include <QByteArray>

#include "incidents/document.h"
#include "sdk/error.h"

namespace tocsin::incidents {

/// The document as a PDF of A4 pages with page numbers. Takes a second and more: any thread but the
/// GUI's, which must have a QGuiApplication. Errors: Refused without one.
Result<QByteArray> toPdf(const Document& document, const QString& title);

}  // namespace tocsin::incidents
