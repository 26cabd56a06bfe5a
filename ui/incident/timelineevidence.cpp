// What the timeline pane does with evidence: opens it, keeps files, pins statements.
#include <QBuffer>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

#include "sdk/async.h"
#include "sdk/figures.h"
#include "ui/incident/evidenceview.h"
#include "ui/incident/pinspanel.h"
#include "ui/incident/timelinemodel.h"
#include "ui/incident/timelinepane.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Event;
using incidents::EvidenceFiles;
using incidents::KeptFile;

void TimelinePane::openEvidence(const QModelIndex& index) {
    const qint64 seq = index.data(TimelineModel::Seq).toLongLong();
    if (m_evidence->isVisible() && m_evidence->seq() == seq) return m_evidence->hide();
    whenDone(m_journal.eventAt(seq), this, [this](const Result<Event>& event) {
        if (!event) return complain(event.error().message);
        showEvidence(*event);
    });
}

void TimelinePane::showEvidence(const Event& event) {
    m_evidence->show(event);
    emit evidenceOpened();
    const KeptFile file = KeptFile::fromJson(event.detail[u"file"_s].toObject());
    if (event.kind == u"file")
        runOnPool(
            this, [files = m_journal.files(), sha = file.sha256] { return files.read(sha); },
            [this, seq = event.seq](const Result<QByteArray>& content) {
                if (m_evidence->seq() == seq) m_evidence->showFile(content);
            });
    if (event.kind != u"captured") return;
    whenDone(m_journal.captureBefore(event), this,
             [this, event](const Result<std::optional<Event>>& before) {
                 if (before && *before && m_evidence->seq() == event.seq)
                     m_evidence->show(event, *before);
             });
}

void TimelinePane::dragEnterEvent(QDragEnterEvent* event) {
    const bool any = event->mimeData()->hasUrls() || event->mimeData()->hasImage();
    if (any && !m_current.id().isEmpty()) event->acceptProposedAction();
}

void TimelinePane::dropEvent(QDropEvent* event) {
    if (m_current.id().isEmpty()) return;
    event->acceptProposedAction();
    keep(*event->mimeData());
}

void TimelinePane::keep(const QMimeData& dropped) {
    const EvidenceFiles files = m_journal.files();
    const auto done = [this](const Result<KeptFile>& kept) { record(kept); };
    bool any = false;
    for (const QUrl& url : dropped.urls()) {
        if (!url.isLocalFile()) continue;
        any = true;
        runOnPool(
            this, [files, path = url.toLocalFile()] { return files.keepFile(path); }, done);
    }
    if (any || !dropped.hasImage()) return;
    runOnPool(
        this,
        [files, picture = dropped.imageData().value<QImage>()] {
            QByteArray png;
            QBuffer buffer(&png);
            picture.save(&buffer, "PNG");
            return files.keep(png, u"screenshot.png"_s);
        },
        done);
}

void TimelinePane::record(const Result<KeptFile>& kept) {
    complain(kept ? QString() : kept.error().message);
    if (!kept) return;
    m_journal.append(m_current.id(), m_person, u"file"_s,
                     tr("kept %1 (%2)").arg(kept->name, sizeText(kept->bytes)),
                     {{u"file"_s, kept->toJson()}});
}

void TimelinePane::saveCopy(const KeptFile& file) {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    const QString path = folder + u'/' + QFileInfo(file.name).fileName();
    runOnPool(
        this,
        [files = m_journal.files(), sha = file.sha256, path]() -> Result<QString> {
            auto content = files.read(sha);
            if (!content) return tl::unexpected<Error>(content.error());
            QFile out(path);
            // Nothing of the user's is ever written over.
            if (!out.open(QIODevice::WriteOnly | QIODevice::NewOnly) ||
                out.write(*content) != content->size())
                return fail(ErrorCode::Disk,
                            u"%1 cannot be written: %2."_s.arg(path, out.errorString()));
            return path;
        },
        [this](const Result<QString>& written) {
            complain(written ? QString() : written.error().message);
            if (written) m_caption->setText(tr("saved as %1").arg(*written));
        });
}

void TimelinePane::setCapturer(incidents::Capturer& capturer) {
    m_capturer = &capturer;
    m_pinsPanel = new PinsPanel(capturer);
    m_pinsPanel->hide();
    m_column->insertWidget(1, m_pinsPanel);
    m_pins->show();
    const auto count = [this] {
        const auto pinned = m_capturer->pins().size();
        m_pins->setText(pinned > 0 ? tr("Pins %1").arg(pinned) : tr("Pins"));
    };
    count();
    connect(&capturer, &incidents::Capturer::pinsChanged, this, count);
    connect(m_pinsPanel, &PinsPanel::askRequested, this, [this] {
        if (!m_current.id().isEmpty()) m_capturer->capture(m_current.id(), tr("by hand"));
    });
}

void TimelinePane::togglePins() {
    if (m_pinsPanel) m_pinsPanel->setVisible(m_pinsPanel->isHidden());
}

void TimelinePane::pin(const Event& event) {
    if (!m_capturer) return;
    const QJsonObject receipt = event.detail[u"receipt"_s].toObject();
    incidents::Pin wanted;
    wanted.connection = receipt[u"connection"_s].toString();
    wanted.statement = receipt[u"statement"_s].toString();
    wanted.kind = event.kind == u"redis" ? u"redis"_s : u"postgres"_s;
    wanted.by = m_person;
    if (!receipt[u"unlock_reason"_s].toString().isEmpty())
        return complain(tr("That statement changes something; only what looks can be pinned."));
    whenDone(m_capturer->pin(wanted), this, [this](const Result<incidents::Pin>& pinned) {
        complain(pinned ? QString() : pinned.error().message);
    });
}

}  // namespace tocsin::ui
