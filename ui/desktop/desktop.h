#pragma once
#include "alerts/board.h"
#include "ui/desktop/alertnews.h"
#include "ui/desktop/bell.h"
#include "ui/desktop/mute.h"
#include "ui/desktop/notifications.h"
#include "ui/desktop/trayicon.h"

namespace tocsin::ui {

/// What reaches a person who does not look at the window: pop-ups for critical alerts, one a key
/// and changed in place; the tray's icon; the bell. All of it is harmless where the desktop has no
/// such service. A mute keeps pop-ups and bell back, never the board, the tray or the strip.
class Desktop : public QObject {
    Q_OBJECT
public:
    Desktop(theme::Theme& theme, alerts::Board& board, Clock& clock, const QDBusConnection& bus,
            QObject* parent = nullptr);

    Mute& mute() { return m_mute; }
    Bell& bell() { return m_bell; }
    TrayIcon& tray() { return m_tray; }
    Notifications& notifications() { return m_notifications; }

    /// The commander owes something now, `what`: told and sounded.
    void tellDue(const QString& what, const QString& sentence);
    /// Messages of `channel` do not leave: told and sounded, until it works again.
    void tellStopped(const QString& channel, const QString& sentence);
    void channelRecovered(const QString& channel);
    /// Stays on the screen after the window is gone: `incidents` are open, and no process runs that
    /// would page.
    void tellUnattended(const QStringList& incidents);

signals:
    /// A pop-up or the tray was pressed; `alert` (an alerts::AlertId) may be empty.
    void openRequested(const QString& alert);
    void acknowledgeRequested(const QVector<tocsin::Alert>& alerts);
    /// The pop-up of a stopped channel was pressed.
    void messagesRequested(const QString& channel);

private:
    void lookSoon();
    void look();
    void tell(const AlertNews::Change& change);
    void muteChanged();
    void act(const QString& key, const QString& action);

    alerts::Board& m_board;
    Mute m_mute;
    Bell m_bell;
    Notifications m_notifications;
    TrayIcon m_tray;
    AlertNews m_news;
    QVector<Alert> m_storm;     ///< those of the pop-up that stands for many
    QSet<QString> m_dismissed;  ///< closed by the person: only what is new opens them again
    bool m_dirty = false;
};

}  // namespace tocsin::ui
