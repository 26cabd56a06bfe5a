#include <QJsonArray>
#include <QTest>

#include "tests/discord/discordchannel.h"

using namespace tocsin;
using namespace tocsin::test;
using drill::DiscordMood;
using Code = ErrorCode;

/// A bot's channel: nonces, threads, edits; and what a webhook does in their place.
class DiscordBotTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void postsWithAnEnforcedNonce();
    void aRepeatCreatesNothing();
    void anotherContentIsNoRepeat();
    void opensAThreadOnce();
    void aThreadThatIsThereIsUsed();
    void withoutAThreadItGoesToTheChannel_data();
    void withoutAThreadItGoesToTheChannel();
    void openingAThreadLeavesNoDoubt_data();
    void openingAThreadLeavesNoDoubt();
    void aThreadDeletedLater();
    void edits_data();
    void edits();
    void anEditReplacesEverything();
    void anEditOfADeletedMessageIsRefused();
    void aWebhookHasNoThreads();
    void looks_data();
    void looks();
    void reachesWithoutAPost_data();
    void reachesWithoutAPost();
    void brokenSettings_data();
    void brokenSettings();
    void wrongToken();

private:
    Message message(const QString& event) const {
        Message made;
        made.event = event;
        made.text = QStringLiteral("text of ") + event;
        return made;
    }
    void useWebhook() {
        const QString address = m_discord->addWebhook(QStringLiteral("incidents"));
        m_notifier =
            std::move(*discord::DiscordNotifier::create(webhookSettings(address), m_clock));
    }

    TestClock m_clock;
    std::unique_ptr<drill::StandInDiscord> m_discord;
    drill::StandInDiscord::Bot m_bot;
    std::unique_ptr<Notifier> m_notifier;
};

void DiscordBotTest::init() {
    m_notifier.reset();
    m_discord = std::make_unique<drill::StandInDiscord>();
    QVERIFY(m_discord->listen().has_value());
    m_bot = m_discord->addBot(QStringLiteral("incidents"));
    auto made = discord::DiscordNotifier::create(botSettings(*m_discord, m_bot), m_clock);
    QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().message));
    m_notifier = std::move(*made);
}

void DiscordBotTest::postsWithAnEnforcedNonce() {
    QVERIFY(m_notifier->repeatsAreSafe());
    const auto delivery = outcome(m_notifier->post(message(QStringLiteral("INC-1/level-1"))));
    QVERIFY2(delivery.has_value(), delivery ? "" : qPrintable(delivery.error().message));
    const auto& seen = m_discord->posted().first();
    QCOMPARE(delivery->remoteId, seen.id);
    QCOMPARE(seen.nonce.size(), 24);
    QCOMPARE(seen.body[u"enforce_nonce"].toBool(), true);
    QCOMPARE(m_notifier->preview(message(QStringLiteral("INC-1/level-1"))).contains("nonce"), true);
}

void DiscordBotTest::aRepeatCreatesNothing() {
    Message page = message(QStringLiteral("INC-1/level-1"));
    m_discord->misbehave(DiscordMood::StallAfter, 1);
    QVERIFY(!outcome(m_notifier->post(page)));
    page.possibleRepeat = true;  // a mark does not make it another message
    const auto again = outcome(m_notifier->post(page));
    QVERIFY(again.has_value());
    QCOMPARE(m_discord->posted().size(), 1);
    QCOMPARE(again->remoteId, m_discord->posted().first().id);
    QCOMPARE(m_discord->repeatsRecognised(), 1);
}

void DiscordBotTest::anotherContentIsNoRepeat() {
    Message one = message(QStringLiteral("INC-1/level-1"));
    Message other = one;
    other.text = QStringLiteral("the first incident of another console");
    QVERIFY(outcome(m_notifier->post(one)).has_value());
    QVERIFY(outcome(m_notifier->post(other)).has_value());
    QCOMPARE(m_discord->posted().size(), 2);
}

void DiscordBotTest::opensAThreadOnce() {
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    for (const QString& event : {QStringLiteral("a"), QStringLiteral("b")})
        QVERIFY(outcome(m_notifier->postInThread(message(event), card->remoteId)).has_value());
    QCOMPARE(m_discord->posted().at(1).thread, card->remoteId);
    QCOMPARE(m_discord->posted().at(2).thread, card->remoteId);
    QCOMPARE(m_discord->requests().size(), 4);  // one of them opened it
}

void DiscordBotTest::aThreadThatIsThereIsUsed() {
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId)));
    // After a restart nothing is known of it here.
    m_notifier =
        std::move(*discord::DiscordNotifier::create(botSettings(*m_discord, m_bot), m_clock));
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("b")), card->remoteId)));
    QCOMPARE(m_discord->posted().at(2).thread, card->remoteId);
}

