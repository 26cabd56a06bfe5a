// Card, update and feed through the real Discord plugin, on a Discord of our own.
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "announcements/cards.h"
#include "announcements/feed.h"
#include "tests/discord/discordchannel.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::announcements;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using drill::PostedMessage;
using tocsin::test::await;

class StandInTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void aCardIsEditedUntilItIsResolved_data();
    void aCardIsEditedUntilItIsResolved();
    void aDeletedCardIsPostedAnew();
    void aFloodOfHostileAlertsPingsNobody();

private:
    void open(bool asBot);
    /// What stands in the channel, edits applied; those in threads come with the others.
    QVector<PostedMessage> shown(const QString& channel) const;
    QString cardText() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SystemClock> m_clock;
    std::unique_ptr<drill::StandInDiscord> m_discord;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<escalation::Engine> m_engine;
    std::unique_ptr<alerts::Board> m_board;
    std::unique_ptr<Cards> m_cards;
    std::unique_ptr<Feed> m_feed;
};

void StandInTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    // Folding takes seconds: they pass in a twentieth of the time.
    m_clock = std::make_unique<SystemClock>(20.0);
    m_discord = std::make_unique<drill::StandInDiscord>();
    QVERIFY(m_discord->listen());
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<incidents::Journal>(*m_db, *m_clock);
    m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_db, *m_clock);
    m_board = std::make_unique<alerts::Board>(*m_clock);
}

void StandInTest::open(bool asBot) {
    Settings incidents = asBot ? test::botSettings(*m_discord, m_discord->addBot(u"incidents"_s))
                               : test::webhookSettings(m_discord->addWebhook(u"incidents"_s));
    Settings alertsChannel = test::webhookSettings(m_discord->addWebhook(u"alerts"_s));
    for (Settings* settings : {&incidents, &alertsChannel}) {
        settings->values[u"timeout"_s] = qint64(20000);
        auto made = discord::DiscordNotifier::create(*settings, *m_clock);
        QVERIFY2(made, qPrintable(made ? QString() : made.error().message));
        m_dispatcher->addChannel(settings == &incidents ? u"incidents"_s : u"alerts"_s,
                                 std::move(*made));
    }
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    escalation::Level level;
    level.name = u"Primary on-call"_s;
    level.mention = u"on-call-primary"_s;
    policy.levels.append(level);
    policy.ownCard = true;
    m_engine = std::make_unique<escalation::Engine>(*m_db, *m_journal, policy, *m_clock);
    m_engine->attach(*m_dispatcher);
    m_cards = std::make_unique<Cards>(*m_db, *m_journal, *m_engine, *m_clock);
    m_feed =
        std::make_unique<Feed>(*m_db, *m_board, FeedSettings{.channel = u"alerts"_s}, *m_clock);
    connect(m_cards.get(), &Cards::intentsWritten, m_dispatcher.get(), &delivery::Dispatcher::wake);
    connect(m_feed.get(), &Feed::intentsWritten, m_dispatcher.get(), &delivery::Dispatcher::wake);
    QVERIFY(await(m_journal->load()));
    QVERIFY(await(m_dispatcher->start()));
    QVERIFY(await(m_engine->start()));
    m_cards->start();
    m_feed->start();
}

void StandInTest::cleanup() {
    m_feed.reset();
    m_cards.reset();
    m_engine.reset();
    m_board.reset();
    m_dispatcher.reset();
    m_journal.reset();
    m_db.reset();
    m_discord.reset();
}

QVector<PostedMessage> StandInTest::shown(const QString& channel) const {
    QVector<PostedMessage> out;
    for (const PostedMessage& message : m_discord->posted())
        if (message.channel == channel && !message.isDeleted) out.append(message);
    return out;
}

QString StandInTest::cardText() const {
    for (const PostedMessage& message : shown(u"incidents"_s)) {
        const QJsonObject embed = message.body[u"embeds"].toArray().at(0).toObject();
        if (embed[u"title"].toString().startsWith(u"INC-1 ·"_s))
            return QString::fromUtf8(QJsonDocument(embed).toJson());
    }
    return {};
}

