#include <QFutureWatcher>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

#include "drill/standindiscord.h"
#include "plugins/notifiers/discord/discordnotifier.h"

using namespace tocsin;
using drill::DiscordMood;

class DiscordNotifierTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void postsAndConfirms();
    void previewIsWhatIsPosted();
    void everyMisbehaviour_data();
    void everyMisbehaviour();
    void everyVerdict_data();
    void everyVerdict();
    void aLargeBodyHasMoreTime();
    void aWrongMentionDoesNotStopTheChannel();
    void noRetryOfItsOwn();
    void refusesWhatDiscordRefuses();
    void nobodyListening();
    void goneBeforeTheAnswer();
    void aDeletedWebhook();
    void aBrokenSettingIsAConfigError();
    void editsAndPage();
    void controlEndpoint();

private:
    Settings settings(const QString& webhook) const {
        Settings settings;
        settings.name = QStringLiteral("incidents");
        settings.kind = QStringLiteral("discord");
        settings.values = {
            {QStringLiteral("timeout"), qint64(400)},
            {QStringLiteral("mentions"),
             QVariantMap{{QStringLiteral("on-call-primary"), QStringLiteral("111")}}}};
        settings.secrets.insert(QStringLiteral("webhook"), Secret(webhook));
        return settings;
    }
    Result<Delivery> post(const Message& message) {
        QFutureWatcher<Result<Delivery>> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(m_notifier->post(message));
        if (finished.isEmpty()) finished.wait(10000);
        return watcher.result();
    }
    HttpReply fetch(const HttpRequest& request) {
        HttpClient client;
        QFutureWatcher<Result<HttpReply>> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(client.send(request));
        if (finished.isEmpty()) finished.wait(10000);
        return *watcher.result();
    }
    Message page() const {
        Message message;
        message.event = QStringLiteral("INC-1/level-1");
        message.text = QStringLiteral("Database connections exhausted");
        message.mentions = {QStringLiteral("on-call-primary")};
        return message;
    }
    void verifyNoLeak(const QString& text) const {
        QVERIFY2(!text.contains(m_token), qPrintable(text));
        QVERIFY2(!text.contains(m_webhook), qPrintable(text));
    }

    TestClock m_clock;
    std::unique_ptr<drill::StandInDiscord> m_discord;
    std::unique_ptr<Notifier> m_notifier;
    QString m_webhook, m_token;
};

void DiscordNotifierTest::init() {
    m_notifier.reset();
    m_discord = std::make_unique<drill::StandInDiscord>();
    QVERIFY(m_discord->listen().has_value());
    m_webhook = m_discord->addWebhook(QStringLiteral("incidents"));
    m_token = m_webhook.section(u'/', -1);
    auto made = discord::DiscordNotifier::create(settings(m_webhook), m_clock);
    QVERIFY(made.has_value());
    m_notifier = std::move(*made);
}

void DiscordNotifierTest::postsAndConfirms() {
    const auto delivery = post(page());
    QVERIFY2(delivery.has_value(), delivery ? "" : qPrintable(delivery.error().message));
    QCOMPARE(m_discord->posted().size(), 1);
    const auto& seen = m_discord->posted().first();
    QCOMPARE(delivery->remoteId, seen.id);
    QCOMPARE(delivery->at, m_clock.now());
    QCOMPARE(seen.pingedRoles, QStringList{QStringLiteral("111")});
    QVERIFY(m_discord->requests().first().startsWith(QStringLiteral("/api/v10/")));
    QVERIFY(m_discord->requests().first().endsWith(QStringLiteral("?wait=true")));
}

void DiscordNotifierTest::previewIsWhatIsPosted() {
    const QByteArray preview = m_notifier->preview(page());
    QVERIFY(post(page()).has_value());
    QCOMPARE(QJsonDocument::fromJson(preview).object(), m_discord->posted().first().body);
    verifyNoLeak(QString::fromUtf8(preview));
}

