#include "tool.h"

#include <QFile>
#include <QProcess>
#include <QTest>

namespace tocsin::test {

Tool::Tool() : environment(QProcessEnvironment::systemEnvironment()) {
    environment.insert(QStringLiteral("TOCSIN_WORKSPACE"), m_folder.path());
    environment.insert(QStringLiteral("TOCSIN_DATA"), m_folder.filePath(QStringLiteral("data")));
}

void Tool::write(const QString& name, const QByteArray& content) const {
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(file.fileName()));
    file.write(content);
}

Outcome Tool::run(const QStringList& args, const QByteArray& input) const {
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(qEnvironmentVariable("TOCSIN_BINARY"), args);
    process.write(input);
    process.closeWriteChannel();
    const bool ended =
        QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; }, 60000);
    if (!ended) process.kill();
    process.waitForFinished();
    return {ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput(), QString::fromUtf8(process.readAllStandardError())};
}

}  // namespace tocsin::test
