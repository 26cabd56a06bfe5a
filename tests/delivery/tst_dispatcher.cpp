#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "delivery/dispatcher.h"
#include "delivery/escape.h"
#include "delivery/intents.h"
#include "delivery/messagejson.h"
#include "sdk/clock.h"
#include "tests/delivery/stubnotifier.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;
using tocsin::test::StubNotifier;
using Kind = StubNotifier::Kind;

namespace {

StubNotifier::Answer failing(ErrorCode code, std::optional<std::chrono::milliseconds> after = {}) {
    Error error{code, u"the other side said no"_s, {}};
    error.retryAfter = after;
    return {Kind::Fails, error};
}

QStringList events(const QVector<Message>& messages) {
    QStringList out;
    for (const Message& message : messages)
        out.append(message.event);
    return out;
}

}  // namespace

class DispatcherTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void aMessageIsKeptWhole();
    void noSecretIsKept();
    void theSameEventIsKeptOnce();
    void deliversInOrderOneAtATime();
    void obeysTheServersPause();
    void thePauseIsTheChannels();
    void backsOffWhileUnavailable();
    void aBrokenChannelStopsAndKeeps_data();
    void aBrokenChannelStopsAndKeeps();
    void aChannelThatCouldNotBeMadeKeeps();
    void anUnknownChannelKeeps();
    void whatIsRefusedFailsAlone();
    void anUnknownOutcomeIsRepeatedMarked();
    void anUnknownOutcomeIsRepeatedPlainlyWhereSafe();
    void safetyOfRepeatsEndsWithTime();
    void aClockSetBackDoesNotHideARepeat_data();
    void aClockSetBackDoesNotHideARepeat();
    void aCrashWhileSendingIsSettled_data();
    void aCrashWhileSendingIsSettled();
    void startsAfterTheStoreRecovers();
    void recordsAfterTheStoreRecovers();
    void sendsWhatAnotherConnectionIntended();
    void aSuspendEndsThePause();
    void stoppingCountsWhileItStarts();
    void splitGivesEveryPartItsEvent();
    void nothingFromOutsideMentionsAnyone_data();
    void nothingFromOutsideMentionsAnyone();

private:
    void start();
    void intend(const QStringList& names, const QString& channel = u"incidents"_s);
    Entry entry(const QString& event);
    void run(const QString& sql);
    /// Moves time until the dispatcher has nothing left to do.
    void settle();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<Dispatcher> m_dispatcher;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

void DispatcherTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_clock = std::make_unique<TestClock>();
    m_dispatcher = std::make_unique<Dispatcher>(*m_db, *m_clock);
    auto channel = std::make_unique<StubNotifier>();
    m_channel = channel.get();
    m_dispatcher->addChannel(u"incidents"_s, std::move(channel));
}

void DispatcherTest::cleanup() {
    m_dispatcher.reset();
    m_db.reset();
}

void DispatcherTest::start() {
    QVERIFY(await(m_dispatcher->start()));
}

void DispatcherTest::intend(const QStringList& names, const QString& channel) {
    const auto done =
        await(m_db->write<void>([=, now = m_clock->now()](store::Transaction& tx) -> Result<void> {
            for (const QString& name : names) {
                Message message;
                message.event = name;
                message.text = u"text of "_s + name;
                if (auto kept = Ledger::intend(tx, {}, channel, message, now); !kept)
                    return tl::unexpected<Error>(kept.error());
            }
            return {};
        }));
    QVERIFY(done);
    m_dispatcher->wake();
}

void DispatcherTest::run(const QString& sql) {
    QVERIFY(await(m_db->write<void>([sql](store::Transaction& tx) -> Result<void> {
        if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
        return {};
    })));
}

Entry DispatcherTest::entry(const QString& event) {
    const auto all = await(m_db->read<QVector<Entry>>(
        [](store::Transaction& tx) { return Ledger::ofIncident(tx, u""_s); }));
    for (const Entry& one : all.value())
        if (one.event == event) return one;
    return {};
}

void DispatcherTest::settle() {
    for (int i = 0; i < 2000 && m_dispatcher->isBusy(); ++i) {
        (void)await(m_db->read<int>([](store::Transaction&) -> Result<int> { return 0; }));
        QCoreApplication::processEvents();
        m_clock->advance(500ms);
    }
    QVERIFY(!m_dispatcher->isBusy());
}

