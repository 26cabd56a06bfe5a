#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "announcements/feed.h"
#include "delivery/dispatcher.h"
#include "tests/announcements/recordingnotifier.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::announcements;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::StubNotifier;

class FeedTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { close(); }
    void oneMessagePerKeyEditedInPlace();
    void aFloodMakesAHandfulOfMessages_data();
    void aFloodMakesAHandfulOfMessages();
    void whatIsWorseIsNotCrowdedOut();
    void lowSeverityIsSilent();
    void whatBecomesLoudIsPostedAnew();
    void aFigureThatChangesIsToldCalmly();
    void whatEndsIsSaid();
    void whatComesBackGoesOn();
    void aRestartGoesOnWithTheSameMessages();
    void whatIsPendingAfterARestartIsNotOver();
    void whoLostTheEngineWritesNothing();
    void aSilentSourceIsSaid();
    void anUnknownAlertIsNeverResolved();
    void theRunbookIsLinked();
    void aSilencedKeyIsSaidNotPosted();
    void textFromOutsideIsHarmless_data();
    void textFromOutsideIsHarmless();
    void aWorkspaceWordsItsFeed();

private:
    void open();
    void close();
    void accept(const QVector<Alert>& alerts, const QString& source = u"prod"_s);
    void settle();
    void advance(std::chrono::milliseconds by);
    Embed last() const { return m_channel->arrived.last().embeds.value(0); }
    static Alert alert(const QString& key, int n = 1, Severity severity = Severity::Critical);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<alerts::Board> m_board;
    std::unique_ptr<Feed> m_feed;
    FeedSettings m_settings;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

void FeedTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_settings = {.channel = u"alerts"_s};
    open();
}

void FeedTest::open() {
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_db, *m_clock);
    m_board = std::make_unique<alerts::Board>(*m_clock);
    m_board->addSource(u"prod"_s, 1h);
    auto channel = std::make_unique<test::RecordingNotifier>();
    m_channel = channel.get();
    m_dispatcher->addChannel(u"alerts"_s, std::move(channel));
    m_feed = std::make_unique<Feed>(*m_db, *m_board, m_settings, *m_clock);
    connect(m_feed.get(), &Feed::intentsWritten, m_dispatcher.get(), &delivery::Dispatcher::wake);
    QVERIFY(test::await(m_dispatcher->start()));
    m_feed->start();
}

void FeedTest::close() {
    m_feed.reset();
    m_board.reset();
    m_dispatcher.reset();
    m_db.reset();
}

Alert FeedTest::alert(const QString& key, int n, Severity severity) {
    Alert alert;
    alert.key = key;
    alert.source = u"prod"_s;
    alert.fingerprint = u"%1-%2"_s.arg(key.left(20)).arg(n);
    alert.severity = severity;
    alert.startsAt = QDateTime(QDate(2026, 1, 1), QTime(11, 50), Qt::UTC);
    alert.labels = {{u"instance"_s, u"worker-%1"_s.arg(n)}};
    alert.summary = u"Pool at 97 % of 100"_s;
    return alert;
}

void FeedTest::accept(const QVector<Alert>& alerts, const QString& source) {
    QSignalSpy known(m_board.get(), &alerts::Board::sourceChanged);
    m_board->accept({source, m_clock->now(), alerts});
    if (known.isEmpty()) QVERIFY(known.wait(20000));
}

void FeedTest::settle() {
    for (int quiet = 0; quiet < 6; ++quiet) {
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        m_db->drain();
        QCoreApplication::processEvents();
        m_clock->advance(m_dispatcher->isBusy() ? 100ms : 1ms);
        if (m_dispatcher->isBusy()) quiet = 0;
    }
}

void FeedTest::advance(std::chrono::milliseconds by) {
    // In steps, so that what is scheduled meanwhile happens in its time.
    for (; by > 0s; by -= 1s) {
        m_clock->advance(std::min<std::chrono::milliseconds>(by, 1s));
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        m_db->drain();
        QCoreApplication::processEvents();
    }
    settle();
}

void FeedTest::oneMessagePerKeyEditedInPlace() {
    accept({alert(u"error_rate"_s), alert(u"database_connections"_s, 1),
            alert(u"database_connections"_s, 2)});
    advance(3s);
    QCOMPARE(m_channel->arrived.size(), 2);
    const Message first = m_channel->arrived.first();
    QCOMPARE(first.event, u"feed/key/database_connections"_s);
    QCOMPARE(first.embeds.first().title, u"▲ database\\_connections · 2 firing"_s);
    QVERIFY2(first.embeds.first().description.contains(u"worker-1, worker-2"_s),
             qPrintable(first.embeds.first().description));
    accept({alert(u"error_rate"_s), alert(u"database_connections"_s, 1)});
    advance(11s);
    QCOMPARE(m_channel->arrived.size(), 3);
    QCOMPARE(m_channel->arrived.last().replaces, u"feed/key/database_connections"_s);
    QCOMPARE(last().title, u"▲ database\\_connections · 1 firing"_s);
    advance(5min);
    QCOMPARE(m_channel->arrived.size(), 3);
}

