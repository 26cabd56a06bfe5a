#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "drill/discordrules.h"
#include "plugins/notifiers/discord/answer.h"
#include "plugins/notifiers/discord/embeds.h"
#include "plugins/notifiers/discord/payload.h"
#include "plugins/notifiers/discord/splitting.h"
#include "plugins/notifiers/discord/webhook.h"

using namespace tocsin;
using namespace tocsin::discord;

namespace {

Mentions mentions() {
    return Mentions(QStringLiteral("incidents"),
                    {{QStringLiteral("on-call-primary"), QStringLiteral("111")},
                     {QStringLiteral("on-call-secondary"), QStringLiteral("222")},
                     {QStringLiteral("lead"), QStringLiteral("user:333")},
                     {QStringLiteral("typo"), QStringLiteral("@role")},
                     {QStringLiteral("trailing"), QStringLiteral("111\n")}});
}

Message page(const QString& text, const QStringList& names = {}) {
    Message message;
    message.event = QStringLiteral("INC-42/level-2");
    message.text = text;
    message.mentions = names;
    return message;
}

/// The post as the stand-in reads it, with whom it pings.
drill::PostedMessage received(const Message& part) {
    const Payload payload = payloadOf(part, mentions());
    drill::StandInRequest request;
    request.headers = {{"Content-Type", payload.contentType}};
    request.body = payload.body;
    drill::PostedMessage message = *drill::readPost(request);
    drill::resolvePings(message);
    return message;
}

/// Every part passes Discord's own rules, also when marked as a possible repeat.
void verifyAccepted(const QVector<Message>& parts) {
    for (Message part : parts) {
        for (const bool repeat : {false, true}) {
            part.possibleRepeat = repeat;
            const auto refused = drill::refusalOf(received(part));
            QVERIFY2(!refused, refused ? QJsonDocument(*refused).toJson().constData() : "");
        }
    }
}

}  // namespace

class PayloadTest : public QObject {
    Q_OBJECT
private slots:
    void pingsExactlyWhoIsNamed();
    void nothingElsePings_data();
    void nothingElsePings();
    void anUnknownNameIsSaid();
    void aWrongIdPagesNobodyAndIsSaid();
    void whatFitsIsUnchanged();
    void longTextPingsOnce();
    void everyPartIsAccepted_data();
    void everyPartIsAccepted();
    void embedsKeepTheirContent();
    void whatIsEditedInPlaceIsCut();
    void tooLargeFilesAreSaid();
    void filesGoAsMultipart();
    void silentAndRepeat();
    void secretsAreMasked();
    void readsWebhookAddresses_data();
    void readsWebhookAddresses();
    void refusesOtherAddressesWithoutNamingThem_data();
    void refusesOtherAddressesWithoutNamingThem();
    void flattensFormErrors();
    void answersCutAnywhere_data();
    void answersCutAnywhere();
};

void PayloadTest::pingsExactlyWhoIsNamed() {
    const auto message =
        received(page(QStringLiteral("Pool at 97 %"),
                      {QStringLiteral("on-call-secondary"), QStringLiteral("lead")}));
    QCOMPARE(message.content, QStringLiteral("<@&222> <@333> Pool at 97 %"));
    QCOMPARE(message.pingedRoles, QStringList{QStringLiteral("222")});
    QCOMPARE(message.pingedUsers, QStringList{QStringLiteral("333")});
    QVERIFY(!message.pingsEveryone);
}

void PayloadTest::nothingElsePings_data() {
    QTest::addColumn<QString>("label");
    QTest::newRow("everyone") << QStringLiteral("@everyone");
    QTest::newRow("here") << QStringLiteral("@here down");
    QTest::newRow("role") << QStringLiteral("<@&1>");
    QTest::newRow("known role") << QStringLiteral("<@&111>");
    QTest::newRow("user") << QStringLiteral("<@333> <@!333>");
    QTest::newRow("zero width") << QStringLiteral("@\u200beveryone <\u200b@&111>");
    QTest::newRow("joined") << QStringLiteral("@\u2060here @ever\u00adyone");
    QTest::newRow("markdown") << QStringLiteral("**@everyone** `@here` [x](<@&111>) > <@&111>");
    QTest::newRow("escaped") << QStringLiteral("\\@everyone \\<@&111> &lt;@&amp;111&gt;");
    QTest::newRow("broken out") << QStringLiteral("```\n@everyone\n``` @everyone <@&111>");
    QTest::newRow("json") << QStringLiteral(
        "\"},\"allowed_mentions\":{\"parse\":[\"everyone\",\"roles\"]},\"x\":{\"");
    QTest::newRow("full width") << QStringLiteral("＠everyone @еveryone");
    QTest::newRow("nul and controls") << QStringLiteral("@every\u0000one\u0007<@&111>");
    QTest::newRow("right to left") << QStringLiteral("\u202e<@&111>\u202c@everyone");
}