void DispatcherTest::aMessageIsKeptWhole() {
    Message message;
    message.event = u"INC-1/x"_s;
    message.text = u"täxt"_s;
    message.mentions = {u"on-call"_s};
    message.replaces = u"INC-1/card"_s;
    message.thread = u"INC-1/declared"_s;
    message.silent = true;
    message.possibleRepeat = true;
    message.embeds = {{u"t"_s,
                       u"d"_s,
                       0xff8800,
                       QUrl(u"https://a.b/c?d=e f"_s),
                       {{u"n"_s, u"v"_s, false}},
                       u"foot"_s}};
    message.attachments = {{u"a.bin"_s, u"application/octet-stream"_s, QByteArray("\0\xff\n", 3)}};
    const Message back = messageFromJson(toJson(message));
    QCOMPARE(toJson(back), toJson(message));
    QCOMPARE(back.replaces, message.replaces);
    QCOMPARE(back.thread, message.thread);
    QCOMPARE(back.attachments.first().content, message.attachments.first().content);
    QCOMPARE(back.embeds.first().url, message.embeds.first().url);
    QCOMPARE(back.embeds.first().fields.first().inlined, false);
}

void DispatcherTest::noSecretIsKept() {
    Message message;
    message.event = u"INC-1/resolved"_s;
    message.text = u"fixed with password=hunter2"_s;
    message.embeds = {{u"t"_s, u"AUTH hunter2"_s, 0, {}, {{u"f"_s, u"token=hunter2"_s}}, {}}};
    message.attachments = {{u"password=hunter2.txt"_s, {}, "x"}};
    Message other = message;
    other.event = u"INC-1/level-1"_s;
    QVERIFY(await(m_db->write<void>([&](store::Transaction& tx) -> Result<void> {
        auto kept = Ledger::intend(tx, {}, u"incidents"_s, message, m_clock->now());
        if (!kept) return tl::unexpected<Error>(kept.error());
        return intendAll(tx, {{{}, u"incidents"_s, other}}, m_clock->now());
    })));
    QVERIFY(await(m_db->read<void>([](store::Transaction& tx) -> Result<void> {
        auto rows = tx.run(u"SELECT message FROM ledger WHERE message NOT LIKE '%hunter2%'"_s);
        int clean = 0;
        while (rows->next())
            ++clean;
        if (clean == 2) return {};
        return fail(ErrorCode::Internal, u"a secret is in the store"_s);
    })));
}

void DispatcherTest::theSameEventIsKeptOnce() {
    intend({u"a"_s, u"a"_s});
    intend({u"a"_s});
    start();
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList{u"a"_s});
    QCOMPARE(entry(u"a"_s).state, EntryState::Confirmed);
    QCOMPARE(entry(u"a"_s).remoteId, u"remote-1"_s);
}

void DispatcherTest::deliversInOrderOneAtATime() {
    m_channel->script = {{Kind::Stalls}};
    start();
    intend({u"a"_s, u"b"_s});
    QTRY_VERIFY(m_channel->isStalled());
    QCOMPARE(entry(u"a"_s).state, EntryState::Sending);  // durable before it left
    intend({u"c"_s});
    QCOMPARE(m_channel->posted.size(), 1);
    QVERIFY(m_dispatcher->isBusy());
    m_channel->letGo();
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s, u"c"_s}));
}

void DispatcherTest::obeysTheServersPause() {
    m_channel->script = {failing(ErrorCode::RateLimited, 90s)};
    start();
    intend({u"a"_s, u"b"_s});
    QTRY_COMPARE(entry(u"a"_s).state, EntryState::Intent);
    QTRY_VERIFY(entry(u"a"_s).notBefore.isValid());
    QVERIFY(entry(u"a"_s).notBefore >= m_clock->now().addSecs(90));
    for (int i = 0; i < 89; ++i) {
        m_clock->advance(1s);
        QCoreApplication::processEvents();
    }
    QCOMPARE(m_channel->posted.size(), 1);
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s}));
    QVERIFY(!m_channel->arrived.first().possibleRepeat);
}

