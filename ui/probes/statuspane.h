#pragma once
#include <QUrl>
#include <QWidget>
#include <vector>

#include "sdk/clock.h"
#include "sdk/probe.h"
#include "ui/query/outcome.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace tocsin::theme {
class Theme;
}

namespace tocsin::ui {

class ProbeCard;

/// All probes of the workspace: level, latency, age, and what each vendor announces. Looks at each
/// once a minute, and at once on demand. GUI thread.
class StatusPane : public QWidget {
    Q_OBJECT
public:
    /// Both must outlive the pane.
    StatusPane(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);

    /// Adds a probe and looks at it. The probe belongs to the caller and must outlive the pane or
    /// be deleted as a QObject; its card then goes too. Adding a name again replaces its probe.
    void addProbe(const QString& name, Probe* probe);
    /// Looks now at the probe whose page is `url` (same host, and the path where both have one) and
    /// shows it; emits unknownPage when no probe has that page.
    void lookAt(const QUrl& url, RunTicket ticket = 0);
    /// Looks at all of them now.
    void lookAgain();

    /// The worst level of all that have been looked at; Unknown when one could not be.
    ProbeLevel worst() const;

signals:
    /// A look that a person asked for has ended.
    void ran(const tocsin::ui::Outcome& outcome);
    /// `notOk`: how many are not ok, unknown ones included.
    void worstChanged(tocsin::ProbeLevel worst, int notOk);
    /// lookAt() was asked for a page that no probe watches: make one and call addProbe(), then
    /// lookAt() again.
    void unknownPage(const QUrl& url, tocsin::ui::RunTicket ticket);

private:
    void build();
    void look(ProbeCard* card, bool asked, RunTicket ticket = 0);
    void tick();
    void recount();
    ProbeCard* cardFor(const QUrl& url) const;

    theme::Theme& m_theme;
    Clock& m_clock;
    std::vector<ProbeCard*> m_cards;
    QVBoxLayout* m_list = nullptr;
    QScrollArea* m_scroll = nullptr;
    QPushButton* m_lookAll = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_empty = nullptr;
    ProbeLevel m_worst = ProbeLevel::Ok;
    int m_notOk = -1;
};

}  // namespace tocsin::ui
