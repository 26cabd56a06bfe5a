#include "ui/incident/exporting.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include "incidents/postmortem.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString drawingBeside(const QFileInfo& file) {
    return file.completeBaseName() + u"-timeline.svg"_s;
}

Result<QString> writeFile(const QString& path, const QByteArray& content) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorCode::Disk, u"%1 cannot be written: %2. Choose another place."_s.arg(
                                         path, file.errorString()));
    return path;
}

Result<QString> writeExport(const QString& path, const incidents::Exported& exported) {
    if (!exported.drawing.isEmpty()) {
        const QFileInfo file(path);
        auto drawn = writeFile(file.dir().filePath(drawingBeside(file)), exported.drawing);
        if (!drawn) return drawn;
    }
    return writeFile(path, exported.content);
}

}  // namespace

PostMortemExport exportFrom(store::Database& database, Clock& clock, const QString& wording,
                            const QString& workspace) {
    return [&database, &clock, wording, workspace](const QString& incident, const QString& path) {
        const QFileInfo file(path);
        const QString suffix = file.suffix().toLower();
        const QString format = suffix.isEmpty() ? u"md"_s : suffix;
        const incidents::ExportWish wish{format, wording, workspace, drawingBeside(file)};
        return incidents::exportIncident(database, incident, wish, clock.now())
            .then(QtFuture::Launch::Async,
                  [path](const Result<incidents::Exported>& exported) -> Result<QString> {
                      if (!exported) return tl::unexpected<Error>(exported.error());
                      return writeExport(path, *exported);
                  });
    };
}

}  // namespace tocsin::ui
