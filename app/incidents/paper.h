#pragma once
#include <QByteArray>

#include "incidents/document.h"
#include "sdk/error.h"

namespace tocsin::incidents {

/// The document as a PDF of A4 pages with page numbers. Takes a second and more: any thread but the
/// GUI's, which must have a QGuiApplication. Errors: Refused without one.
Result<QByteArray> toPdf(const Document& document, const QString& title);

/// The document's drawing as a PNG, sharp on any screen; empty without one. Any thread.
QByteArray drawingPng(const Document& document);
/// The document with tables of at most `most` rows, for where thousands of lines are of no use.
Document withShortTables(Document document, qsizetype most);

}  // namespace tocsin::incidents