void FeedTest::aFloodMakesAHandfulOfMessages_data() {
    QTest::addColumn<int>("keys");
    QTest::addColumn<int>("most");
    QTest::newRow("one key") << 1 << 1;
    QTest::newRow("a hundred keys") << 100 << 11;
    QTest::newRow("as many keys as alerts") << 10000 << 11;
}

void FeedTest::aFloodMakesAHandfulOfMessages() {
    QFETCH(int, keys);
    QFETCH(int, most);
    QVector<Alert> flood;
    for (int i = 0; i < 10000; ++i)
        flood.append(alert(u"key_%1"_s.arg(i % keys), i));
    accept(flood);
    advance(5min);
    QCOMPARE(m_channel->arrived.size(), most);
    // Nothing of it is lost: what has no message of its own is counted.
    qsizetype told = 0;
    static const QRegularExpression count(u"(\\d+) (?:firing|alerts)"_s);
    for (const Message& message : m_channel->arrived)
        told += count.match(message.embeds.first().title).captured(1).toInt();
    QCOMPARE(told, 10000);
}

void FeedTest::whatIsWorseIsNotCrowdedOut() {
    QVector<Alert> many;
    for (int i = 0; i < 30; ++i)
        many.append(alert(u"note_%1"_s.arg(i), i, Severity::Info));
    accept(many);
    advance(1min);
    QCOMPARE(m_channel->arrived.size(), 11);
    many.append(alert(u"database_connections"_s));
    accept(many);
    advance(11s);
    QCOMPARE(m_channel->arrived.last().event, u"feed/key/database_connections"_s);
}

void FeedTest::lowSeverityIsSilent() {
    accept({alert(u"note"_s, 1, Severity::Info), alert(u"slow"_s, 1, Severity::Warning),
            alert(u"odd"_s, 1, Severity::Unknown)});
    advance(3s);
    QMap<QString, bool> silent;
    for (const Message& message : m_channel->arrived)
        silent[message.event] = message.silent;
    QCOMPARE(silent, (QMap<QString, bool>{{u"feed/key/note"_s, true},
                                          {u"feed/key/slow"_s, false},
                                          {u"feed/key/odd"_s, false}}));
}

void FeedTest::whatBecomesLoudIsPostedAnew() {
    accept({alert(u"disk"_s, 1, Severity::Info)});
    advance(3s);
    accept({alert(u"disk"_s, 1, Severity::Critical)});
    advance(11s);
    QCOMPARE(m_channel->arrived.size(), 3);
    QVERIFY(m_channel->arrived.at(1).embeds.first().description.contains(u"below"_s));
    QCOMPARE(m_channel->arrived.at(1).replaces, u"feed/key/disk"_s);
    QVERIFY(m_channel->arrived.at(2).replaces.isEmpty());
    QVERIFY(!m_channel->arrived.at(2).silent);
}

void FeedTest::aFigureThatChangesIsToldCalmly() {
    Alert one = alert(u"error_rate"_s);
    accept({one});
    advance(3s);
    for (int i = 0; i < 12; ++i) {
        one.summary = u"%1 % of requests"_s.arg(i);
        accept({one});
        advance(10s);
    }
    QVERIFY2(m_channel->arrived.size() <= 4,
             qPrintable(QString::number(m_channel->arrived.size())));
    QVERIFY(m_channel->arrived.size() >= 2);
    advance(2min);
    QVERIFY(last().description.contains(u"11 %"_s));
}

void FeedTest::whatEndsIsSaid() {
    accept({alert(u"error_rate"_s)});
    advance(3s);
    accept({});
    advance(11s);
    QCOMPARE(last().title, u"✓ error\\_rate · resolved"_s);
    QCOMPARE(last().color, 0x30a46c);
    QCOMPARE(m_channel->arrived.last().replaces, u"feed/key/error_rate"_s);
    advance(5min);
    QCOMPARE(m_channel->arrived.size(), 2);
}

void FeedTest::whatComesBackGoesOn() {
    accept({alert(u"error_rate"_s)});
    advance(3s);
    accept({});
    advance(11s);
    accept({alert(u"error_rate"_s, 2)});
    advance(11s);
    QCOMPARE(m_channel->arrived.last().replaces, u"feed/key/error_rate"_s);
    accept({});
    advance(11s);
    advance(15min);
    accept({alert(u"error_rate"_s, 3)});
    advance(11s);
    QVERIFY2(m_channel->arrived.last().replaces.isEmpty(), "much later it is news again");
}

