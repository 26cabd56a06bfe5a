#include "incidents/postmortem.h"

#include <algorithm>

#include "incidents/archive.h"
#include "incidents/paper.h"
#include "incidents/postmortemparts.h"
#include "workspace/postmortemtext.h"
#include "workspace/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

/// The name of the part that a line is for; empty when it is an ordinary line.
QString partOn(const QString& line) {
    const QString trimmed = line.trimmed();
    const auto uses = workspace::placeholdersIn(trimmed);
    if (uses.size() != 1 || uses.first().length != trimmed.size()) return {};
    return workspace::postMortemParts().contains(uses.first().name) ? uses.first().name : QString();
}

/// Gathers the ordinary lines between two parts.
class Gathering {
public:
    explicit Gathering(const QMap<QString, QString>& words) : m_words(words) {}

    void line(const QString& text) { m_lines.append(text); }
    void part(const Document& blocks) {
        flush();
        m_out += blocks;
    }
    Document take() {
        flush();
        return m_out;
    }

private:
    void flush() {
        const QString text = workspace::filled(m_lines.join(u'\n'), m_words);
        if (!text.trimmed().isEmpty()) m_out.append(Block::markdown(text));
        m_lines.clear();
    }

    QMap<QString, QString> m_words;
    QStringList m_lines;
    Document m_out;
};

QString titleOf(const Record& record) {
    return record.incident.id + u" "_s + record.incident.title;
}

}  // namespace

Document postMortem(const Record& record, const QDateTime& now, const QString& wording,
                    const QString& workspace) {
    QMap<QString, QString> words = postMortemValues(record, workspace);
    for (QString& word : words)
        word = escapeMarkdown(word);
    Gathering out(words);
    const QString text = wording.trimmed().isEmpty() ? workspace::standardPostMortem() : wording;
    for (const QString& line : text.split(u'\n')) {
        const QString part = partOn(line);
        if (part.isEmpty())
            out.line(line);
        else
            out.part(postMortemPart(part, record, now));
    }
    return out.take();
}

Result<Exported> rendered(const Record& record, const ExportWish& wish, const QString& database,
                          const QDateTime& now) {
    if (wish.format == u"json") return Exported{archived(record, EvidenceFiles(database), now), {}};
    const Document document = postMortem(record, now, wish.wording, wish.workspace);
    if (wish.format == u"html") return Exported{toHtml(document, titleOf(record)).toUtf8(), {}};
    if (wish.format == u"pdf") {
        auto pdf = toPdf(document, titleOf(record));
        if (!pdf) return tl::unexpected<Error>(pdf.error());
        return Exported{*pdf, {}};
    }
    if (wish.format != u"md")
        return fail(
            ErrorCode::Refused,
            u"“%1” is not a format to export. Use md, html, pdf or json."_s.arg(wish.format));
    Exported out{toMarkdown(document, wish.drawing).toUtf8(), {}};
    const auto drawing = std::find_if(document.begin(), document.end(), [](const Block& block) {
        return block.kind == Block::Kind::Drawing;
    });
    if (!wish.drawing.isEmpty() && drawing != document.end()) out.drawing = drawing->text.toUtf8();
    return out;
}

QFuture<Result<Exported>> previewIncident(store::Database& db, const QString& incident,
                                          const ExportWish& wish, const QDateTime& now) {
    // It is laid out on the thread that shows it.
    constexpr qsizetype kMostPreviewed = 300;
    return db.read<Record>([incident](store::Transaction& tx) { return recordOf(tx, incident); })
        .then(QtFuture::Launch::Async,
              [wish, now](const Result<Record>& record) -> Result<Exported> {
                  if (!record) return tl::unexpected<Error>(record.error());
                  const Document document = withShortTables(
                      postMortem(*record, now, wish.wording, wish.workspace), kMostPreviewed);
                  return Exported{toPaperHtml(document, titleOf(*record)).toUtf8(),
                                  drawingPng(document)};
              });
}

QFuture<Result<Exported>> exportIncident(store::Database& db, const QString& incident,
                                         const ExportWish& wish, const QDateTime& now) {
    return db.read<Record>([incident](store::Transaction& tx) { return recordOf(tx, incident); })
        .then(QtFuture::Launch::Async,
              [wish, now, file = db.file()](const Result<Record>& record) -> Result<Exported> {
                  if (!record) return tl::unexpected<Error>(record.error());
                  return rendered(*record, wish, file, now);
              });
}

QFuture<Result<QByteArray>> exportIncident(store::Database& db, const QString& incident,
                                           const QString& format, const QDateTime& now) {
    return exportIncident(db, incident, ExportWish{format, {}, {}, {}}, now)
        .then([](const Result<Exported>& done) -> Result<QByteArray> {
            if (!done) return tl::unexpected<Error>(done.error());
            return done->content;
        });
}

}  // namespace tocsin::incidents
