#include "inspection/keywalk.h"

#include <QPromise>
#include <QtTest>

#include "inspection/connection.h"

using namespace tocsin;
using namespace tocsin::inspection;
using namespace std::chrono_literals;

namespace {

Reply integer(qint64 number) {
    return Reply(ReplyKind::Integer, QByteArray::number(number));
}

Reply list(const std::vector<Reply>& children) {
    return Reply(ReplyKind::Array, {}, children);
}

/// A server whose every answer takes as long as the test says, by the receipt: a PING a
/// millisecond, until others are busy. Every step of a walk finds `found` keys, and there is always
/// a next one, at another cursor unless it `repeats`.
class SlowEngine : public QueryEngine {
public:
    QFuture<Result<ServerIdentity>> open() override {
        return at(
            Result<ServerIdentity>(ServerIdentity{QStringLiteral("Redis"), {}, {}, {}, false, {}}));
    }
    void close() override {}
    QFuture<Verdict> judge(const QString&) override { return {}; }
    QFuture<Result<QueryResult>> run(const Query& query) override {
        asked << query.text;
        QueryResult result;
        const bool isPing = query.text.startsWith(QStringLiteral("DBSIZE"));
        const auto late = isPing ? std::exchange(lateOnce, 0us) : 0us;
        result.receipt.total = result.receipt.firstRow = late > 0us ? late
                                                         : isPing   ? pingTakes
                                                                    : takes;
        result.reply = std::make_shared<const Reply>(answer(query.text));
        return at(Result<QueryResult>(result));
    }
    void cancel() override {}
    QFuture<Result<QString>> decide(bool) override { return {}; }
    EngineState state() const override { return EngineState::Ready; }

    /// COUNT of the last step.
    int lastCount() const {
        const QString count = QStringLiteral("--count");
        for (auto it = asked.crbegin(); it != asked.crend(); ++it)
            if (it->contains(count)) return it->section(count, 1).section(u' ', 1, 1).toInt();
        return 0;
    }
    /// The largest of the last turns in which expiries were asked, one a line.
    qsizetype lastTurn(qsizetype turns = 1) const {
        qsizetype most = 0;
        for (auto it = asked.crbegin(); it != asked.crend() && turns > 0; ++it)
            if (it->startsWith(QStringLiteral("PTTL"))) {
                most = std::max(most, it->count(u'\n'));
                --turns;
            }
        return most;
    }

    std::chrono::microseconds takes{1ms};
    std::chrono::microseconds pingTakes{1ms};
    std::chrono::microseconds lateOnce{0};  ///< the next PING alone
    int found = 1;
    bool repeats = false;
    QStringList asked;

private:
    template <typename T>
    static QFuture<T> at(T value) {
        QPromise<T> promise;
        promise.start();
        promise.addResult(std::move(value));
        promise.finish();
        return promise.future();
    }
    Reply answer(const QString& text) const {
        if (text.startsWith(QStringLiteral("DBSIZE")))
            return list({integer(1'000'000), Reply(ReplyKind::SimpleString, "PONG")});
        if (text.startsWith(QStringLiteral("--scan"))) {
            std::vector<Reply> keys;
            for (int i = 0; i < found; ++i)
                keys.emplace_back(ReplyKind::BulkString, "k" + QByteArray::number(i));
            const qsizetype cursor = repeats ? 17 : asked.size();
            return list(
                {Reply(ReplyKind::BulkString, QByteArray::number(cursor)), list(keys), integer(1)});
        }
        return list(std::vector<Reply>(static_cast<std::size_t>(text.count(u'\n')), integer(-1)));
    }
};

}  // namespace

/// What a walk, and the filter behind it, do when the server is busy. Times are the receipts'.
class TestKeyWalk : public QObject {
    Q_OBJECT
private slots:
    void init();
    void takesLargerStepsWhereNobodyFeelsIt();
    void takesSmallerStepsOnABusyServer();
    void backsOffWhenOthersAreBusy();
    void takesOneLatePingForChance();
    void learnsHowLongNothingTakes();
    void waitsWhereTheSmallestIsStillSlow();
    void asksLessAtOnceOnABusyServer();
    void askingWaitsAsWell();
    void endsWithItsConnection();
    void endsWhereTheCursorIsRepeated();

private:
    static void rest();

    TestClock m_clock;
    SlowEngine* m_engine = nullptr;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<KeyWalk> m_walk;
};

void TestKeyWalk::init() {
    auto engine = std::make_unique<SlowEngine>();
    m_engine = engine.get();
    m_walk.reset();
    m_connection = std::make_unique<Connection>(
        ConnectionInfo{QStringLiteral("cache"), QStringLiteral("redis"), {}}, std::move(engine),
        Error{}, m_clock);
    m_walk = std::make_unique<KeyWalk>(*m_connection, m_clock);
}

/// Whatever it does without the clock, it has done.
void TestKeyWalk::rest() {
    for (int turn = 0; turn < 50; ++turn)
        QCoreApplication::processEvents();
}

void TestKeyWalk::takesLargerStepsWhereNobodyFeelsIt() {
    m_walk->start("*");
    QTRY_VERIFY(m_engine->asked.size() >= 12);
    QCOMPARE(m_engine->asked.first(), QStringLiteral("DBSIZE\nPING"));
    QCOMPARE(m_engine->lastCount(), 1000);
}

