#pragma once
#include <QMenu>
#include <QSystemTrayIcon>

#include "alerts/board.h"
#include "ui/desktop/mute.h"
#include "ui/theme/marks.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The worst that is known, in one look.
struct TrayState {
    theme::Mark mark = theme::Mark::Question;
    QString sentence;  ///< "2 critical, 5 warning; prod unknown"

    bool operator==(const TrayState&) const = default;
};
/// Critical, else warning, else unknown (a source that does not answer, or none at all), else well.
/// Unknown is never green.
TrayState trayState(const QHash<alerts::AlertId, Alert>& alerts,
                    const QVector<alerts::SourceHealth>& sources);
/// The mark on a disc of the window's ground, legible on any panel. Struck through when muted.
QIcon trayPicture(const theme::Theme& theme, theme::Mark mark, bool muted);

/// The tray's icon and menu. Where the desktop has no tray it is simply not seen.
class TrayIcon : public QObject {
    Q_OBJECT
public:
    TrayIcon(theme::Theme& theme, alerts::Board& board, Mute& mute, QObject* parent = nullptr);
    ~TrayIcon() override;

    const TrayState& state() const { return m_state; }
    QMenu& menu() { return m_menu; }

signals:
    void openRequested();

private:
    void refreshSoon();
    void refresh();
    void buildMenu();

    theme::Theme& m_theme;
    alerts::Board& m_board;
    Mute& m_mute;
    QMenu m_menu;
    QSystemTrayIcon m_icon;
    TrayState m_state;
    bool m_dirty = false;
};

}  // namespace tocsin::ui
