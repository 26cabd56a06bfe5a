#include "ui/desktop/notifications.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>

using namespace Qt::StringLiterals;

namespace tocsin::ui {
namespace {

const QString kService = u"org.freedesktop.Notifications"_s;
const QString kPath = u"/org/freedesktop/Notifications"_s;
constexpr uchar kUrgencyNormal = 1, kUrgencyCritical = 2;
constexpr int kServerDecides = -1, kNeverExpires = 0;

QDBusMessage call(const QString& method, const QVariantList& arguments = {}) {
    QDBusMessage message = QDBusMessage::createMethodCall(kService, kPath, kService, method);
    message.setArguments(arguments);
    return message;
}

}  // namespace

Notifications::Notifications(const QDBusConnection& bus, QObject* parent)
    : QObject(parent), m_bus(bus) {
    if (!m_bus.isConnected()) return;
    m_bus.connect(kService, kPath, kService, u"ActionInvoked"_s, this,
                  SLOT(heardAction(uint, QString)));
    m_bus.connect(kService, kPath, kService, u"NotificationClosed"_s, this,
                  SLOT(heardClosed(uint, uint)));
    auto* watcher =
        new QDBusServiceWatcher(kService, m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString&, const QString&, const QString& owner) {
                // Another server knows nothing of the ids of the one before; it is shown all anew.
                ++m_generation;
                for (Shown& shown : m_shown)
                    shown = {.notice = shown.notice};
                m_capabilities.reset();
                if (!owner.isEmpty()) askCapabilities();
            });
    askCapabilities();
}

void Notifications::askCapabilities() {
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call(u"GetCapabilities"_s)), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QStringList> reply = *watcher;
        if (reply.isError()) return;  // nobody is there; whoever comes is shown what waits
        m_capabilities = reply.value();
        for (const QString& key : m_shown.keys())
            send(key);
    });
}

void Notifications::show(const QString& key, const Notice& notice) {
    if (!m_bus.isConnected()) return;
    Shown& shown = m_shown[key];
    if (shown.notice == notice && (shown.id != 0 || shown.sending) && !shown.closing) return;
    shown.notice = notice;
    shown.closing = false;
    send(key);
}

QVariantList Notifications::arguments(const Shown& shown) const {
    const auto can = [this](const QString& what) { return m_capabilities->contains(what); };
    QStringList actions;
    if (can(u"actions"_s))
        for (const auto& [word, label] : shown.notice.actions)
            actions << word << label;
    QVariantMap hints{{u"urgency"_s, QVariant::fromValue(shown.notice.critical ? kUrgencyCritical
                                                                               : kUrgencyNormal)},
                      {u"desktop-entry"_s, u"org.tocsin.Tocsin"_s},
                      {u"category"_s, u"device.error"_s}};
    // The bell is ours (sound.h): a desktop that rings as well would ring twice.
    if (can(u"sound"_s)) hints.insert(u"suppress-sound"_s, true);
    const QString body =
        can(u"body-markup"_s) ? shown.notice.body.toHtmlEscaped() : shown.notice.body;
    return {u"Tocsin"_s,
            shown.id,
            u"org.tocsin.Tocsin"_s,
            shown.notice.summary,
            body,
            actions,
            hints,
            shown.notice.critical ? kNeverExpires : kServerDecides};
}

void Notifications::send(const QString& key) {
    Shown& shown = m_shown[key];
    if (!m_capabilities) return;  // their answer sends it
    if (shown.sending) {
        shown.again = true;
        return;
    }
    shown.sending = true;
    shown.again = false;
    auto* watcher =
        new QDBusPendingCallWatcher(m_bus.asyncCall(call(u"Notify"_s, arguments(shown))), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, key, watcher, generation = m_generation] {
                watcher->deleteLater();
                if (generation != m_generation) return;
                const QDBusPendingReply<uint> reply = *watcher;
                answered(key, reply.isError() ? 0 : reply.value());
            });
}

void Notifications::answered(const QString& key, uint id) {
    const auto found = m_shown.find(key);
    if (found == m_shown.end()) return;
    found->sending = false;
    found->id = id;
    if (id == 0 || found->closing) {
        m_shown.erase(found);
        if (id != 0) closeNow(id);
    } else if (found->again) {
        send(key);
    }
}

void Notifications::close(const QString& key) {
    const auto found = m_shown.find(key);
    if (found == m_shown.end()) return;
    if (found->sending) {
        found->closing = true;
        return;
    }
    const uint id = found->id;
    m_shown.erase(found);
    if (id != 0) closeNow(id);
}

void Notifications::closeNow(uint id) {
    m_bus.asyncCall(call(u"CloseNotification"_s, {id}));
}

QString Notifications::keyOf(uint id) const {
    for (auto it = m_shown.begin(); it != m_shown.end(); ++it)
        if (it->id == id) return it.key();
    return {};
}

void Notifications::heardAction(uint id, const QString& action) {
    if (const QString key = keyOf(id); !key.isNull()) emit actionInvoked(key, action);
}

void Notifications::heardClosed(uint id, uint reason) {
    Q_UNUSED(reason)
    const QString key = keyOf(id);
    if (key.isNull()) return;
    m_shown.remove(key);
    emit dismissed(key);
}

}  // namespace tocsin::ui
