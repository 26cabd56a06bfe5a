#pragma once
#include <QFuture>
#include <QObject>
#include <functional>

#include "announcements/drafting.h"
#include "sdk/alert.h"
#include "sdk/clock.h"
#include "sdk/message.h"
#include "ui/incident/currentincident.h"
#include "ui/theme/theme.h"

class QMenu;
class QPushButton;

namespace tocsin::ui {

/// Where the composer finds what can be written or sent along. What is left empty is not offered.
struct ComposerSources {
    std::function<QFuture<Result<QVector<incidents::Event>>>(const QString& incident)> timeline;
    std::function<QFuture<Result<QByteArray>>(const QString& incident)> postMortem;  ///< Markdown
    std::function<QVector<Alert>()> alerts;  ///< those of the current incident
    workspace::Wordings wordings;
    QMap<incidents::Priority, incidents::UpdateRhythm> updates{};  ///< when they are owed
};

/// The composer's two menus: words to begin with, and what goes along. Everything that takes time
/// is read elsewhere; the outcome comes as a signal.
class ComposerMenus : public QObject {
    Q_OBJECT
public:
    ComposerMenus(theme::Theme& theme, CurrentIncident& current, Clock& clock, QWidget* parent);

    void setSources(const ComposerSources& sources) { m_sources = sources; }
    const workspace::Wordings& wordings() const { return m_sources.wordings; }
    incidents::UpdateRhythm rhythm() const;  ///< of the current incident
    Clock& clock() { return m_clock; }
    QPushButton* draftButton() const { return m_draft; }
    QPushButton* attachButton() const { return m_attach; }
    /// Reads them on a pool thread; also for files that are dropped.
    void attachFiles(const QStringList& paths);

signals:
    void drafted(const QString& text);
    void attached(const tocsin::Attachment& attachment);
    void failed(const QString& sentence);

private:
    void fillDrafts(QMenu* menu);
    void fillAttachments(QMenu* menu);
    void draftFromTimeline();
    void attachPostMortem();
    void chooseFiles();

    theme::Theme& m_theme;
    CurrentIncident& m_current;
    Clock& m_clock;
    ComposerSources m_sources;
    QWidget* m_window;
    QPushButton *m_draft, *m_attach;
};

}  // namespace tocsin::ui
