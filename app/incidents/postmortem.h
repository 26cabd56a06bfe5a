#pragma once
#include <QFuture>

#include "incidents/document.h"
#include "incidents/record.h"

namespace tocsin::incidents {

/// The template filled in; an empty one is the standard one. Its words and parts are those of
/// workspace/postmortemtext.h; what is unknown stays as it is written. Nothing of an alert, a
/// result or a note can become markup. Pure.
Document postMortem(const Record& record, const QDateTime& now, const QString& wording = {},
                    const QString& workspace = {});

/// What an incident can be written as.
struct ExportWish {
    QString format;     ///< "md", "html", "pdf" or "json"
    QString wording;    ///< the workspace's template; empty: the standard one
    QString workspace;  ///< its name
    QString drawing;    ///< Markdown: how the drawing beside it is called; empty: none is
};
struct Exported {
    QByteArray content;
    QByteArray drawing;  ///< Markdown: the SVG to be written beside it, when it was asked for
};

/// Renders on the calling thread, which may be any but the GUI's: PDF takes a second and more, and
/// needs a QGuiApplication. Errors: Refused for another format.
Result<Exported> rendered(const Record& record, const ExportWish& wish, const QString& database,
                          const QDateTime& now);
/// For a screen: the page as HTML for QTextDocument, with short tables, and the drawing as a PNG
/// (it names it `drawing.svg`). Reads on the store's thread, renders on a pool thread.
QFuture<Result<Exported>> previewIncident(store::Database& db, const QString& incident,
                                          const ExportWish& wish, const QDateTime& now);
/// Reads on the store's thread, renders on a pool thread.
QFuture<Result<Exported>> exportIncident(store::Database& db, const QString& incident,
                                         const ExportWish& wish, const QDateTime& now);
/// The same for formats that lie in one file.
QFuture<Result<QByteArray>> exportIncident(store::Database& db, const QString& incident,
                                           const QString& format, const QDateTime& now);

}  // namespace tocsin::incidents