void StandInTest::aCardIsEditedUntilItIsResolved_data() {
    QTest::addColumn<bool>("asBot");
    QTest::newRow("webhook") << false;
    QTest::newRow("bot") << true;
}

void StandInTest::aCardIsEditedUntilItIsResolved() {
    QFETCH(bool, asBot);
    open(asBot);
    incidents::Declaration said;
    said.title = u"Uploads fail <@&111> @everyone"_s;
    said.priority = incidents::Priority::P1;
    said.commander = u"commander"_s;
    const QString id = await(m_engine->declare(said)).value_or(QString());
    QCOMPARE(id, u"INC-1"_s);
    QTRY_COMPARE(shown(u"incidents"_s).size(), 2);
    QCOMPARE(shown(u"incidents"_s).first().pingedRoles, QStringList{u"111"_s});
    QVERIFY(shown(u"incidents"_s).last().pingedRoles.isEmpty());
    QTRY_VERIFY2(cardText().contains(u"✓ **1 Primary on-call** paged"_s), qPrintable(cardText()));

    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, incidents::Phase::Investigate)));
    QTRY_VERIFY(cardText().contains(u"**Investigate**"_s));
    Message update;
    update.text = u"61 sessions wait."_s;
    QVERIFY(await(m_engine->post(id, {}, update, u"commander"_s)));
    QTRY_VERIFY(cardText().contains(u"> 61 sessions wait."_s));
    const auto posted = shown(u"incidents"_s);
    QCOMPARE(posted.size(), 3);
    QCOMPARE(posted.last().content, u"61 sessions wait."_s);
    QCOMPARE(posted.last().thread, asBot ? posted.at(1).id : QString());

    QVERIFY(await(m_engine->resolve(id, u"commander"_s, u"session ended"_s)));
    QTRY_VERIFY2(cardText().contains(u"**Resolved**"_s), qPrintable(cardText()));
    QTRY_COMPARE(shown(u"incidents"_s).size(), 4);
    QVERIFY(posted.at(1).edits >= 1);
}

void StandInTest::aDeletedCardIsPostedAnew() {
    open(false);
    incidents::Declaration said;
    said.title = u"Uploads fail"_s;
    const QString id = await(m_engine->declare(said)).value_or(QString());
    QTRY_VERIFY(cardText().contains(u"✓ **1 Primary"_s));
    m_discord->deleteByHand(shown(u"incidents"_s).last().id);
    QVERIFY(cardText().isEmpty());
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, incidents::Phase::Assess)));
    QTRY_VERIFY(cardText().contains(u"**Assess**"_s));
    const auto count = shown(u"incidents"_s).size();
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, incidents::Phase::Resolve)));
    QTRY_VERIFY(cardText().contains(u"**Resolve**"_s));
    QCOMPARE(shown(u"incidents"_s).size(), count);
}

void StandInTest::aFloodOfHostileAlertsPingsNobody() {
    open(false);
    m_board->addSource(u"prod"_s, 24h);
    QVector<Alert> flood;
    for (int i = 0; i < 10000; ++i) {
        Alert alert;
        alert.source = u"prod"_s;
        alert.fingerprint = QString::number(i);
        alert.key = u"@everyone <@&111> <@222> %1"_s.arg(i % 200);
        alert.summary = u"`x` @here <@&111> [y](https://evil.example)"_s.repeated(20);
        alert.severity = Severity::Critical;
        alert.startsAt = m_clock->now();
        alert.labels = {{u"instance"_s, u"<@&111>%1"_s.arg(i)}};
        flood.append(alert);
    }
    m_board->accept({u"prod"_s, m_clock->now(), flood});
    QTRY_COMPARE_WITH_TIMEOUT(shown(u"alerts"_s).size(), 11, 20000);
    for (const PostedMessage& message : m_discord->posted()) {
        QVERIFY(message.pingedRoles.isEmpty() && message.pingedUsers.isEmpty());
        QVERIFY(!message.pingsEveryone);
        const QByteArray body = QJsonDocument(message.body).toJson();
        QVERIFY2(!body.contains("@everyone") && !body.contains("<@"), body.left(500).constData());
    }
}

QTEST_GUILESS_MAIN(StandInTest)
#include "tst_standin.moc"