/// Calling back what was limited does not let the next one knock at once.
void DispatcherTest::thePauseIsTheChannels() {
    m_channel->script = {failing(ErrorCode::RateLimited, 90s)};
    start();
    intend({u"a"_s, u"b"_s});
    QTRY_VERIFY(entry(u"a"_s).notBefore.isValid());
    QVERIFY(await(
        m_db->write<Entry>([id = entry(u"a"_s).id, now = m_clock->now()](store::Transaction& tx) {
            return Ledger::calledBack(tx, id, u"ada"_s, now);
        })));
    m_dispatcher->lookAgain(u"incidents"_s);
    for (int i = 0; i < 89; ++i) {
        (void)entry(u"b"_s);
        QCoreApplication::processEvents();
        m_clock->advance(1s);
    }
    QCOMPARE(m_channel->posted.size(), 1);
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"b"_s}));
}

void DispatcherTest::backsOffWhileUnavailable() {
    for (int i = 0; i < 8; ++i)
        m_channel->script.append(failing(ErrorCode::Unavailable));
    start();
    const QDateTime begun = m_clock->now();
    intend({u"a"_s});
    settle();
    QCOMPARE(m_channel->posted.size(), 9);
    QCOMPARE(entry(u"a"_s).tries, 9);
    const qint64 took = begun.msecsTo(entry(u"a"_s).changedAt);
    QVERIFY2(took >= 60000 && took <= 400000, qPrintable(QString::number(took)));
}

void DispatcherTest::aBrokenChannelStopsAndKeeps_data() {
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("auth") << ErrorCode::Auth;
    QTest::newRow("not found") << ErrorCode::NotFound;
}

void DispatcherTest::aBrokenChannelStopsAndKeeps() {
    QFETCH(ErrorCode, code);
    m_channel->script = {failing(code)};
    QSignalSpy stopped(m_dispatcher.get(), &Dispatcher::channelStopped);
    QSignalSpy idle(m_dispatcher.get(), &Dispatcher::idle);
    intend({u"a"_s, u"b"_s});
    start();
    QTRY_COMPARE(stopped.size(), 1);
    QTRY_VERIFY(entry(u"b"_s).answer.startsWith(u"waiting: channel stopped"));
    for (const QString& event : {u"a"_s, u"b"_s})
        QCOMPARE(entry(event).state, EntryState::Intent);
    QTRY_VERIFY(!m_dispatcher->isBusy());
    QVERIFY(!idle.isEmpty());
    QCOMPARE(m_channel->posted.size(), 1);

    m_dispatcher->resume(u"incidents"_s);
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s}));
}

void DispatcherTest::aChannelThatCouldNotBeMadeKeeps() {
    m_dispatcher->addBrokenChannel(u"other"_s, {ErrorCode::Config, u"No webhook."_s, {}});
    start();
    intend({u"x"_s}, u"other"_s);
    intend({u"a"_s});
    QTRY_VERIFY(entry(u"x"_s).answer.contains(u"No webhook."_s));
    QCOMPARE(entry(u"x"_s).state, EntryState::Intent);
    settle();
    QCOMPARE(entry(u"a"_s).state, EntryState::Confirmed);
}

void DispatcherTest::anUnknownChannelKeeps() {
    start();
    QSignalSpy stopped(m_dispatcher.get(), &Dispatcher::channelStopped);
    intend({u"x"_s}, u"gone"_s);
    QTRY_COMPARE(stopped.size(), 1);
    QTRY_VERIFY(entry(u"x"_s).answer.contains(u"“gone”"_s));
    QTRY_VERIFY(!m_dispatcher->isBusy());
}

void DispatcherTest::whatIsRefusedFailsAlone() {
    m_channel->script = {failing(ErrorCode::Refused)};
    start();
    intend({u"a"_s, u"b"_s});
    settle();
    QCOMPARE(entry(u"a"_s).state, EntryState::Failed);
    QCOMPARE(entry(u"a"_s).answer, u"the other side said no"_s);
    QCOMPARE(events(m_channel->arrived), QStringList{u"b"_s});
}