void DiscordBotTest::withoutAThreadItGoesToTheChannel_data() {
    QTest::addColumn<bool>("allowed");
    QTest::newRow("no permission") << false;
    QTest::newRow("its message was deleted") << true;
}

void DiscordBotTest::withoutAThreadItGoesToTheChannel() {
    QFETCH(bool, allowed);
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    m_discord->allowThreads(allowed);
    if (allowed) m_discord->deleteByHand(card->remoteId);
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId)));
    QVERIFY(m_discord->posted().at(1).thread.isEmpty());
    const qsizetype asked = m_discord->requests().size();
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("b")), card->remoteId)));
    QCOMPARE(m_discord->requests().size(), asked + 1);  // it is not asked for again
}

void DiscordBotTest::openingAThreadLeavesNoDoubt_data() {
    QTest::addColumn<DiscordMood>("mood");
    QTest::addColumn<Code>("code");
    QTest::newRow("stalled") << DiscordMood::StallBefore << Code::Unavailable;
    QTest::newRow("opened, answer lost") << DiscordMood::CutAfter << Code::Unavailable;
    QTest::newRow("gateway") << DiscordMood::BadGateway << Code::Unavailable;
    QTest::newRow("garbage") << DiscordMood::Garbage << Code::Unavailable;
    QTest::newRow("limited") << DiscordMood::RateLimited << Code::RateLimited;
}

void DiscordBotTest::openingAThreadLeavesNoDoubt() {
    QFETCH(DiscordMood, mood);
    QFETCH(Code, code);
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    m_discord->misbehave(mood, 1);
    const auto first =
        outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId));
    QVERIFY(!first);
    QCOMPARE(first.error().code, code);
    QVERIFY(!Notifier::outcomeUnknown(first.error()));
    QCOMPARE(m_discord->posted().size(), 1);
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId)));
    QCOMPARE(m_discord->posted().at(1).thread, card->remoteId);
}

void DiscordBotTest::aThreadDeletedLater() {
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId)));
    m_discord->deleteThreadByHand(card->remoteId);
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("b")), card->remoteId)));
    QVERIFY(m_discord->posted().at(2).thread.isEmpty());
}

void DiscordBotTest::edits_data() {
    QTest::addColumn<bool>("bot");
    QTest::addColumn<bool>("inThread");
    QTest::newRow("webhook") << false << false;
    QTest::newRow("bot") << true << false;
    QTest::newRow("bot, in a thread") << true << true;
}

void DiscordBotTest::edits() {
    QFETCH(bool, bot);
    QFETCH(bool, inThread);
    if (!bot) useWebhook();
    QVERIFY(m_notifier->canEdit());
    const auto card = outcome(m_notifier->post(message(QStringLiteral("INC-1/declared"))));
    RemoteMessage target{card->remoteId, {}};
    if (inThread) {
        const auto update =
            outcome(m_notifier->postInThread(message(QStringLiteral("u")), card->remoteId));
        target = {update->remoteId, card->remoteId};
    }
    const auto edited = outcome(m_notifier->edit(message(QStringLiteral("new")), target));
    QVERIFY2(edited.has_value(), edited ? "" : qPrintable(edited.error().message));
    QCOMPARE(edited->remoteId, target.id);
    const auto& seen = m_discord->posted().last();
    QCOMPARE(seen.content, QStringLiteral("text of new"));
    QCOMPARE(seen.edits, 1);
}

void DiscordBotTest::anEditReplacesEverything() {
    Message first = message(QStringLiteral("card"));
    first.embeds = {{QStringLiteral("old"), {}, 0, {}, {}, {}}};
    first.attachments = {{QStringLiteral("old.csv"), QStringLiteral("text/csv"), "a,b"}};
    first.mentions = {QStringLiteral("on-call-primary")};
    const auto card = outcome(m_notifier->post(first));
    QVERIFY(card.has_value());
    Message second = message(QStringLiteral("card-2"));
    second.mentions = first.mentions;
    QVERIFY(outcome(m_notifier->edit(second, {card->remoteId, {}})).has_value());
    const auto& seen = m_discord->posted().first();
    QVERIFY(seen.body[u"embeds"].toArray().isEmpty());
    QVERIFY(seen.files.isEmpty());
    QVERIFY(seen.pingedRoles.isEmpty());  // an edit calls nobody
    QVERIFY(seen.content.contains(QStringLiteral("<@&111>")));
}

