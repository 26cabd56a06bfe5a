#pragma once
#include <QFutureWatcher>
#include <QPromise>
#include <QThread>
#include <QThreadPool>
#include <QtConcurrent>
#include <algorithm>
#include <memory>
#include <utility>

namespace tocsin {

/// A part of a list: [begin, end).
struct Share {
    qsizetype begin = 0, end = 0;
};

/// Cuts a list of `count` things into as many shares as there are processors, has `compute(share)`
/// made of all at once on pool threads, and waits: the values in the order of the list. For work
/// that is worth a millisecond; from any thread but the GUI's, a pool's own as well.
template <typename Compute>
auto computedInShares(qsizetype count, const Compute& compute) {
    using T = std::invoke_result_t<Compute, Share>;
    const qsizetype parts = std::max(QThread::idealThreadCount(), 1);
    QVector<Share> shares;
    for (qsizetype i = 0; i < parts; ++i)
        if (const Share share{count * i / parts, count * (i + 1) / parts}; share.begin < share.end)
            shares.append(share);
    QThreadPool* pool = QThreadPool::globalInstance();
    pool->releaseThread();  // this thread only waits; another may have its place
    auto values = QtConcurrent::blockingMapped<QVector<T>>(pool, shares, compute);
    pool->reserveThread();
    return values;
}

/// Calls `then(value)` on `context`'s thread when `future` is done; never when it was cancelled or
/// `context` is gone. Call it from `context`'s own thread. Unlike QFuture::then(context, …), which
/// in Qt 6.4 asserts on the finishing thread when the context died first, this may outlive nobody.
/// `then` takes nothing for a QFuture<void>.
template <typename T, typename Then>
void whenDone(const QFuture<T>& future, QObject* context, Then&& then) {
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, then = std::forward<Then>(then)]() mutable {
                         watcher->deleteLater();
                         if (watcher->isCanceled()) return;
                         if constexpr (std::is_void_v<T>)
                             then();
                         else
                             then(watcher->result());
                     });
    watcher->setFuture(future);
}

/// whenDone() for a step in the middle: the future of what `then` returns. It ends as cancelled
/// where whenDone() would not have called.
template <typename T, typename Then>
auto chained(const QFuture<T>& future, QObject* context, Then&& then) {
    using Next = std::invoke_result_t<std::decay_t<Then>, T>;
    auto promise = std::make_shared<QPromise<Next>>();
    promise->start();
    // The last to hold the promise is the watcher's connection; with it, an unkept one is
    // cancelled.
    whenDone(future, context, [promise, then = std::forward<Then>(then)](const T& value) mutable {
        promise->addResult(then(value));
        promise->finish();
    });
    return promise->future();
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