void DispatcherTest::anUnknownOutcomeIsRepeatedMarked() {
    m_channel->script = {{Kind::Lost}, {Kind::Swallowed}};
    start();
    intend({u"a"_s, u"b"_s});
    QTRY_COMPARE(entry(u"a"_s).state, EntryState::InDoubt);
    QCOMPARE(m_channel->posted.size(), 1);  // not at once
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"a"_s, u"b"_s}));
    QVERIFY(!m_channel->arrived.at(0).possibleRepeat);
    QVERIFY(m_channel->arrived.at(1).possibleRepeat);
    QVERIFY(!m_channel->arrived.at(2).possibleRepeat);
}

void DispatcherTest::anUnknownOutcomeIsRepeatedPlainlyWhereSafe() {
    m_channel->safe = true;
    m_channel->script = {{Kind::Lost}, failing(ErrorCode::RateLimited, 5s)};
    start();
    intend({u"a"_s});
    settle();
    QCOMPARE(m_channel->posted.size(), 3);
    QCOMPARE(events(m_channel->arrived), QStringList{u"a"_s});
    QVERIFY(!m_channel->posted.last().possibleRepeat);
}

void DispatcherTest::safetyOfRepeatsEndsWithTime() {
    m_channel->safe = true;
    m_channel->script = {{Kind::Swallowed}, failing(ErrorCode::RateLimited, 300s)};
    start();
    intend({u"a"_s});
    settle();
    QCOMPARE(m_channel->posted.size(), 3);
    QVERIFY(!m_channel->posted.at(1).possibleRepeat);
    QVERIFY(m_channel->posted.at(2).possibleRepeat);
}

void DispatcherTest::aClockSetBackDoesNotHideARepeat_data() {
    QTest::addColumn<int>("secondsBack");
    QTest::newRow("behind the doubt") << 3600;
    QTest::newRow("by what has passed since") << 295;
}

void DispatcherTest::aClockSetBackDoesNotHideARepeat() {
    QFETCH(int, secondsBack);
    m_channel->safe = true;
    m_channel->script = {{Kind::Swallowed}, failing(ErrorCode::RateLimited, 300s)};
    start();
    intend({u"a"_s});
    QTRY_COMPARE(entry(u"a"_s).state, EntryState::InDoubt);
    while (m_channel->posted.size() < 2) {
        m_clock->advance(1s);
        (void)entry(u"a"_s);
        QCoreApplication::processEvents();
    }
    QTRY_COMPARE(entry(u"a"_s).state, EntryState::Intent);
    m_clock->advance(299s);
    m_clock->jumpUnnoticed(-std::chrono::seconds(secondsBack));
    settle();
    QCOMPARE(m_channel->posted.size(), 3);
    QVERIFY(m_channel->posted.at(2).possibleRepeat);
}

void DispatcherTest::aCrashWhileSendingIsSettled_data() {
    QTest::addColumn<bool>("safe");
    QTest::newRow("webhook") << false;
    QTest::newRow("bot with a nonce") << true;
}

void DispatcherTest::aCrashWhileSendingIsSettled() {
    QFETCH(bool, safe);
    m_channel->safe = safe;
    intend({u"a"_s, u"b"_s});
    QVERIFY(await(m_db->write<Entry>([now = m_clock->now()](store::Transaction& tx) {
        return Ledger::sending(tx, (*Ledger::head(tx, u"incidents"_s)).value(), now);
    })));
    start();
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(m_channel->arrived.at(0).possibleRepeat, !safe);
    QCOMPARE(m_channel->arrived.at(1).possibleRepeat, false);
    QCOMPARE(entry(u"a"_s).tries, 2);
}

void DispatcherTest::startsAfterTheStoreRecovers() {
    intend({u"a"_s, u"b"_s});
    QVERIFY(await(m_db->write<Entry>([now = m_clock->now()](store::Transaction& tx) {
        return Ledger::sending(tx, (*Ledger::head(tx, u"incidents"_s)).value(), now);
    })));
    run(u"CREATE TRIGGER broken BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    QVERIFY(!await(m_dispatcher->start()));
    run(u"DROP TRIGGER broken"_s);
    m_clock->advance(2s);
    QTRY_VERIFY(!m_channel->arrived.isEmpty());
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s}));
    QVERIFY(m_channel->arrived.at(0).possibleRepeat);
}

