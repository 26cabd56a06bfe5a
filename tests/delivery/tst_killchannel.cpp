#include <QTimer>

#include "tests/delivery/killmatrix.h"

using namespace tocsin;
using namespace tocsin::test;
using drill::DiscordMood;

/// kill −9 around every kind of answer: when a request has come in, when its message was accepted,
/// and when it was answered; for a page, an update, a thread and an edit.
class KillChannelTest : public QObject {
    Q_OBJECT
private slots:
    void everyAnswer_data();
    void everyAnswer();
};

void KillChannelTest::everyAnswer_data() {
    QTest::addColumn<bool>("bot");
    QTest::newRow("webhook") << false;
    QTest::newRow("bot") << true;
}

void KillChannelTest::everyAnswer() {
    QFETCH(bool, bot);
    static const QVector<DiscordMood> moods{
        DiscordMood::Well,          DiscordMood::StallBefore, DiscordMood::StallAfter,
        DiscordMood::CutBefore,     DiscordMood::CutAfter,    DiscordMood::HalfAnswer,
        DiscordMood::Garbage,       DiscordMood::NoContent,   DiscordMood::RateLimited,
        DiscordMood::GlobalLimit,   DiscordMood::ServerError, DiscordMood::BadGateway,
        DiscordMood::Overloaded,    DiscordMood::BadToken,    DiscordMood::Forbidden,
        DiscordMood::UnknownWebhook};
    // Milliseconds after the request came in; each on another request of its life.
    static const QVector<int> moments{0, 1, 2, 4, 8};
    KillMatrix matrix(bot);
    matrix.listen();
    QVERIFY(!matrix.live());
    int turn = 0;
    for (const DiscordMood mood : moods) {
        for (const int moment : moments) {
            const int request = 1 + turn++ % 5;
            int seen = 0;
            QMetaObject::Connection connection;
            matrix.live([&](QProcess& process) {
                connection = QObject::connect(
                    &matrix.discord, &drill::StandInDiscord::requestReceived, &process, [&] {
                        if (++seen != request) return;
                        matrix.discord.misbehave(mood, 1, 0.02);
                        const auto pid = static_cast<pid_t>(process.processId());
                        if (moment == 0)
                            ::kill(pid, SIGKILL);
                        else
                            QTimer::singleShot(moment, &process, [pid] { ::kill(pid, SIGKILL); });
                    });
            });
            QObject::disconnect(connection);
            matrix.discord.misbehave(DiscordMood::Well, 0);
            matrix.lookAround();
            if (QTest::currentTestFailed()) return;
        }
        QVERIFY(!matrix.live());  // so that the next deaths find little that was left behind
    }
    QVERIFY(!matrix.live());
    QVERIFY2(matrix.kills >= 75, qPrintable(QString::number(matrix.kills)));
    for (const char* state : {"intent", "sending"})
        QVERIFY2(matrix.statesAtDeath.value(QLatin1String(state)) > 0, state);
    matrix.account();
}

QTEST_GUILESS_MAIN(KillChannelTest)
#include "tst_killchannel.moc"
