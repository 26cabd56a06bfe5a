#include <QJsonArray>
#include <QTest>

#include "delivery/escape.h"
#include "tests/discord/discordchannel.h"

using namespace tocsin;
using namespace tocsin::test;

/// Text from an alert, wherever it gets into a message, mentions nobody: not the escaped one that
/// the console writes, and not a raw one that slipped through.
class InjectionTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void mentionsNobody_data();
    void mentionsNobody();
    void leavesNoMentionToSee_data() { corpus(); }
    void leavesNoMentionToSee();

private:
    static void corpus();
    QVector<Message> messagesWith(const QString& text) const;
    void check(const Message& message, bool pages);

    TestClock m_clock;
    std::unique_ptr<drill::StandInDiscord> m_discord;
    std::unique_ptr<Notifier> m_notifier;
};

void InjectionTest::init() {
    m_notifier.reset();
    m_discord = std::make_unique<drill::StandInDiscord>();
    QVERIFY(m_discord->listen().has_value());
    Settings settings = webhookSettings(m_discord->addWebhook(QStringLiteral("incidents")));
    settings.values[QStringLiteral("timeout")] = qint64(5000);
    settings.values[QStringLiteral("mentions")] =
        QVariantMap{{QStringLiteral("on-call"), QStringLiteral("111")},
                    {QStringLiteral("boss"), QStringLiteral("222")},
                    {QStringLiteral("ada"), QStringLiteral("user:333")}};
    m_notifier = std::move(*discord::DiscordNotifier::create(settings, m_clock));
}

void InjectionTest::corpus() {
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const QString& text) { QTest::newRow(name) << text; };
    row("everyone", QStringLiteral("@everyone"));
    row("here", QStringLiteral("disk full @here now"));
    row("a role", QStringLiteral("<@&1>"));
    row("a role of the channel", QStringLiteral("<@&222>"));
    row("a person of the channel", QStringLiteral("<@333> <@!333>"));
    row("a person", QStringLiteral("<@1> <@!1>"));
    row("a channel and a command", QStringLiteral("<#1> </ban:1> <id:customize>"));
    row("zero-width inside", QStringLiteral("@\u200beveryone <@\u200b&222> <\u200c@&222>"));
    row("zero-width before", QStringLiteral("\u200d@everyone \ufeff<@&222>"));
    row("right to left", QStringLiteral("\u202e@everyone\u202c \u2066<@&222>\u2069"));
    row("wide letters", QStringLiteral("＠everyone <＠&222>"));
    row("out of a code span", QStringLiteral("` @everyone ` <@&222>"));
    row("out of a fence", QStringLiteral("```\n@everyone\n```\n<@&222>"));
    row("escaped already", QStringLiteral("\\@everyone \\<@&222> \\\\<@&222>"));
    row("disguised link", QStringLiteral("[@everyone](https://evil.example/<@&222>)"));
    row("spoiler, bold, quote", QStringLiteral("||**@everyone**||\n> <@&222>\n# @here"));
    row("mention in JSON", QStringLiteral("\",\"allowed_mentions\":{\"parse\":[\"everyone\"]},\""));
    row("line ends", QStringLiteral("a\r\n@everyone\r<@&222>\u2028@here\u0085"));
    row("control characters", QString(QChar(0)) + QStringLiteral("@everyone\x1b[31m<@&222>"));
    row("half a character", QString(QChar(0xd800)) + QStringLiteral("@everyone<@&222>"));
    row("100 kB of everyone", QStringLiteral("@everyone ").repeated(10240));
    row("100 kB of roles", QStringLiteral("<@&222>").repeated(14629));
    // So that a cut falls at every place of a mention.
    QString sliding;
    for (int i = 0; i < 40; ++i)
        sliding += QString(1650 + i, u'x') + QStringLiteral("<@&222>@everyone");
    row("mentions across cuts", sliding);
}

void InjectionTest::mentionsNobody_data() {
    corpus();
}

QVector<Message> InjectionTest::messagesWith(const QString& text) const {
    Message inText, inEmbed, inFile, inEvent;
    inText.text = text;
    inEmbed.text = QStringLiteral("card");
    inEmbed.embeds = {{text, text, 0, QUrl(), {{text, text, true}}, text}};
    inFile.text = QStringLiteral("file");
    inFile.attachments = {{text.left(150), QStringLiteral("text/csv"), text.toUtf8()}};
    inEvent.text = QStringLiteral("repeat");
    inEvent.possibleRepeat = true;
    inEvent.divertedFrom = text.left(200);
    QVector<Message> all{inText, inEmbed, inFile, inEvent};
    for (qsizetype i = 0; i < all.size(); ++i)
        all[i].event = QStringLiteral("INC-1/%1").arg(i);
    all.last().event += text.left(200);
    return all;
}

void InjectionTest::check(const Message& message, bool pages) {
    const qsizetype before = m_discord->posted().size();
    Message whole = message;
    if (pages) whole.mentions = {QStringLiteral("on-call")};
    const QVector<Message> parts = m_notifier->split(whole);
    for (const Message& part : parts) {
        const auto posted = outcome(m_notifier->post(part));
        QVERIFY2(posted.has_value(), posted ? "" : qPrintable(posted.error().detail));
    }
    QStringList roles;
    for (qsizetype i = before; i < m_discord->posted().size(); ++i) {
        const auto& seen = m_discord->posted()[i];
        QVERIFY(!seen.pingsEveryone);
        QCOMPARE(seen.pingedUsers, QStringList());
        QCOMPARE(seen.body[u"allowed_mentions"][u"parse"].toArray(), QJsonArray());
        roles += seen.pingedRoles;
    }
    QCOMPARE(roles, pages ? QStringList{QStringLiteral("111")} : QStringList());
}

void InjectionTest::mentionsNobody() {
    QFETCH(QString, text);
    const QString escaped = delivery::escapeForPost(text);
    for (const bool pages : {false, true}) {
        for (const Message& message : messagesWith(text))
            check(message, pages);
        for (const Message& message : messagesWith(escaped))
            check(message, pages);
    }
}

void InjectionTest::leavesNoMentionToSee() {
    QFETCH(QString, text);
    static const QRegularExpression mention(
        QStringLiteral("@everyone|@here|<@|<#|</|<id:|<t:|```|\\]\\("));
    const QString escaped = delivery::escapeForPost(text);
    const auto found = mention.match(escaped);
    QVERIFY2(!found.hasMatch(), qPrintable(found.captured()));
}

QTEST_GUILESS_MAIN(InjectionTest)
#include "tst_injection.moc"