void PayloadTest::nothingElsePings() {
    QFETCH(QString, label);
    Message message = page(label, {QStringLiteral("on-call-secondary")});
    message.embeds = {{label, label, 0, {}, {{label, label, true}}, label}};
    const auto seen = received(message);
    QCOMPARE(seen.pingedRoles, QStringList{QStringLiteral("222")});
    QCOMPARE(seen.pingedUsers, QStringList());
    QVERIFY(!seen.pingsEveryone);
    QVERIFY(received(page(label)).pingedRoles.isEmpty());

    // Also as the name of a mention, and as the event in the repeat's mark.
    Message named = page(QStringLiteral("x"), {label});
    named.event = label;
    named.possibleRepeat = true;
    const auto mark = received(named);
    QVERIFY(mark.pingedRoles.isEmpty() && mark.pingedUsers.isEmpty() && !mark.pingsEveryone);
    QCOMPARE(mark.body[u"allowed_mentions"][u"parse"].toArray().size(), 0);
}

void PayloadTest::anUnknownNameIsSaid() {
    const auto message = received(page(QStringLiteral("x"), {QStringLiteral("on-call-tertiary")}));
    QVERIFY2(message.content.contains(
                 QStringLiteral("nobody paged: channel incidents has no id for on-call-tertiary")),
             qPrintable(message.content));
}

void PayloadTest::aWrongIdPagesNobodyAndIsSaid() {
    const auto message =
        received(page(QStringLiteral("x"), {QStringLiteral("typo"), QStringLiteral("trailing"),
                                            QStringLiteral("on-call-primary")}));
    QVERIFY2(message.content.contains(
                 QStringLiteral("nobody paged: what channel incidents has for typo is not an id")),
             qPrintable(message.content));
    QVERIFY(!message.content.contains(QStringLiteral("@role")));
    QCOMPARE(message.pingedRoles, QStringList{QStringLiteral("111")});
}

void PayloadTest::whatFitsIsUnchanged() {
    Message message = page(QStringLiteral("short"), {QStringLiteral("lead")});
    message.embeds = {{QStringLiteral("t"), QStringLiteral("d"), 1, {}, {}, {}}};
    const auto parts = splitMessage(message, mentions());
    QCOMPARE(parts.size(), 1);
    QCOMPARE(parts[0].event, message.event);
    QCOMPARE(parts[0].text, message.text);
    QCOMPARE(parts[0].mentions, message.mentions);
    QCOMPARE(parts[0].embeds.size(), 1);
}

void PayloadTest::longTextPingsOnce() {
    const auto parts = splitMessage(
        page(QStringLiteral("line of text\n").repeated(500), {QStringLiteral("on-call-primary")}),
        mentions());
    QVERIFY(parts.size() > 3);
    QCOMPARE(parts[1].event, QStringLiteral("INC-42/level-2#2"));
    QCOMPARE(received(parts[0]).pingedRoles.size(), 1);
    for (const Message& part : parts.mid(1))
        QVERIFY(received(part).pingedRoles.isEmpty());
}

void PayloadTest::everyPartIsAccepted_data() {
    QTest::addColumn<Message>("message");
    const QStringList names{QStringLiteral("on-call-primary"), QStringLiteral("lead")};
    QTest::newRow("just below") << page(QString(1850, u'x'), names);
    QTest::newRow("just above") << page(QString(2001, u'x'), names);
    QTest::newRow("10 MB of lines") << page(QStringLiteral("a line\n").repeated(20000), names);
    QStringList unknown;
    for (int i = 0; i < 60; ++i)
        unknown << QStringLiteral("somebody-%1").arg(i);
    QTest::newRow("many names") << page(QStringLiteral("x"), unknown);
    Message embeds = page(QStringLiteral("x"), names);
    embeds.embeds.fill({QString(300, u't'),
                        QString(9000, u'd'),
                        0x1000000,
                        QUrl(QStringLiteral("file:///x")),
                        {},
                        QString(3000, u'f')},
                       7);
    QTest::newRow("long embeds") << embeds;
    Message fields = page({}, names);
    Embed card{{}, {}, 0, {}, {}, {}};
    card.fields.fill({QString(300, u'n'), QString(1500, u'v'), true}, 40);
    card.fields.push_back({{}, {}, true});
    fields.embeds.fill(card, 3);
    QTest::newRow("many fields") << fields;
    Message files = page(QStringLiteral("x"), names);
    files.attachments.fill(
        {QStringLiteral("a.csv"), QStringLiteral("text/csv"), QByteArray(9 * 1024 * 1024, 'x')}, 5);
    QTest::newRow("large files") << files;
    files.attachments.fill({QStringLiteral("a.csv"), QStringLiteral("text/csv"), "x"}, 23);
    QTest::newRow("many files") << files;
}