void DispatcherTest::recordsAfterTheStoreRecovers() {
    QSignalSpy storeFailed(m_dispatcher.get(), &Dispatcher::storeFailed);
    m_channel->script = {{Kind::Stalls}};
    start();
    intend({u"a"_s, u"b"_s});
    QTRY_VERIFY(m_channel->isStalled());
    run(u"CREATE TRIGGER broken BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    m_channel->letGo();
    QTRY_VERIFY(!storeFailed.isEmpty());
    QCOMPARE(m_channel->posted.size(), 1);  // nothing else leaves while that is not on paper
    run(u"DROP TRIGGER broken"_s);
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList({u"a"_s, u"b"_s}));
    QVERIFY(!m_channel->arrived.at(1).possibleRepeat);
    QCOMPARE(entry(u"a"_s).tries, 1);
}

void DispatcherTest::sendsWhatAnotherConnectionIntended() {
    start();
    const auto other = std::move(*store::Database::open(m_db->file()));
    QVERIFY(await(other->write<Entry>([now = m_clock->now()](store::Transaction& tx) {
        Message message;
        message.event = u"theirs"_s;
        return Ledger::intend(tx, {}, u"incidents"_s, message, now);
    })));
    QTRY_VERIFY([&] {
        m_clock->advance(500ms);
        return m_channel->arrived.size() == 1;
    }());
}

void DispatcherTest::aSuspendEndsThePause() {
    m_channel->script = {failing(ErrorCode::RateLimited, 600s)};
    start();
    intend({u"a"_s});
    QTRY_VERIFY(entry(u"a"_s).notBefore.isValid());
    m_clock->suspend(3600s);
    QTRY_COMPARE(m_channel->arrived.size(), 1);
}

void DispatcherTest::stoppingCountsWhileItStarts() {
    intend({u"a"_s});
    QSignalSpy stopped(m_dispatcher.get(), &Dispatcher::stopped);
    // Else it may have started before it is stopped.
    QSemaphore gate;
    const auto busy = m_db->write<void>([&gate](store::Transaction&) -> Result<void> {
        gate.acquire();
        return {};
    });
    const auto starting = m_dispatcher->start();
    m_dispatcher->stop();
    QCoreApplication::processEvents();
    gate.release();
    QVERIFY(await(busy));
    QVERIFY(await(starting));
    QTRY_COMPARE(stopped.size(), 1);
    m_dispatcher->wake();
    settle();
    QCOMPARE(m_channel->posted.size(), 0);
    start();  // and back again
    settle();
    QCOMPARE(m_channel->posted.size(), 1);
}

void DispatcherTest::splitGivesEveryPartItsEvent() {
    m_channel->limit = 10;
    Message message;
    message.event = u"long"_s;
    message.text = QString(25, u'x');
    QCOMPARE(events(m_dispatcher->split(u"incidents"_s, message)),
             QStringList({u"long"_s, u"long#2"_s, u"long#3"_s}));
    QCOMPARE(events(m_dispatcher->split(u"nowhere"_s, message)), QStringList{u"long"_s});
}

void DispatcherTest::nothingFromOutsideMentionsAnyone_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("never");
    QTest::newRow("everyone") << u"host @everyone"_s << u"@everyone"_s;
    QTest::newRow("here") << u"@here"_s << u"@here"_s;
    QTest::newRow("user") << u"<@123>"_s << u"<@"_s;
    QTest::newRow("role") << u"<@&123>"_s << u"<@"_s;
    QTest::newRow("channel") << u"<#123>"_s << u"<#"_s;
    QTest::newRow("time") << u"<t:0:R>"_s << u"<t:"_s;
    QTest::newRow("disguised link") << u"[ok](https://evil)"_s << u"]("_s;
    QTest::newRow("code") << u"```x"_s << u"``"_s;
    QTest::newRow("bold") << u"**x**"_s << u"**"_s;
    QTest::newRow("spoiler") << u"||x||"_s << u"||"_s;
}

void DispatcherTest::nothingFromOutsideMentionsAnyone() {
    QFETCH(QString, text);
    QFETCH(QString, never);
    QVERIFY2(!escapeForPost(text).contains(never), qPrintable(escapeForPost(text)));
}

QTEST_GUILESS_MAIN(DispatcherTest)
#include "tst_dispatcher.moc"
