#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "sdk/sshtunnel.h"

using namespace tocsin;

/// What concerns the tunnel alone; real ways through a real sshd are the engines' tests.
class SshTunnelTest : public QObject {
    Q_OBJECT
private slots:
    void refusesOptions_data();
    void refusesOptions();
    void anotherListenerIsNotSsh();
};

void SshTunnelTest::refusesOptions_data() {
    QTest::addColumn<QString>("through");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("alias") << "bastion" << true;
    QTest::newRow("user and host") << "me@bastion.example" << true;
    QTest::newRow("option") << "-oProxyCommand=touch /tmp/x" << false;
    QTest::newRow("two words") << "bastion -v" << false;
}

void SshTunnelTest::refusesOptions() {
    QFETCH(const QString, through);
    QFETCH(const bool, allowed);
    QCOMPARE(checkRoute(QStringLiteral("cache"), through).has_value(), allowed);
}

/// While ssh still logs in, its port is free for anybody; a password must not go to them.
void SshTunnelTest::anotherListenerIsNotSsh() {
    QTemporaryDir folder;
    const QString told = folder.filePath(QStringLiteral("told"));
    QFile fake(folder.filePath(QStringLiteral("ssh")));
    QVERIFY(fake.open(QIODevice::WriteOnly));
    fake.write("#!/bin/sh\necho \"$@\" > " + told.toUtf8() + ".new\nmv " + told.toUtf8() + ".new " +
               told.toUtf8() + "\nexec sleep 60\n");
    fake.close();
    fake.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", folder.path().toUtf8() + ':' + path);
    SshTunnel tunnel;
    const auto started = tunnel.start({.connection = QStringLiteral("cache"),
                                       .through = QStringLiteral("bastion"),
                                       .host = QStringLiteral("db"),
                                       .port = 6379,
                                       .timeout = std::chrono::seconds(20)});
    qputenv("PATH", path);
    QVERIFY(started);
    QTRY_VERIFY(QFile::exists(told));
    QFile arguments(told);
    QVERIFY(arguments.open(QIODevice::ReadOnly));
    const QString forward =
        QString::fromUtf8(arguments.readAll()).section(QStringLiteral("127.0.0.1:"), 1);
    const auto port = forward.section(u':', 0, 0).toUShort();
    QVERIFY(port > 0);
    QTcpServer stranger;
    QVERIFY(stranger.listen(QHostAddress::LocalHost, port));
    const auto looked = tunnel.look();
    QVERIFY(looked.has_value());
    QVERIFY(!looked->has_value());
}

QTEST_GUILESS_MAIN(SshTunnelTest)
#include "tst_sshtunnel.moc"
