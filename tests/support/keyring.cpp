#include "keyring.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QFile>
#include <QTest>

namespace tocsin::support {
namespace {

constexpr int kPatienceMs = 20000;

void end(QProcess& process) {
    if (process.state() == QProcess::NotRunning) return;
    process.terminate();
    if (process.waitForFinished(kPatienceMs)) return;
    process.kill();
    process.waitForFinished(kPatienceMs);
}

/// Reads until `text` has come; false when the process ends or patience does.
bool waitFor(QProcess& process, const QByteArray& text) {
    QByteArray seen;
    while (!seen.contains(text)) {
        if (!process.bytesAvailable() && !process.waitForReadyRead(kPatienceMs)) return false;
        seen += process.readAll();
    }
    return true;
}

}  // namespace

Keyring::~Keyring() {
    end(m_keyring);
    end(m_bus);
}

QString Keyring::startBusOnly() {
    if (!m_home.isValid()) return QStringLiteral("No temporary home: ") + m_home.errorString();
    for (const char* variable : {"HOME", "XDG_RUNTIME_DIR"})
        qputenv(variable, m_home.path().toLocal8Bit());
    for (const char* variable : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
        qputenv(variable,
                (m_home.path() + QLatin1Char('/') + QLatin1String(variable)).toLocal8Bit());
    // No desktop: the backend is the Secret Service alone, and nothing may ask on a screen.
    for (const char* variable :
         {"XDG_CURRENT_DESKTOP", "DISPLAY", "WAYLAND_DISPLAY", "KDE_FULL_SESSION"})
        qunsetenv(variable);

    const QString address = QStringLiteral("unix:path=%1/bus").arg(m_home.path());
    // A configuration without service folders: nothing is started by being talked to.
    QFile config(m_home.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly)) return config.errorString();
    config.write(
        QStringLiteral("<busconfig><type>session</type><listen>%1</listen>"
                       "<policy context=\"default\"><allow send_destination=\"*\"/>"
                       "<allow own=\"*\"/><allow eavesdrop=\"true\"/></policy></busconfig>")
            .arg(address)
            .toUtf8());
    config.close();
    m_bus.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--nofork"), QStringLiteral("--print-address"),
                 QStringLiteral("--config-file"), config.fileName()});
    if (!m_bus.waitForStarted(kPatienceMs) || !waitFor(m_bus, "unix:"))
        return QStringLiteral("dbus-daemon does not start: ") + m_bus.errorString() +
               QString::fromUtf8(m_bus.readAllStandardError());
    qputenv("DBUS_SESSION_BUS_ADDRESS", address.toLocal8Bit());
    return {};
}

QString Keyring::start() {
    if (const QString problem = startBusOnly(); !problem.isEmpty()) return problem;
    return startDaemon({QStringLiteral("--unlock")});
}

QString Keyring::restartLocked() {
    end(m_keyring);
    return startDaemon({});
}

QString Keyring::startDaemon(const QStringList& options) {
    m_keyring.setProcessChannelMode(QProcess::MergedChannels);
    m_keyring.start(
        QStringLiteral("gnome-keyring-daemon"),
        QStringList{QStringLiteral("--foreground"), QStringLiteral("--components=secrets")} +
            options);
    if (!m_keyring.waitForStarted(kPatienceMs))
        return QStringLiteral("gnome-keyring-daemon does not start: ") + m_keyring.errorString();
    m_keyring.write("a password for this test");  // creates and unlocks the login keyring
    m_keyring.closeWriteChannel();
    // It says nothing when it is ready; it takes its name on the bus.
    const QString address = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    QDBusConnection bus = QDBusConnection::connectToBus(address, QStringLiteral("keyring fixture"));
    const bool ready = QTest::qWaitFor(
        [&bus] {
            return bus.interface() &&
                   bus.interface()->isServiceRegistered(QStringLiteral("org.freedesktop.secrets"));
        },
        kPatienceMs);
    QDBusConnection::disconnectFromBus(QStringLiteral("keyring fixture"));
    if (!ready)
        return QStringLiteral("gnome-keyring-daemon gave up: ") +
               QString::fromUtf8(m_keyring.readAll());
    return {};
}

void Keyring::stopKeyring() {
    end(m_keyring);
}

}  // namespace tocsin::support
