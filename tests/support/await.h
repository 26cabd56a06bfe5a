#pragma once
#include <QFuture>
#include <QFutureWatcher>
#include <QSignalSpy>

namespace tocsin::test {

/// Lets the event loop run until the future is done; its value. For tests of one-shot operations.
template <typename T>
T await(const QFuture<T>& future) {
    constexpr int kPatienceMs = 20000;
    QFutureWatcher<T> watcher;
    QSignalSpy finished(&watcher, &QFutureWatcher<T>::finished);
    watcher.setFuture(future);
    if (!future.isFinished()) finished.wait(kPatienceMs);
    if (!future.isFinished()) qFatal("a future that the test waits for is not fulfilled");
    return future.result();
}

}  // namespace tocsin::test
