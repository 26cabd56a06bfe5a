#include <QtTest>
#include <memory>

#include "sdk/async.h"

using namespace tocsin;

/// Futures that end on another thread, and receivers that may be gone by then.
class TestAsync : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_promise = std::make_shared<QPromise<int>>();
        m_promise->start();
        m_context = std::make_unique<QObject>();
    }

    void handsOverOnTheContextsThread() {
        QThread* where = nullptr;
        int got = 0;
        whenDone(m_promise->future(), m_context.get(), [&](int value) {
            got = value;
            where = QThread::currentThread();
        });
        finishElsewhere(7);
        QTRY_COMPARE(got, 7);
        QCOMPARE(where, thread());
    }

    void aFutureWithoutValue() {
        bool called = false;
        whenDone(QtConcurrent::run([] {}), m_context.get(), [&called] { called = true; });
        QTRY_VERIFY(called);
    }

    void theContextMayBeGone() {
        bool called = false;
        whenDone(m_promise->future(), m_context.get(), [&called](int) { called = true; });
        m_context.reset();
        finishElsewhere(7);
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void aCancelledFutureIsNoValue() {
        bool called = false;
        whenDone(m_promise->future(), m_context.get(), [&called](int) { called = true; });
        m_promise.reset();
        QTRY_VERIFY(m_context->children().isEmpty());
        QVERIFY(!called);
    }

    void aChainHandsOn() {
        const QFuture<QString> next = chained(m_promise->future(), m_context.get(),
                                              [](int value) { return QString::number(value); });
        QVERIFY(!next.isFinished());
        finishElsewhere(7);
        QTRY_VERIFY(next.isFinished());
        QCOMPARE(next.result(), QStringLiteral("7"));
    }

    void aChainEndsWithItsContext() {
        const QFuture<int> next =
            chained(m_promise->future(), m_context.get(), [](int value) { return value; });
        m_context.reset();
        QVERIFY(next.isFinished());
        QVERIFY(next.isCanceled());
        finishElsewhere(7);
    }

    void aChainEndsWithItsSource() {
        const QFuture<int> next =
            chained(m_promise->future(), m_context.get(), [](int value) { return value; });
        m_promise.reset();
        QTRY_VERIFY(next.isFinished());
        QVERIFY(next.isCanceled());
    }

private:
    void finishElsewhere(int value) {
        const std::unique_ptr<QThread> other(QThread::create([this, value] {
            m_promise->addResult(value);
            m_promise->finish();
        }));
        other->start();
        QVERIFY(other->wait());
    }

    std::shared_ptr<QPromise<int>> m_promise;
    std::unique_ptr<QObject> m_context;
};

QTEST_GUILESS_MAIN(TestAsync)
#include "tst_async.moc"
