#include "ui/desktop/desktop.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {
namespace {

// More new keys than this at once are a storm: one pop-up says so instead.
constexpr qsizetype kMostAtOnce = 4;
const QString kAlert = u"alert/"_s;
const QString kStorm = u"storm"_s;
const QString kChannel = u"channel/"_s;

}  // namespace

Desktop::Desktop(theme::Theme& theme, alerts::Board& board, Clock& clock,
                 const QDBusConnection& bus, QObject* parent)
    : QObject(parent),
      m_board(board),
      m_mute(clock),
      m_notifications(bus),
      m_tray(theme, board, m_mute) {
    connect(&board, &alerts::Board::changed, this, &Desktop::lookSoon);
    connect(&m_mute, &Mute::changed, this, &Desktop::muteChanged);
    connect(&m_notifications, &Notifications::actionInvoked, this, &Desktop::act);
    connect(&m_notifications, &Notifications::dismissed, this,
            [this](const QString& key) { m_dismissed.insert(key); });
    connect(&m_tray, &TrayIcon::openRequested, this, [this] { emit openRequested({}); });
    lookSoon();
}

void Desktop::lookSoon() {
    if (std::exchange(m_dirty, true)) return;
    QMetaObject::invokeMethod(this, &Desktop::look, Qt::QueuedConnection);
}

void Desktop::look() {
    m_dirty = false;
    tell(m_news.update(m_board.alerts()));
}

void Desktop::tell(const AlertNews::Change& change) {
    for (const QString& key : change.over) {
        m_notifications.close(kAlert + key);
        m_dismissed.remove(kAlert + key);
    }
    if (m_mute.isOn()) return;
    if (change.isNew) m_bell.ring();
    qsizetype fresh = 0;
    for (const auto& [key, alerts] : change.told)
        fresh += !m_notifications.isShown(kAlert + key);
    if (fresh > kMostAtOnce) {
        Notice storm;
        storm.critical = true;
        storm.summary = tr("▲ %1 kinds of critical alerts at once").arg(change.told.size());
        QStringList keys;
        m_storm.clear();
        for (const auto& [key, alerts] : change.told) {
            keys << key;
            m_storm << alerts;
        }
        storm.body = keys.mid(0, 8).join(u", "_s) + (keys.size() > 8 ? u" …"_s : QString());
        storm.actions = {{u"default"_s, tr("Open")},
                         {u"acknowledge"_s, tr("Acknowledge")},
                         {u"open"_s, tr("Open")}};
        return m_notifications.show(kStorm, storm);
    }
    for (const auto& [key, alerts] : change.told) {
        const bool keptAway = m_dismissed.contains(kAlert + key) && !change.isNew;
        if (!keptAway) m_notifications.show(kAlert + key, noticeOf(key, alerts));
        if (change.isNew) m_dismissed.remove(kAlert + key);
    }
}

void Desktop::muteChanged() {
    if (m_mute.isOn()) return;
    // What came meanwhile and still fires is told now; without a bell, it is not new.
    AlertNews::Change missed;
    for (auto it = m_news.groups().begin(); it != m_news.groups().end(); ++it)
        if (!m_notifications.isShown(kAlert + it.key()) && !m_dismissed.contains(kAlert + it.key()))
            missed.told.append({it.key(), it.value()});
    tell(missed);
}

void Desktop::tellDue(const QString& what, const QString& sentence) {
    if (m_mute.isOn()) return;
    Notice notice;
    notice.summary = what.simplified();
    notice.body = sentence;
    notice.actions = {{u"default"_s, tr("Open")}, {u"open"_s, tr("Open")}};
    m_notifications.show(u"due/"_s + what, notice);
    m_bell.ring();
}

void Desktop::tellStopped(const QString& channel, const QString& sentence) {
    if (m_mute.isOn()) return;
    Notice notice;
    notice.critical = true;
    notice.summary = tr("▲ Messages to #%1 do not leave").arg(channel);
    notice.body = sentence;
    notice.actions = {{u"default"_s, tr("Open")}, {u"open"_s, tr("Open")}};
    m_notifications.show(kChannel + channel, notice);
    m_bell.ring();
}

void Desktop::channelRecovered(const QString& channel) {
    m_notifications.close(kChannel + channel);
}

void Desktop::tellUnattended(const QStringList& incidents) {
    Notice notice;
    notice.critical = true;
    notice.summary = incidents.size() == 1
                         ? tr("%1 is open, and nobody pages").arg(incidents.first())
                         : tr("%1 incidents are open, and nobody pages").arg(incidents.size());
    notice.body =
        tr("Tocsin was closed, so nothing escalates or is delivered. Open it again, or "
           "run “tocsin serve” to page without a window.");
    m_notifications.show(u"unattended"_s, notice);
}

void Desktop::act(const QString& key, const QString& action) {
    if (key.startsWith(kChannel)) return emit messagesRequested(key.mid(kChannel.size()));
    const QVector<Alert> alerts = key == kStorm ? m_storm : m_news.alertsOf(key.mid(kAlert.size()));
    if (action == u"acknowledge" && !alerts.isEmpty()) return emit acknowledgeRequested(alerts);
    emit openRequested(alerts.isEmpty() ? QString() : alerts::alertId(alerts.first()));
}

}  // namespace tocsin::ui
