#include "tests/support/started.h"

#include <QSignalSpy>
#include <QTest>

namespace tocsin::support {
namespace {
constexpr int kStartWithinMs = 60000;
}

QString started(drill::LocalServer& server) {
    QString problem;
    const auto failure = QObject::connect(
        &server, &drill::LocalServer::failed, &server,
        [&problem](const Error& error) { problem = error.message + u'\n' + error.detail; });
    server.start();
    const bool ended =
        QTest::qWaitFor([&] { return server.isReady() || !problem.isEmpty(); }, kStartWithinMs);
    QObject::disconnect(failure);
    if (!ended)
        return QStringLiteral("not ready within a minute: ") + QString::fromUtf8(server.log());
    return problem;
}

bool stopped(drill::LocalServer& server) {
    bool gone = false;
    const auto end =
        QObject::connect(&server, &drill::LocalServer::stopped, &server, [&gone] { gone = true; });
    server.stop();
    const bool ended = QTest::qWaitFor([&] { return gone; }, kStartWithinMs);
    QObject::disconnect(end);
    return ended;
}

}  // namespace tocsin::support
