#pragma once
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace tocsin::support {

/// A real gnome-keyring-daemon on a session bus of its own, with its files in a temporary home.
/// Makes itself this process's bus and home, so make it before anything talks to D-Bus, in a test
/// that has nothing else to do with either. Missing programs are a failure, not a reason to skip.
class Keyring {
public:
    ~Keyring();

    /// Starts the bus and the keyring, unlocked. Returns what went wrong; empty when it is ready.
    QString start();
    /// Only the bus: nobody keeps secrets here.
    QString startBusOnly();
    /// Starts the keyring again with what it holds, but locked and with nobody to ask for the
    /// password.
    QString restartLocked();
    /// Ends the keyring; the bus stays.
    void stopKeyring();

    QString home() const { return m_home.path(); }

private:
    QString startDaemon(const QStringList& options);

    QTemporaryDir m_home;
    QProcess m_bus;
    QProcess m_keyring;
};

}  // namespace tocsin::support
