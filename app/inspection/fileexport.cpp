#include "inspection/fileexport.h"

#include <QSaveFile>

namespace tocsin::inspection {

struct FileExport::State {
    explicit State(const QString& path)
        : file(path), stream(formatOfFile(path), [this](const QByteArray& piece) {
              return file.write(piece) == piece.size();
          }) {}

    QSaveFile file;
    RowStream stream;
};

FileExport::FileExport(QString path) : m_path(std::move(path)) {
}

FileExport::~FileExport() = default;

/// On the thread that writes first: the GUI's must not wait for a disk.
bool FileExport::open() {
    if (m_state) return m_state->file.isOpen();
    m_state = std::make_unique<State>(m_path);
    return m_state->file.open(QIODevice::WriteOnly);
}

bool FileExport::add(const std::shared_ptr<const ResultSet>& rows) {
    if (!open() || !m_state->stream.add(rows)) return false;
    m_rows += rows->rowCount();
    return true;
}

std::optional<Error> FileExport::problem() const {
    if (!m_state || m_state->file.error() == QFileDevice::NoError) return std::nullopt;
    return Error{ErrorCode::Disk,
                 QStringLiteral("%1 could not be written: %2. Nothing was left behind.")
                     .arg(m_path, m_state->file.errorString()),
                 {}};
}

Result<qint64> FileExport::finish(const QueryResult& result) {
    const bool whole = open() && m_state->stream.finish(result);
    const qint64 size = m_state->file.size();
    if (!whole || !m_state->file.commit())
        return tl::unexpected(problem().value_or(
            Error{ErrorCode::Disk, QStringLiteral("%1 could not be written.").arg(m_path), {}}));
    return size;
}

}  // namespace tocsin::inspection
