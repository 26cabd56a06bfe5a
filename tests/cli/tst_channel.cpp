#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "drill/standindiscord.h"
#include "tool.h"

using namespace tocsin;

class TestChannel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void listsThePlaces();
    void testsOne_data();
    void testsOne();
    void saysWhatIsWrong();
    void checkAsksForTheBotsChannel();

private:
    void useWorkspace() {
        m_tool.environment.insert(QStringLiteral("HOOK"),
                                  m_discord.addWebhook(QStringLiteral("incidents")));
        const auto bot = m_discord.addBot(QStringLiteral("ops"));
        m_tool.environment.insert(QStringLiteral("BOT"), bot.token);
        m_tool.setWorkspace(
            "channels:\n"
            "  - {name: incidents, kind: discord, webhook: \"env:HOOK\", fallback: ops}\n"
            "  - {name: ops, kind: discord, bot: \"env:BOT\", channel_id: \"" +
            bot.channelId.toUtf8() + "\", base: \"" + m_discord.url().toEncoded() + "\"}\n");
    }
    test::Tool m_tool;
    drill::StandInDiscord m_discord;
};

void TestChannel::initTestCase() {
    QVERIFY2(QFile::exists(qEnvironmentVariable("TOCSIN_BINARY")), "build the target tocsin first");
    QVERIFY(m_discord.listen());
    useWorkspace();
}

void TestChannel::listsThePlaces() {
    const test::Outcome outcome =
        m_tool.run({QStringLiteral("channel"), QStringLiteral("list"), QStringLiteral("--json")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonArray channels = outcome.json().array();
    QCOMPARE(channels.size(), 2);
    QCOMPARE(channels[0][u"fallback"].toString(), QStringLiteral("ops"));
    QCOMPARE(channels[1][u"as"].toString(), QStringLiteral("bot"));
}

void TestChannel::testsOne_data() {
    QTest::addColumn<QString>("channel");
    QTest::newRow("webhook") << QStringLiteral("incidents");
    QTest::newRow("bot") << QStringLiteral("ops");
}

void TestChannel::testsOne() {
    QFETCH(QString, channel);
    const qsizetype before = m_discord.posted().size();
    const test::Outcome outcome = m_tool.run(
        {QStringLiteral("channel"), QStringLiteral("test"), channel, QStringLiteral("--json")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QCOMPARE(m_discord.posted().size(), before + 1);
    const auto& seen = m_discord.posted().last();
    QCOMPARE(seen.channel, channel);
    QVERIFY(seen.silent);
    QVERIFY(seen.content.contains(QStringLiteral("Test post from Tocsin")));
    QCOMPARE(outcome.json().array()[0][u"remote_id"].toString(), seen.id);
}

void TestChannel::saysWhatIsWrong() {
    m_discord.misbehave(drill::DiscordMood::BadToken, 1);
    const test::Outcome refused =
        m_tool.run({QStringLiteral("channel"), QStringLiteral("test"), QStringLiteral("incidents"),
                    QStringLiteral("nowhere")});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(QStringLiteral("token")), qPrintable(refused.err));
    QVERIFY2(refused.err.contains(QStringLiteral("“nowhere”")), qPrintable(refused.err));
}

void TestChannel::checkAsksForTheBotsChannel() {
    const QStringList check{QStringLiteral("check"), QStringLiteral("--live"),
                            QStringLiteral("--json")};
    const qsizetype before = m_discord.posted().size();
    useWorkspace();
    const qsizetype asked = m_discord.requests().size();
    const test::Outcome well = m_tool.run(check);
    QVERIFY2(!well.out.contains("\"live\""), well.out.constData());
    QCOMPARE(m_discord.requests().size() - asked, 2);
    m_tool.environment.insert(QStringLiteral("BOT"), QString(30, u'x'));
    const test::Outcome refused = m_tool.run(check);
    QVERIFY2(refused.out.contains("Discord does not know the"), refused.out.constData());
    QCOMPARE(m_discord.posted().size(), before);
    useWorkspace();
}

QTEST_GUILESS_MAIN(TestChannel)
#include "tst_channel.moc"