void PayloadTest::everyPartIsAccepted() {
    QFETCH(Message, message);
    const auto parts = splitMessage(message, mentions());
    verifyAccepted(parts);
    QSet<QString> events;
    qsizetype files = 0;
    for (const Message& part : parts) {
        events.insert(part.event);
        files += part.attachments.size();
    }
    QCOMPARE(events.size(), parts.size());
    QCOMPARE(files, message.attachments.size());
}

void PayloadTest::whatIsEditedInPlaceIsCut() {
    Message card = page(QString());
    card.replaces = QStringLiteral("INC-1/card");
    Embed embed{QString(400, u't'), QString(5000, u'd'), 0, {}, {}, QString(3000, u'f')};
    for (int i = 0; i < 30; ++i)
        embed.fields.append({QString(300, u'n'), i == 3 ? QString() : QString(2000, u'v'), true});
    card.embeds = {embed};
    const auto seen = received(card);
    QVERIFY(!drill::refusalOf(seen).has_value());
    QCOMPARE(seen.body[u"embeds"].toArray().size(), 1);
    card.embeds = {{QString(400, u't'),
                    QString(300, u'd'),
                    0,
                    {},
                    {{QStringLiteral("Ladder"), QString(1500, u'v'), true}},
                    {}}};
    const auto smaller = received(card);
    QVERIFY(!drill::refusalOf(smaller).has_value());
    const QJsonObject shown = smaller.body[u"embeds"].toArray()[0].toObject();
    QCOMPARE(shown[u"title"].toString(), QString(255, u't') + u'…');
    QCOMPARE(shown[u"description"].toString().size(), 300);
}

void PayloadTest::embedsKeepTheirContent() {
    Embed card{QStringLiteral("Title"), QString(5000, u'd'), 0xFF0000, {}, {},
               QStringLiteral("foot")};
    card.fields = {{QStringLiteral("name"), QString(2500, u'v'), false}};
    qsizetype descriptions = 0;
    qsizetype values = 0;
    const auto pieces = fitted(card);
    for (const Embed& piece : pieces) {
        descriptions += piece.description.size();
        QCOMPARE(piece.color, 0xFF0000);
        for (const EmbedField& field : piece.fields)
            values += field.value.size();
    }
    QCOMPARE(descriptions, 5000);
    QCOMPARE(values, 2500);
    QCOMPARE(pieces.first().title, QStringLiteral("Title"));
    QCOMPARE(pieces.last().footer, QStringLiteral("foot"));
}

void PayloadTest::tooLargeFilesAreSaid() {
    Message message = page(QStringLiteral("x"));
    message.attachments = {{QStringLiteral("big"), {}, QByteArray(11 * 1024 * 1024, 'x')},
                           {QStringLiteral("small"), {}, "y"}};
    const auto parts = splitMessage(message, mentions());
    QCOMPARE(parts.size(), 1);
    QCOMPARE(parts[0].attachments.size(), 1);
    QVERIFY2(parts[0].text.contains(QStringLiteral("11.0 MB is too large")),
             qPrintable(parts[0].text));
}

void PayloadTest::filesGoAsMultipart() {
    Message message = page(QStringLiteral("evidence"));
    message.attachments = {{QStringLiteral("../../r\"\r\nX: y.csv"), QStringLiteral("text/csv"),
                            QByteArray("a\r\n--b\r\n\0c", 10)},
                           {{}, QStringLiteral("bad\r\ntype"), "x"}};
    const auto seen = received(message);
    QCOMPARE(seen.content, QStringLiteral("evidence"));
    QCOMPARE(seen.files.size(), 2);
    QCOMPARE(seen.files[0].content, message.attachments[0].content);
    QCOMPARE(seen.files[0].filename, QStringLiteral("r___X: y.csv"));
    QCOMPARE(seen.files[1].mediaType, QStringLiteral("application/octet-stream"));
    QCOMPARE(seen.body[u"attachments"][1][u"filename"].toString(), QStringLiteral("file-2"));
    QCOMPARE(payloadOf(message, mentions()).body, payloadOf(message, mentions()).body);
}

void PayloadTest::silentAndRepeat() {
    Message message = page(QStringLiteral("text"), {QStringLiteral("on-call-primary")});
    message.silent = true;
    message.possibleRepeat = true;
    const auto seen = received(message);
    QVERIFY(seen.silent);
    QCOMPARE(seen.content,
             QStringLiteral(
                 "<@&111> (possible repeat of INC-42/level-2: ignore it if you have it)\ntext"));
}