void TestKeyWalk::takesSmallerStepsOnABusyServer() {
    m_engine->takes = 4ms;  // three more than nothing takes
    m_walk->start("*");
    QTRY_VERIFY(m_engine->asked.size() >= 8);
    QCOMPARE(m_engine->lastCount(), 50);
    // And grows again when the others are done.
    m_engine->takes = 1500us;
    const auto before = m_engine->asked.size();
    QTRY_VERIFY(m_engine->asked.size() >= before + 12);
    QCOMPARE(m_engine->lastCount(), 1000);
}

/// The steps are fast, and yet whoever else asks is served late: only a PING of now tells.
void TestKeyWalk::backsOffWhenOthersAreBusy() {
    m_walk->start("*");
    QTRY_COMPARE(m_engine->lastCount(), 1000);
    QVERIFY(m_walk->progress().idlePing == 1ms);
    m_engine->pingTakes = 9ms;
    QTRY_COMPARE(m_engine->lastCount(), 62);
    rest();
    m_clock.advance(20ms);  // the least is next, and waits
    QTRY_COMPARE(m_engine->lastCount(), 50);
    rest();
    const auto asked = m_engine->asked.size();
    m_clock.advance(19ms);
    rest();
    QCOMPARE(m_engine->asked.size(), asked);  // each step waits
    m_engine->pingTakes = 1500us;
    for (int breath = 0; breath < 20 && m_engine->lastCount() == 50; ++breath) {
        m_clock.advance(20ms);
        rest();
    }
    QTRY_COMPARE(m_engine->lastCount(), 1000);
    QVERIFY(m_walk->progress().idlePing == 1ms);
}

/// One late PING costs a smaller step, and no more.
void TestKeyWalk::takesOneLatePingForChance() {
    m_walk->start("*");
    QTRY_COMPARE(m_engine->lastCount(), 1000);
    m_engine->lateOnce = 9ms;
    const auto taken = [this](const char* count) {
        return m_engine->asked.filter(QStringLiteral("--count ") + QLatin1String(count)).size();
    };
    QTRY_COMPARE(taken("500"), 1);
    QTRY_COMPARE(m_engine->lastCount(), 1000);  // without the clock: it never waited
    QCOMPARE(taken("250"), 0);
}

/// What a walk began with may have been the busy moment: the fastest PING is what nothing takes.
void TestKeyWalk::learnsHowLongNothingTakes() {
    m_engine->pingTakes = 9ms;
    m_engine->takes = 9ms;
    m_walk->start("*");
    QTRY_VERIFY(m_engine->asked.size() >= 5);
    m_engine->pingTakes = 1ms;
    QTRY_VERIFY(m_walk->progress().idlePing == 1ms);
    QTRY_COMPARE(m_engine->lastCount(), 62);
}

void TestKeyWalk::waitsWhereTheSmallestIsStillSlow() {
    m_engine->takes = 30ms;
    m_walk->start("*");
    QTRY_COMPARE(m_engine->asked.size(), 3);  // PING, and steps of 200 and of 100
    for (const int asked : {4, 5}) {
        m_clock.advance(19ms);
        rest();
        QCOMPARE(m_engine->asked.size(), asked - 1);
        m_clock.advance(1ms);
        QTRY_COMPARE(m_engine->asked.size(), asked);
        QCOMPARE(m_engine->lastCount(), 50);
        rest();
    }
    QVERIFY(m_walk->isWalking());
}

void TestKeyWalk::asksLessAtOnceOnABusyServer() {
    m_engine->found = 20'000;
    m_walk->start("*", {}, {KeyFilter::Expiry::Never, {}, 0});
    QTRY_VERIFY(m_engine->asked.size() >= 12);
    QCOMPARE(m_engine->lastTurn(3), 500);  // the last of a step is what was left
    m_engine->takes = 4ms;
    const auto before = m_engine->asked.size();
    QTRY_VERIFY(m_engine->asked.size() >= before + 12);
    QCOMPARE(m_engine->lastTurn(3), 10);
    QVERIFY(m_walk->cost().longestTurn == 4ms);
}

void TestKeyWalk::askingWaitsAsWell() {
    m_engine->found = 20'000;
    m_engine->takes = 30ms;
    m_walk->start("*", {}, {KeyFilter::Expiry::Never, {}, 0});
    QTRY_COMPARE(m_engine->asked.size(), 6);  // PING, a step, and the expiry of 100, 50, 25 and 12
    m_clock.advance(19ms);
    rest();
    QCOMPARE(m_engine->asked.size(), 6);
    m_clock.advance(1ms);
    QTRY_COMPARE(m_engine->asked.size(), 7);
    QCOMPARE(m_engine->lastTurn(), 10);
}

void TestKeyWalk::endsWithItsConnection() {
    m_engine->takes = 30ms;
    QSignalSpy ended(m_walk.get(), &KeyWalk::ended);
    m_walk->start("*");
    QTRY_COMPARE(m_engine->asked.size(), 3);
    rest();
    m_connection.reset();
    m_clock.advance(20ms);
    QTRY_COMPARE(ended.size(), 1);
    QVERIFY(!m_walk->isWalking());
}

void TestKeyWalk::endsWhereTheCursorIsRepeated() {
    m_engine->repeats = true;
    std::optional<Error> problem;
    connect(m_walk.get(), &KeyWalk::ended, this,
            [&problem](const std::optional<Error>& told) { problem = told; });
    m_walk->start("*");
    QTRY_VERIFY(problem);
    QCOMPARE(problem->code, ErrorCode::Protocol);
    QVERIFY(problem->message.contains(QStringLiteral("the same cursor again")));
    QVERIFY(!m_walk->isWalking());
    QCOMPARE(m_walk->progress().keysFound, 1);  // what the last step found may be the same again
}

QTEST_GUILESS_MAIN(TestKeyWalk)
#include "tst_keywalk.moc"