void DiscordNotifierTest::everyMisbehaviour_data() {
    QTest::addColumn<int>("mood");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("unknown");
    QTest::addColumn<int>("pauseMs");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, DiscordMood mood, ErrorCode code, bool unknown, int pause,
                        const char* says) {
        QTest::newRow(name) << static_cast<int>(mood) << static_cast<int>(code) << unknown << pause
                            << QString::fromUtf8(says);
    };
    row("429", DiscordMood::RateLimited, ErrorCode::RateLimited, false, 1337, "wait 1.3 s");
    row("429 html", DiscordMood::RateLimitedBare, ErrorCode::RateLimited, false, 1337,
        "channel incidents");
    row("429 global", DiscordMood::GlobalLimit, ErrorCode::RateLimited, false, 1337,
        "everything that posts");
    row("500", DiscordMood::ServerError, ErrorCode::Unavailable, false, -1, "passes by itself");
    row("503", DiscordMood::Overloaded, ErrorCode::Unavailable, false, -1, "passes by itself");
    row("502", DiscordMood::BadGateway, ErrorCode::Network, true, -1, "may have arrived");
    row("404", DiscordMood::UnknownWebhook, ErrorCode::NotFound, false, -1,
        "The webhook of channel incidents no longer exists");
    row("401", DiscordMood::BadToken, ErrorCode::Auth, false, -1, "copy the webhook's address");
    row("403", DiscordMood::Forbidden, ErrorCode::Auth, false, -1, "Missing Permissions");
    row("stall before", DiscordMood::StallBefore, ErrorCode::Timeout, true, -1,
        "did not answer within 0.4 s");
    row("stall after", DiscordMood::StallAfter, ErrorCode::Timeout, true, -1,
        "did not answer within 0.4 s");
    row("cut before", DiscordMood::CutBefore, ErrorCode::Network, true, -1, "broke");
    row("cut after", DiscordMood::CutAfter, ErrorCode::Network, true, -1, "broke");
    row("half an answer", DiscordMood::HalfAnswer, ErrorCode::Network, true, -1, "broke");
    row("garbage", DiscordMood::Garbage, ErrorCode::Protocol, true, -1, "login page");
    row("204", DiscordMood::NoContent, ErrorCode::Protocol, true, -1, "unknown");
}

void DiscordNotifierTest::everyMisbehaviour() {
    QFETCH(int, mood);
    QFETCH(int, code);
    QFETCH(bool, unknown);
    QFETCH(int, pauseMs);
    QFETCH(QString, says);
    m_discord->misbehave(static_cast<DiscordMood>(mood), 1, 1.337);
    const auto delivery = post(page());
    QVERIFY(!delivery);
    const Error& error = delivery.error();
    QCOMPARE(nameOf(error.code), nameOf(static_cast<ErrorCode>(code)));
    QCOMPARE(Notifier::outcomeUnknown(error), unknown);
    QCOMPARE(error.retryAfter ? static_cast<int>(error.retryAfter->count()) : -1, pauseMs);
    QVERIFY2(error.message.contains(says), qPrintable(error.message));
    verifyNoLeak(error.message + error.detail);
    QCOMPARE(m_discord->requests().size(), 1);  // nothing below us tried again either
    // The next one works again.
    QVERIFY(post(page()).has_value());
}

void DiscordNotifierTest::everyVerdict_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("edit");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("unknown");
    const auto row = [](const char* name, int status, const char* body, bool edit, ErrorCode code,
                        bool unknown) {
        QTest::newRow(name) << status << QByteArray(body) << edit << static_cast<int>(code)
                            << unknown;
    };
    row("redirect", 302, "", false, ErrorCode::Network, true);
    row("408", 408, "", false, ErrorCode::Network, true);
    row("425", 425, "", false, ErrorCode::Network, true);
    row("410", 410, "", false, ErrorCode::NotFound, false);
    row("400", 400, R"({"code":50035})", false, ErrorCode::Refused, false);
    row("a deleted message", 404, R"({"code":10008})", true, ErrorCode::Refused, false);
    row("another author's", 403, R"({"code":50005})", true, ErrorCode::Refused, false);
    row("50005 on a post", 403, R"({"code":50005})", false, ErrorCode::Auth, false);
    row("no permission to edit", 403, R"({"code":50013})", true, ErrorCode::Auth, false);
}

void DiscordNotifierTest::everyVerdict() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, edit);
    QFETCH(int, code);
    QFETCH(bool, unknown);
    HttpReply reply;
    reply.status = status;
    reply.body = body;
    const auto delivery = discord::deliveryOf(QStringLiteral("incidents"), reply, m_clock.now(),
                                              edit ? discord::Asked::Edit : discord::Asked::Post);
    QVERIFY(!delivery);
    QCOMPARE(nameOf(delivery.error().code), nameOf(static_cast<ErrorCode>(code)));
    QCOMPARE(Notifier::outcomeUnknown(delivery.error()), unknown);
}

void DiscordNotifierTest::aLargeBodyHasMoreTime() {
    Message large = page();
    large.attachments = {{QStringLiteral("log.txt"), {}, QByteArray(40 * 1024, 'x')}};
    m_discord->misbehave(DiscordMood::StallBefore, 1);
    const auto delivery = post(large);
    QVERIFY(!delivery);
    QVERIFY2(delivery.error().message.contains(QStringLiteral("within 1.4 s")),
             qPrintable(delivery.error().message));
}

void DiscordNotifierTest::aWrongMentionDoesNotStopTheChannel() {
    Settings wrong = settings(m_webhook);
    wrong.values[QStringLiteral("mentions")] =
        QVariantMap{{QStringLiteral("on-call-primary"), QStringLiteral("@oncall")}};
    auto made = discord::DiscordNotifier::create(wrong, m_clock);
    QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().message));
    m_notifier = std::move(*made);
    QVERIFY(post(page()).has_value());
    QVERIFY(m_discord->posted().first().content.contains(QStringLiteral("nobody paged")));
}