void FeedTest::aRestartGoesOnWithTheSameMessages() {
    accept({alert(u"error_rate"_s), alert(u"disk"_s)});
    advance(3s);
    close();
    open();
    advance(30s);
    QVERIFY2(m_channel->arrived.isEmpty(), "an empty board after a start says nothing");
    accept({alert(u"error_rate"_s), alert(u"disk"_s)});
    advance(30s);
    QVERIFY(m_channel->arrived.isEmpty());
    accept({alert(u"error_rate"_s)});
    advance(11s);
    QCOMPARE(m_channel->arrived.size(), 1);
    QCOMPARE(m_channel->arrived.first().replaces, u"feed/key/disk"_s);
    QVERIFY(last().title.contains(u"resolved"_s));
}

void FeedTest::whatIsPendingAfterARestartIsNotOver() {
    m_settings.messages = 1;
    close();
    open();
    Alert pending = alert(u"error_rate"_s);
    Alert pendingToo = alert(u"disk"_s, 1, Severity::Warning);
    accept({pending, pendingToo});
    advance(3s);
    QCOMPARE(m_channel->arrived.size(), 2);  // its own message, and the rest's
    close();
    open();
    pending.state = pendingToo.state = AlertState::Pending;
    accept({pending, pendingToo});
    advance(30s);
    QVERIFY2(m_channel->arrived.isEmpty(), "what waits for its time is not resolved");
    accept({});
    advance(30s);
    QCOMPARE(m_channel->arrived.size(), 2);
    QVERIFY(m_channel->arrived.first().embeds.first().title.contains(u"resolved"_s));
}

void FeedTest::whoLostTheEngineWritesNothing() {
    QVERIFY(test::await(m_db->write<void>([](store::Transaction& tx) -> Result<void> {
        auto taken = tx.run(u"UPDATE engine_owner SET token = 7"_s, {});
        if (!taken) return tl::unexpected<Error>(taken.error());
        return {};
    })));
    m_feed->start(store::Fence(6));
    accept({alert(u"error_rate"_s)});
    advance(30s);
    QVERIFY(m_channel->arrived.isEmpty());
}

void FeedTest::aSilentSourceIsSaid() {
    accept({alert(u"error_rate"_s)});
    advance(3s);
    m_board->sourceFailed(u"prod"_s, {ErrorCode::Network, u"No route @everyone"_s, {}}, {});
    advance(20s);
    const auto early = m_channel->arrived.size();
    for (int i = 0; i < 5; ++i) {
        m_board->sourceFailed(u"prod"_s, {ErrorCode::Network, u"try %1"_s.arg(i), {}}, {});
        advance(30s);
    }
    QVector<Message> said;
    for (const Message& message : m_channel->arrived)
        if (message.event.startsWith(u"feed/source/"_s)) said.append(message);
    QCOMPARE(said.size(), 1);
    QVERIFY(m_channel->arrived.size() > early);
    QCOMPARE(said.first().embeds.first().title, u"? prod does not answer"_s);
    QVERIFY(said.first().embeds.first().description.contains(u"not known"_s));
    QVERIFY(!said.first().embeds.first().description.contains(u"@everyone"_s));
    accept({alert(u"error_rate"_s)});
    advance(20s);
    QVERIFY(std::any_of(m_channel->arrived.begin(), m_channel->arrived.end(), [](const auto& one) {
        return one.replaces == u"feed/source/prod"_s &&
               one.embeds.first().title.contains(u"answers again"_s);
    }));
}

void FeedTest::anUnknownAlertIsNeverResolved() {
    accept({alert(u"error_rate"_s)});
    advance(3s);
    m_board->sourceFailed(u"prod"_s, {ErrorCode::Network, u"No route."_s, {}}, {});
    advance(11s);
    QCOMPARE(last().title, u"▲ error\\_rate · 1 not known"_s);
    QCOMPARE(last().color, 0x8b8d98);
    QVERIFY(last().description.contains(u"last known"_s));
}

