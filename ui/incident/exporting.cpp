#include "ui/incident/exporting.h"

#include <QFileInfo>
#include <QSaveFile>

#include "incidents/postmortem.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

Result<QString> write(const QString& path, const QByteArray& content) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorCode::Disk, u"%1 cannot be written: %2. Choose another place."_s.arg(
                                         path, file.errorString()));
    return path;
}

}  // namespace

PostMortemExport exportFrom(store::Database& database, Clock& clock) {
    return [&database, &clock](const QString& incident, const QString& path) {
        const QString suffix = QFileInfo(path).suffix().toLower();
        const QString format = suffix.isEmpty() ? u"md"_s : suffix;
        return incidents::exportIncident(database, incident, format, clock.now())
            .then(QtFuture::Launch::Async,
                  [path](const Result<QByteArray>& content) -> Result<QString> {
                      if (!content) return tl::unexpected<Error>(content.error());
                      return write(path, *content);
                  });
    };
}

}  // namespace tocsin::ui