void DiscordNotifierTest::noRetryOfItsOwn() {
    m_discord->misbehave(DiscordMood::ServerError);
    QVERIFY(!post(page()));
    QCOMPARE(m_discord->requests().size(), 1);
}

void DiscordNotifierTest::refusesWhatDiscordRefuses() {
    Message tooLong = page();
    tooLong.text = QString(2500, u'x');
    const auto refused = post(tooLong);  // not split: post() sends one part as it is
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    QVERIFY2(refused.error().message.contains(QStringLiteral("content: Must be 2000 or fewer")),
             qPrintable(refused.error().message));
    Message wordless;
    wordless.event = QStringLiteral("e");
    const auto empty = post(wordless);
    QVERIFY(!empty);
    QVERIFY2(empty.error().message.contains(QStringLiteral("empty message")),
             qPrintable(empty.error().message));
    for (const Message& part : m_notifier->split(tooLong))
        QVERIFY(post(part).has_value());
}

void DiscordNotifierTest::nobodyListening() {
    m_discord->close();
    const auto delivery = post(page());
    QVERIFY(!delivery);
    QCOMPARE(delivery.error().code, ErrorCode::Unavailable);
    QVERIFY(!Notifier::outcomeUnknown(delivery.error()));
    verifyNoLeak(delivery.error().message + delivery.error().detail);
}

void DiscordNotifierTest::goneBeforeTheAnswer() {
    m_discord->misbehave(DiscordMood::StallAfter);
    QSignalSpy accepted(m_discord.get(), &drill::StandInDiscord::messagePosted);
    const auto future = m_notifier->post(page());
    QTRY_COMPARE(accepted.size(), 1);
    m_notifier.reset();
    QTRY_VERIFY(future.isFinished());
}

void DiscordNotifierTest::aDeletedWebhook() {
    auto other = discord::DiscordNotifier::create(
        settings(m_discord->url(QStringLiteral("/api/webhooks/42/abcdefgh")).toString()), m_clock);
    m_notifier = std::move(*other);
    const auto delivery = post(page());
    QVERIFY(!delivery);
    QCOMPARE(delivery.error().code, ErrorCode::NotFound);
    verifyNoLeak(delivery.error().message + delivery.error().detail);
    QVERIFY(
        !(delivery.error().message + delivery.error().detail).contains(QStringLiteral("abcdefgh")));
}

void DiscordNotifierTest::aBrokenSettingIsAConfigError() {
    Settings wrongBase = settings(QStringLiteral("https://discord.com/api/webhooks/1/abcdefgh"));
    wrongBase.values[QStringLiteral("base")] = QStringLiteral("http://relay.example");
    QCOMPARE(discord::DiscordNotifier::create(wrongBase, m_clock).error().code, ErrorCode::Config);
    QCOMPARE(discord::DiscordNotifier::create(settings({}), m_clock).error().code,
             ErrorCode::Config);
}

void DiscordNotifierTest::editsAndPage() {
    const auto delivery = post(page());
    HttpRequest edit;
    edit.method = "PATCH";
    edit.url = QUrl(m_webhook + QStringLiteral("/messages/") + delivery->remoteId);
    edit.headers = {{"Content-Type", "application/json"}, {"User-Agent", "DiscordBot (test, 1)"}};
    edit.body = R"({"content":"changed <b>"})";
    QCOMPARE(fetch(edit).status, 200);
    QCOMPARE(m_discord->posted().first().edits, 1);
    QVERIFY(fetch({.url = m_discord->url(QStringLiteral("/"))}).body.contains("changed &lt;b&gt;"));
    edit.headers.pop_back();
    QCOMPARE(fetch(edit).status, 403);  // Discord's edge wants its User-Agent form
}

void DiscordNotifierTest::controlEndpoint() {
    HttpRequest command;
    command.method = "POST";
    command.url = m_discord->url(QStringLiteral("/control"));
    command.body = R"({"mood":"rate_limited","times":1,"retry_after":2.5})";
    QCOMPARE(fetch(command).status, 200);
    QCOMPARE(post(page()).error().retryAfter, std::chrono::milliseconds(2500));
    QVERIFY(post(page()).has_value());
    const auto posted = QJsonDocument::fromJson(
        fetch({.url = m_discord->url(QStringLiteral("/control/posted"))}).body);
    QCOMPARE(posted[u"messages"][0][u"pinged_roles"][0].toString(), QStringLiteral("111"));
}

QTEST_GUILESS_MAIN(DiscordNotifierTest)
#include "tst_discordnotifier.moc"