void DiscordBotTest::anEditOfADeletedMessageIsRefused() {
    const auto card = outcome(m_notifier->post(message(QStringLiteral("card"))));
    m_discord->deleteByHand(card->remoteId);
    const auto edited =
        outcome(m_notifier->edit(message(QStringLiteral("card-2")), {card->remoteId, {}}));
    QVERIFY(!edited);
    QCOMPARE(edited.error().code, Code::Refused);
    QVERIFY2(edited.error().message.contains(QStringLiteral("deleted")),
             qPrintable(edited.error().message));
}

void DiscordBotTest::aWebhookHasNoThreads() {
    useWebhook();
    const auto card = outcome(m_notifier->post(message(QStringLiteral("card"))));
    QVERIFY(outcome(m_notifier->postInThread(message(QStringLiteral("a")), card->remoteId)));
    QVERIFY(m_discord->posted().at(1).thread.isEmpty());
    QVERIFY(!m_discord->posted().at(1).body.contains(u"nonce"));
    QVERIFY(!m_notifier->repeatsAreSafe());
}

void DiscordBotTest::looks_data() {
    QTest::addColumn<bool>("bot");
    QTest::newRow("webhook") << false;
    QTest::newRow("bot") << true;
}

void DiscordBotTest::looks() {
    QFETCH(bool, bot);
    if (!bot) useWebhook();
    Message page = message(QStringLiteral("card"));
    page.attachments = {{QStringLiteral("a.csv"), QStringLiteral("text/csv"), "a,b"}};
    const auto card = outcome(m_notifier->post(page));
    const RemoteMessage target{card->remoteId, {}};
    QCOMPARE(outcome(m_notifier->look(page, target)).value(), Sighting::AsSent);
    m_discord->editByHand(card->remoteId, QStringLiteral("all is well"));
    QCOMPARE(outcome(m_notifier->look(page, target)).value(), Sighting::Changed);
    m_discord->deleteByHand(card->remoteId);
    QCOMPARE(outcome(m_notifier->look(page, target)).value(), Sighting::Gone);
    m_discord->close();
    QVERIFY(!outcome(m_notifier->look(page, target)));  // unknown is not gone
}

void DiscordBotTest::reachesWithoutAPost_data() {
    looks_data();
}

void DiscordBotTest::reachesWithoutAPost() {
    QFETCH(bool, bot);
    if (!bot) useWebhook();
    const auto there = outcome(m_notifier->reach());
    QVERIFY2(there, qPrintable(there ? QString() : there.error().message));
    QVERIFY(m_discord->posted().isEmpty());
    m_discord->revokeByHand();
    const auto unknown = outcome(m_notifier->reach());
    QCOMPARE(unknown.error().code, bot ? Code::Auth : Code::NotFound);
    m_discord->close();
    QCOMPARE(outcome(m_notifier->reach()).error().code, Code::Unavailable);
}

void DiscordBotTest::brokenSettings_data() {
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("channelId");
    QTest::addColumn<bool>("webhookToo");
    QTest::addColumn<QString>("says");
    const QString token(60, u'a');
    QTest::newRow("no id") << token << QString() << false << QStringLiteral("not an id");
    QTest::newRow("a name") << token << QStringLiteral("incidents") << false
                            << QStringLiteral("“incidents”");
    QTest::newRow("no token") << QString() << QStringLiteral("1") << false
                              << QStringLiteral("bot token");
    QTest::newRow("a sentence") << QStringLiteral("my token is 12345678901234567890")
                                << QStringLiteral("1") << false << QStringLiteral("bot token");
    QTest::newRow("both") << token << QStringLiteral("1") << true
                          << QStringLiteral("keep one of them");
}

void DiscordBotTest::brokenSettings() {
    QFETCH(QString, token);
    QFETCH(QString, channelId);
    QFETCH(bool, webhookToo);
    QFETCH(QString, says);
    Settings settings = botSettings(*m_discord, {token, channelId});
    if (webhookToo)
        settings.secrets.insert(QStringLiteral("webhook"),
                                Secret(QStringLiteral("https://discord.com/api/webhooks/1/abc")));
    const auto made = discord::DiscordNotifier::create(settings, m_clock);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Code::Config);
    QVERIFY2(made.error().message.contains(says), qPrintable(made.error().message));
    if (!token.isEmpty()) QVERIFY(!made.error().message.contains(token));
}

void DiscordBotTest::wrongToken() {
    Settings settings = botSettings(*m_discord, {QString(60, u'b'), m_bot.channelId});
    m_notifier = std::move(*discord::DiscordNotifier::create(settings, m_clock));
    const auto posted = outcome(m_notifier->post(message(QStringLiteral("a"))));
    QVERIFY(!posted);
    QCOMPARE(posted.error().code, Code::Auth);
    QVERIFY2(posted.error().message.contains(QStringLiteral("bot token")),
             qPrintable(posted.error().message));
}

QTEST_GUILESS_MAIN(DiscordBotTest)
#include "tst_discordbot.moc"