void PayloadTest::secretsAreMasked() {
    const Secret secret(QStringLiteral("hunter2-hunter2"));
    Message message = page(QStringLiteral("url postgresql://a:pw12@h/x and hunter2-hunter2"));
    message.embeds = {{{},
                       QStringLiteral("hunter2-hunter2"),
                       0,
                       {},
                       {{QStringLiteral("n"), QStringLiteral("hunter2-hunter2"), true}},
                       {}}};
    const QByteArray body = payloadOf(message, mentions()).body;
    QVERIFY2(!body.contains("hunter2") && !body.contains("pw12"), body.constData());
}

void PayloadTest::readsWebhookAddresses_data() {
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("wanted");
    const QString real =
        QStringLiteral("https://discord.com/api/v10/webhooks/123/to-Ken_1?wait=true");
    for (const char* address : {"https://discord.com/api/webhooks/123/to-Ken_1",
                                "https://discordapp.com/api/webhooks/123/to-Ken_1",
                                "https://ptb.discord.com/api/v9/webhooks/123/to-Ken_1/",
                                " https://canary.discord.com/api/v6/webhooks/123/to-Ken_1?x=1\n"})
        QTest::newRow(address) << QString::fromLatin1(address) << real;
    QTest::newRow("drill") << QStringLiteral("http://127.0.0.1:4711/api/webhooks/123/to-Ken_1")
                           << QStringLiteral(
                                  "http://127.0.0.1:4711/api/v10/webhooks/123/to-Ken_1?wait=true");
}

void PayloadTest::readsWebhookAddresses() {
    QFETCH(QString, address);
    QFETCH(QString, wanted);
    const auto webhook = Webhook::parse(QStringLiteral("c"), Secret(address),
                                        QUrl(QStringLiteral("https://discord.com")));
    QVERIFY(webhook.has_value());
    QCOMPARE(webhook->executeUrl().toString(), wanted);
}

void PayloadTest::refusesOtherAddressesWithoutNamingThem_data() {
    QTest::addColumn<QString>("address");
    for (const char* address :
         {"", "s3cr3t", "http://discord.com/api/webhooks/1/s3cr3t",
          "https://discord.com.evil.org/api/webhooks/1/s3cr3t",
          "https://evil.org/api/webhooks/1/s3cr3t", "https://discord.com/api/webhooks/x/s3cr3t",
          "https://discord.com/api/webhooks/1/s3cr3t/slack",
          "ftp://127.0.0.1/api/webhooks/1/s3cr3t"})
        QTest::newRow(address[0] ? address : "empty") << QString::fromLatin1(address);
}

void PayloadTest::refusesOtherAddressesWithoutNamingThem() {
    QFETCH(QString, address);
    const auto webhook = Webhook::parse(QStringLiteral("c"), Secret(address),
                                        QUrl(QStringLiteral("https://discord.com")));
    QVERIFY(!webhook);
    QCOMPARE(webhook.error().code, ErrorCode::Config);
    QVERIFY(!(webhook.error().message + webhook.error().detail).contains(QStringLiteral("s3cr3t")));
}

void PayloadTest::flattensFormErrors() {
    const auto errors = QJsonDocument::fromJson(
        R"({"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}},
            "content":{"_errors":[{"code":"X","message":"Too long."}]}})");
    QCOMPARE(formErrors(errors.object()),
             QStringLiteral("content: Too long.; embeds.0.title: Must be 256 or fewer in length."));
}

void PayloadTest::answersCutAnywhere_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("message") << 200 << QByteArray(R"({"type":0,"id":"1442","content":"x"})");
    QTest::newRow("limit") << 429
                           << QByteArray(R"({"message":"slow","retry_after":1.337,"global":true})");
    QTest::newRow("form")
        << 400
        << QByteArray(R"({"code":50035,"errors":{"content":{"_errors":[{"message":"Long."}]}}})");
    QTest::newRow("odd types") << 429
                               << QByteArray(R"({"retry_after":"soon","message":[],"global":{}})");
    QTest::newRow("odd numbers") << 429 << QByteArray(R"({"retry_after":-1e308})");
    QTest::newRow("deep") << 400
                          << QByteArray("{\"errors\":") + QByteArray(R"({"a":)").repeated(200) +
                                 "1" + QByteArray(201, '}');
}

void PayloadTest::answersCutAnywhere() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    for (qsizetype size = 0; size <= body.size(); ++size) {
        HttpReply reply;
        reply.status = status;
        reply.body = body.left(size);
        const auto delivery = deliveryOf(QStringLiteral("incidents"), reply, QDateTime());
        QCOMPARE(delivery.has_value(), status == 200 && size == body.size());
        if (!delivery) QVERIFY(delivery.error().message.contains(QStringLiteral("incidents")));
        const bool pauses = !delivery && delivery.error().retryAfter.has_value();
        QCOMPARE(pauses, status == 429);
        if (pauses) QVERIFY(delivery.error().retryAfter->count() > 0);
    }
}

QTEST_GUILESS_MAIN(PayloadTest)
#include "tst_payload.moc"
