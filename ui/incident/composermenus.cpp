#include "ui/incident/composermenus.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeDatabase>
#include <QPushButton>

#include "sdk/async.h"
#include "ui/incident/postables.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {

// What no channel takes is not even read.
constexpr qint64 kLargestFile = 25 * 1024 * 1024;

Result<Attachment> readFile(const QString& path) {
    QFile file(path);
    const QString name = QFileInfo(path).fileName();
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Disk,
            u"%1 cannot be read. Choose a file that exists and is yours to read."_s.arg(name));
    if (file.size() > kLargestFile)
        return fail(
            ErrorCode::TooLarge,
            u"%1 is larger than 25 MB, which no channel takes. Send a link instead."_s.arg(name));
    return Attachment{name, QMimeDatabase().mimeTypeForFile(path).name(), file.readAll()};
}

QPushButton* menuButton(const QString& text, const QString& name, const QString& accessible) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(accessible);
    button->setToolTip(accessible);
    setRole(button, u"ghost"_s);
    auto* menu = new QMenu(button);
    menu->setObjectName(name + u"Menu"_s);
    button->setMenu(menu);
    return button;
}

}  // namespace

ComposerMenus::ComposerMenus(theme::Theme& theme, CurrentIncident& current, Clock& clock,
                             QWidget* parent)
    : QObject(parent), m_theme(theme), m_current(current), m_clock(clock), m_window(parent) {
    m_draft = menuButton(tr("Draft"), u"composerDraft"_s, tr("Words to begin with"));
    m_attach = menuButton(tr("Attach"), u"composerAttach"_s, tr("What goes along"));
    connect(m_draft->menu(), &QMenu::aboutToShow, this, [this] { fillDrafts(m_draft->menu()); });
    connect(m_attach->menu(), &QMenu::aboutToShow, this,
            [this] { fillAttachments(m_attach->menu()); });
}

incidents::UpdateRhythm ComposerMenus::rhythm() const {
    const auto& incident = m_current.incident();
    return incident ? m_sources.updates.value(incident->priority) : incidents::UpdateRhythm();
}

void ComposerMenus::fillDrafts(QMenu* menu) {
    menu->clear();
    QAction* timeline = menu->addAction(tr("From the timeline since the last update"), this,
                                        &ComposerMenus::draftFromTimeline);
    timeline->setEnabled(m_sources.timeline && m_current.incident());
    menu->addSeparator();
    for (const announcements::Canned canned : announcements::kCanned) {
        QAction* action = menu->addAction(nameOf(canned), this, [this, canned] {
            emit drafted(announcements::cannedUpdate(canned, *m_current.incident(), m_clock.now(),
                                                     rhythm()));
        });
        action->setEnabled(m_current.incident().has_value());
    }
}

void ComposerMenus::draftFromTimeline() {
    const incidents::Incident incident = *m_current.incident();
    whenDone(m_sources.timeline(incident.id), this,
             [this, incident](const Result<QVector<incidents::Event>>& events) {
                 if (!events) return emit failed(events.error().message);
                 emit drafted(announcements::draftUpdate(
                     incident, *events, m_clock.now(), m_sources.updates.value(incident.priority)));
             });
}

void ComposerMenus::fillAttachments(QMenu* menu) {
    menu->clear();
    menu->addAction(tr("Files…"), this, &ComposerMenus::chooseFiles);
    QAction* report = menu->addAction(tr("The post-mortem so far (Markdown)"), this,
                                      &ComposerMenus::attachPostMortem);
    report->setEnabled(m_sources.postMortem && m_current.incident());
    menu->addSeparator();
    const QVector<Alert> alerts = m_sources.alerts ? m_sources.alerts() : QVector<Alert>();
    for (const Alert& alert : alerts)
        if (alert.measurement && alert.measurement->trend.size() > 1)
            menu->addAction(tr("Chart of %1 (PNG)").arg(alert.key.left(60)), this, [this, alert] {
                if (const auto chart = chartOf(alert, m_theme)) emit attached(*chart);
            });
}

void ComposerMenus::attachPostMortem() {
    const QString incident = m_current.id();
    whenDone(m_sources.postMortem(incident), this,
             [this, incident](const Result<QByteArray>& content) {
                 if (!content) return emit failed(content.error().message);
                 emit attached({incident + u"-post-mortem.md"_s, u"text/markdown"_s, *content});
             });
}

void ComposerMenus::chooseFiles() {
    auto* dialog = new QFileDialog(m_window, tr("Attach files"));
    dialog->setObjectName(u"composerFiles"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    // Beside the window, never in front of what is going on.
    dialog->setWindowModality(Qt::NonModal);
    connect(dialog, &QFileDialog::filesSelected, this, &ComposerMenus::attachFiles);
    dialog->show();
}

void ComposerMenus::attachFiles(const QStringList& paths) {
    for (const QString& path : paths)
        runOnPool(
            this, [path] { return readFile(path); },
            [this](const Result<Attachment>& file) {
                if (!file) return emit failed(file.error().message);
                emit attached(*file);
            });
}

}  // namespace tocsin::ui
