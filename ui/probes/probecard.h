#pragma once
#include <QFrame>
#include <QPointer>
#include <optional>

#include "sdk/clock.h"
#include "sdk/probe.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace tocsin::ui {

class LevelMark;

/// One probe in the status pane: level, summary, latency and age on one line; what the vendor
/// announces and the components below, on demand. GUI thread.
class ProbeCard : public QFrame {
    Q_OBJECT
public:
    /// `theme` and `clock` must outlive the card; `probe` may die first.
    ProbeCard(theme::Theme& theme, Clock& clock, const QString& name, Probe* probe,
              QWidget* parent = nullptr);

    const QString& name() const { return m_name; }
    Probe* probe() const { return m_probe; }
    void setProbe(Probe* probe);
    const std::optional<ProbeReport>& report() const { return m_report; }
    bool isLooking() const { return m_lookingSince.has_value(); }

    void showLooking();
    void showReport(const ProbeReport& report);
    void setOpen(bool open);
    /// Renews what depends on the time.
    void tick();

signals:
    void lookRequested();

private:
    void build();
    void fillBody();
    QWidget* noticeLine(const ProbeNotice& notice);
    QWidget* componentLine(const ProbeComponent& component);
    void addLine(QWidget* line);

    theme::Theme& m_theme;
    Clock& m_clock;
    QString m_name;
    QPointer<Probe> m_probe;
    std::optional<ProbeReport> m_report;
    std::optional<std::chrono::milliseconds> m_lookingSince;
    LevelMark* m_mark = nullptr;
    QLabel* m_level = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_figures = nullptr;
    QPushButton* m_look = nullptr;
    QToolButton* m_expand = nullptr;
    QWidget* m_body = nullptr;
    QVBoxLayout* m_lines = nullptr;
};

}  // namespace tocsin::ui
