#pragma once
#include <QFutureWatcher>
#include <QtConcurrent>
#include <utility>

namespace tocsin {

/// Calls `then(value)` on `context`'s thread when `future` is done; never when it was cancelled or
/// `context` is gone. Call it from `context`'s own thread. Unlike QFuture::then(context, …), which
/// in Qt 6.4 asserts on the finishing thread when the context died first, this may outlive nobody.
template <typename T, typename Then>
void whenDone(const QFuture<T>& future, QObject* context, Then&& then) {
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, then = std::forward<Then>(then)]() mutable {
                         watcher->deleteLater();
                         if (!watcher->isCanceled()) then(watcher->result());
                     });
    watcher->setFuture(future);
}

/// Runs `compute` on a pool thread and hands its value, moved, to `then` on `context`'s thread,
/// under the same terms. `compute` must hold values only.
template <typename Compute, typename Then>
void runOnPool(QObject* context, Compute&& compute, Then&& then) {
    using T = std::invoke_result_t<std::decay_t<Compute>>;
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, then = std::forward<Then>(then)]() mutable {
                         watcher->deleteLater();
                         if (!watcher->isCanceled()) then(watcher->future().takeResult());
                     });
    watcher->setFuture(QtConcurrent::run(std::forward<Compute>(compute)));
}

}  // namespace tocsin
