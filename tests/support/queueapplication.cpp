#include "tests/support/queueapplication.h"

#include <QTest>

namespace tocsin::support {

using namespace Qt::StringLiterals;

QueueApplication::~QueueApplication() {
    m_process.kill();
    m_process.waitForFinished();
}

QString QueueApplication::start(const QString& library, quint16 redisPort, const QString& extent) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"NODE_PATH"_s, QStringLiteral(TOCSIN_QUEUE_LIBRARIES "/node_modules"));
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    QByteArray said;
    const auto reading = QObject::connect(&m_process, &QProcess::readyRead,
                                          [this, &said] { said += m_process.readAll(); });
    m_process.start(u"node"_s, {QStringLiteral(TOCSIN_QUEUE_FIXTURE), library,
                                QString::number(redisPort), extent});
    const bool ended = QTest::qWaitFor(
        [&] { return said.contains("ready") || m_process.state() == QProcess::NotRunning; },
        60'000);
    QObject::disconnect(reading);
    if (said.contains("ready")) return {};
    return u"%1 did not get ready%2: %3 %4"_s.arg(library, ended ? QString() : u" in time"_s,
                                                  QString::fromUtf8(said), m_process.errorString());
}

bool QueueApplication::stop() {
    m_process.closeWriteChannel();
    return QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 20'000);
}

}  // namespace tocsin::support