void FeedTest::theRunbookIsLinked() {
    runbooks::Runbook own;
    own.name = u"error-rate"_s;
    own.title = u"High error rate"_s;
    own.keys = QStringList{u"error_rate"_s};
    own.file = u"/ws/runbooks/errors (api).md"_s;
    own.anchor = u"high-error-rate"_s;
    m_feed->setStyle({.links = {u"https://example.org/ops/blob/main"_s, u"/ws"_s, {own}}});
    Alert linkedAlert = alert(u"disk"_s);
    linkedAlert.annotations.insert(u"runbook_url"_s, u"https://wiki.example.org/disk"_s);
    Alert disguised = alert(u"memory"_s);
    disguised.annotations.insert(u"runbook_url"_s, u"https://discord.com@evil.example/"_s);
    accept({alert(u"error_rate"_s), linkedAlert, disguised});
    advance(3s);
    QMap<QString, Embed> told;
    for (const Message& message : m_channel->arrived)
        told[message.event.section(u'/', 2)] = message.embeds.first();
    QCOMPARE(told[u"disk"_s].url, QUrl(u"https://wiki.example.org/disk"_s));
    QCOMPARE(told[u"error_rate"_s].url.toString(QUrl::FullyEncoded),
             u"https://example.org/ops/blob/main/runbooks/errors%20(api).md#high-error-rate"_s);
    QCOMPARE(told[u"error_rate"_s].fields.last().value,
             u"[High error rate](https://example.org/ops/blob/main/runbooks/"
             "errors%20%28api%29.md#high-error-rate)"_s);
    QVERIFY(!told[u"memory"_s].url.isValid());
}

void FeedTest::aSilencedKeyIsSaidNotPosted() {
    Alert quiet = alert(u"disk"_s);
    quiet.state = AlertState::Silenced;
    quiet.suppressions = {{u"s"_s, u"scribe"_s, u"resize planned"_s, m_clock->now().addSecs(600)}};
    accept({quiet});
    advance(30s);
    QVERIFY(m_channel->arrived.isEmpty());
    accept({alert(u"disk"_s)});
    advance(11s);
    accept({quiet});
    advance(11s);
    QCOMPARE(last().title, u"▲ disk · 1 silenced"_s);
    QVERIFY(last().description.contains(u"Silenced by scribe until <t:"_s));
}

void FeedTest::textFromOutsideIsHarmless_data() {
    QTest::addColumn<QString>("hostile");
    QTest::newRow("everyone") << u"@everyone"_s;
    QTest::newRow("here") << u"@here"_s;
    QTest::newRow("role") << u"<@&111>"_s;
    QTest::newRow("user") << u"<@!222>"_s;
    QTest::newRow("disguise") << u"[status](https://evil.example)"_s;
    QTest::newRow("heading") << u"x\n# big\n> quote\n```"_s;
    QTest::newRow("zero width") << u"@\u200beveryone <\u200b@&1>"_s;
    QTest::newRow("placeholder") << u"{{key}} {{summary}}"_s;
    QTest::newRow("right to left") << u"\u202e@everyone"_s;
    QTest::newRow("surrogates") << QString(500, QChar(0xd83d));
    QTest::newRow("100 kB") << u"@everyone <@&1> "_s.repeated(6500);
}

void FeedTest::textFromOutsideIsHarmless() {
    QFETCH(QString, hostile);
    Alert one = alert(hostile, 1, Severity::Info);
    Alert two = alert(hostile, 2, Severity::Info);
    for (Alert* each : {&one, &two}) {
        each->summary = hostile;
        each->annotations = {{u"runbook_url"_s, hostile}, {u"summary"_s, hostile}};
        each->suppressions = {{hostile, hostile, hostile, {}}};
    }
    one.labels[u"instance"_s] = hostile + u'1';
    two.labels[u"instance"_s] = hostile + u'2';
    QVector<Alert> all{one, two};
    // Also where it only shares a message.
    for (int i = 0; i < 20; ++i)
        all.append(alert(hostile.left(1000) + QString::number(i), i, Severity::Warning));
    accept(all);
    advance(1min);
    QVERIFY(m_channel->arrived.size() >= 11);
    one.severity = Severity::Critical;
    accept({one});
    advance(1min);
    accept({});
    advance(1min);
    for (const Message& message : m_channel->arrived) {
        QVERIFY(message.text.isEmpty());
        QVERIFY(message.event.size() < 120);
        const Embed embed = message.embeds.value(0);
        QStringList said{embed.title, embed.description};
        for (const EmbedField& field : embed.fields)
            said << field.name << field.value;
        for (const QString& text : said) {
            QVERIFY(text.size() < 4000);
            for (const auto& evil : {u"@everyone"_s, u"@here"_s, u"<@"_s, u"]("_s, u"\n# "_s})
                QVERIFY2(!text.contains(evil), qPrintable(text.left(300)));
        }
    }
}

void FeedTest::aWorkspaceWordsItsFeed() {
    FeedStyle style;
    style.wordings.own.insert(
        workspace::Wording::Feed,
        u"{{count}} × {{key}} ({{severity}})\nseen by {{sources}}\n{{which}}"_s);
    m_feed->setStyle(style);
    accept({alert(u"disk"_s)});
    advance(3s);
    QCOMPARE(last().title, u"1 × disk (critical)"_s);
    QCOMPARE(last().description, u"seen by prod"_s);
}

QTEST_GUILESS_MAIN(FeedTest)
#include "tst_feed.moc"
