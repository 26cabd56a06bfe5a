#include "incidents/paper.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgRenderer>
#include <QTextDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

constexpr int kPaperDots = 144;        // per inch, of the layout
constexpr int kHtmlDots = 96;          // per inch, of a length in HTML
constexpr int kMostDrawn = 800;        // HTML's pixels, of the drawing's height
constexpr double kDrawingScale = 3;    // pixels of the drawing for one of the layout
constexpr qsizetype kMostRows = 4000;  // of one table

QImage drawingIn(const Document& document) {
    const auto found = std::find_if(document.begin(), document.end(), [](const Block& block) {
        return block.kind == Block::Kind::Drawing;
    });
    if (found == document.end()) return {};
    QSvgRenderer svg(found->text.toUtf8());
    QImage image(svg.defaultSize() * kDrawingScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    svg.render(&painter);
    return image;
}

void paintPages(QTextDocument& text, QPdfWriter& writer) {
    const QSizeF page = text.pageSize();
    QPainter painter(&writer);
    for (int number = 0; number < text.pageCount(); ++number) {
        if (number > 0) writer.newPage();
        painter.save();
        painter.translate(0, -number * page.height());
        text.drawContents(&painter, QRectF(QPointF(0, number * page.height()), page));
        painter.restore();
        painter.drawText(QRectF(0, page.height() + 20, page.width(), 40),
                         Qt::AlignRight | Qt::AlignTop,
                         u"%1 / %2"_s.arg(number + 1).arg(text.pageCount()));
    }
}

}  // namespace

Document withShortTables(Document document, qsizetype most) {
    for (Block& block : document)
        if (block.kind == Block::Kind::Table && block.rows.size() > most) {
            const qsizetype all = block.rows.size() - 1;
            block.rows.resize(most);
            block.rows.append(
                {u"%1 of %2 lines; the HTML and JSON exports have all"_s.arg(most - 1).arg(all)});
        }
    return document;
}

QByteArray drawingPng(const Document& document) {
    const QImage image = drawingIn(document);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly)) return {};
    return image.save(&buffer, "PNG") ? bytes : QByteArray();
}

Result<QByteArray> toPdf(const Document& document, const QString& title) {
    if (!qobject_cast<QGuiApplication*>(QCoreApplication::instance()))
        return fail(ErrorCode::Refused,
                    u"A PDF cannot be drawn here. Export html and print it from a browser."_s);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(title);
    writer.setCreator(u"Tocsin"_s);
    writer.setResolution(kPaperDots);
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait,
                                     QMarginsF(15, 15, 15, 20), QPageLayout::Millimeter));
    QFont font;
    font.setPointSizeF(9);
    const Document printed = withShortTables(document, kMostRows);
    QTextDocument text;
    text.setUndoRedoEnabled(false);
    text.documentLayout()->setPaintDevice(&writer);
    text.setDefaultFont(font);
    text.setDocumentMargin(0);
    text.setPageSize(QSizeF(writer.width(), writer.height()));
    QSize drawn;  // in HTML's pixels, which the layout scales to its own
    if (const QImage drawing = drawingIn(printed); !drawing.isNull()) {
        text.addResource(QTextDocument::ImageResource, QUrl(u"drawing.svg"_s), drawing);
        const int width = writer.width() * kHtmlDots / kPaperDots;
        drawn = drawing.size().scaled(width, kMostDrawn, Qt::KeepAspectRatio);
    }
    text.setHtml(
        toPaperHtml(printed, title)
            .replace(u"width=\"680\""_s,
                     u"width=\"%1\" height=\"%2\""_s.arg(drawn.width()).arg(drawn.height())));
    paintPages(text, writer);
    buffer.close();
    return bytes;
}

}  // namespace tocsin::incidents
