#include "tests/support/sshserver.h"

#include <sys/stat.h>

#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

namespace tocsin::support {
namespace {

bool keyMade(const QString& path) {
    QProcess process;
    process.start(QStringLiteral("ssh-keygen"),
                  {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"),
                   QStringLiteral("-N"), QString(), QStringLiteral("-f"), path});
    return process.waitForFinished(60'000) && process.exitCode() == 0;
}

bool putPrivate(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() &&
           file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

QByteArray contentsOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

bool SshServer::start() {
    QTcpServer probe;
    if (!m_folder.isValid() || !probe.listen(QHostAddress::LocalHost)) return false;
    m_port = probe.serverPort();
    probe.close();
    ::mkdir("/run/sshd", 0755);  // where the server as root wants to be put
    for (const char* key : {"host", "other", "client"})
        if (!keyMade(path(key))) return false;
    const bool written =
        putPrivate(path("authorized"), contentsOf(path("client.pub"))) &&
        putPrivate(path("sshd_config"),
                   "ListenAddress 127.0.0.1\nPort " + QByteArray::number(m_port) + "\nHostKey " +
                       path("host").toUtf8() + "\nAuthorizedKeysFile " +
                       path("authorized").toUtf8() +
                       "\nStrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\n"
                       "PermitRootLogin prohibit-password\nAllowTcpForwarding yes\n");
    if (!written || !knows("host")) return false;
    m_process.start(QStringLiteral("/usr/sbin/sshd"), {QStringLiteral("-D"), QStringLiteral("-e"),
                                                       QStringLiteral("-f"), path("sshd_config")});
    if (!m_process.waitForStarted()) return false;
    return QTest::qWaitFor([this] {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port);
        return socket.waitForConnected(200);
    });
}

bool SshServer::knows(const char* key) const {
    const QByteArray publicKey = contentsOf(path(key) + QStringLiteral(".pub"));
    return putPrivate(path("known_hosts"),
                      "[127.0.0.1]:" + QByteArray::number(m_port) + ' ' + publicKey) &&
           putPrivate(path("config"),
                      "Host bastion\n  HostName 127.0.0.1\n  Port " + QByteArray::number(m_port) +
                          "\n  IdentityFile " + path("client").toUtf8() +
                          "\n  IdentitiesOnly yes\n  UserKnownHostsFile " +
                          path("known_hosts").toUtf8() + "\n  StrictHostKeyChecking no\n");
}

SshServer::~SshServer() {
    m_process.kill();
    m_process.waitForFinished();
}

}  // namespace tocsin::support
