#pragma once
#include <QDBusConnection>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <optional>

namespace tocsin::ui {

/// One pop-up of the desktop.
struct Notice {
    QString summary;        ///< plain text
    QString body;           ///< plain text; escaped where the server reads markup
    bool critical = false;  ///< stays until it is closed
    bool silent = false;    ///< the server shall play nothing
    QVector<QPair<QString, QString>> actions = {};  ///< word and label; "default" is the click

    bool operator==(const Notice&) const = default;
};

/// Speaks to org.freedesktop.Notifications (Desktop Notifications Specification 1.2), never waits
/// for it, and does nothing where nobody answers; one that starts later is shown what is still due.
/// What is shown has a key: the same key again changes the pop-up in place.
class Notifications : public QObject {
    Q_OBJECT
public:
    explicit Notifications(const QDBusConnection& bus, QObject* parent = nullptr);

    void show(const QString& key, const Notice& notice);
    void close(const QString& key);
    bool isShown(const QString& key) const { return m_shown.contains(key); }

signals:
    void actionInvoked(const QString& key, const QString& action);
    /// The person closed it, or it expired: it is not shown again by itself.
    void dismissed(const QString& key);

private slots:
    void heardAction(uint id, const QString& action);
    void heardClosed(uint id, uint reason);

private:
    struct Shown {
        Notice notice = {};
        uint id = 0;  ///< 0: not answered yet
        bool sending = false, again = false, closing = false;
    };
    void askCapabilities();
    void send(const QString& key);
    void answered(const QString& key, uint id);
    void closeNow(uint id);
    QString keyOf(uint id) const;
    QVariantList arguments(const Shown& shown) const;

    QDBusConnection m_bus;
    std::optional<QStringList> m_capabilities;  // unknown until the server answered
    QHash<QString, Shown> m_shown;
    int m_generation = 0;  // of the server
};

}  // namespace tocsin::ui
