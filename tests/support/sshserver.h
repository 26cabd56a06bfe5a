#pragma once
#include <QProcess>
#include <QTemporaryDir>

namespace tocsin::support {

/// A real OpenSSH server on a free port, with a host key of its own, that lets one key in; and the
/// configuration of a client that may go through it as "bastion". Ends with the object.
class SshServer {
public:
    ~SshServer();

    /// Blocks until it is usable. False: said() tells why.
    bool start();
    /// What the client believes from now on: the key "host" (its own) or "other" is this server's.
    bool knows(const char* key) const;
    /// The client's configuration file.
    QString config() const { return path("config"); }
    QByteArray said() { return m_process.readAllStandardError(); }

private:
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
    quint16 m_port = 0;
    QProcess m_process;
};

}  // namespace tocsin::support
