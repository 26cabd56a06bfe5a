#pragma once
#include <QFuture>
#include <QTest>

namespace tocsin::test {

/// Lets the event loop run until the future is done; its value. For tests of one-shot operations.
template <typename T>
T await(QFuture<T> future) {
    [&] { QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), 20000); }();
    return future.result();
}

}  // namespace tocsin::test
