// kill -9 of the console while a page is on its way: after the restart nothing is lost, and what
// may be there twice says so.
#include <QApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <csignal>

#include "stage.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::Literals::StringLiterals;

class KilledTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QCOMPARE(m_stage.startDrill(u"database-connections"_s), QString()); }
    void diesWhilePaging_data();
    void diesWhilePaging();
    void cleanupTestCase() { QCOMPARE(m_stage.stopDrill(), QString()); }

private:
    QStringList folders() const {
        return {u"--workspace"_s, m_stage.workspaceFolder(), u"--data"_s, m_stage.dataFolder()};
    }
    /// Runs `tocsin incident …` and returns what it printed.
    QJsonObject incident(const QStringList& args) {
        QProcess command;
        command.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        command.start(qEnvironmentVariable("TOCSIN_BINARY"),
                      folders() + QStringList{u"incident"_s} + args + QStringList{u"--json"_s});
        // The stand-in Discord lives here: waiting must let it answer.
        QSignalSpy finished(&command, &QProcess::finished);
        finished.wait(60000);
        return QJsonDocument::fromJson(command.readAllStandardOutput()).object();
    }
    int postsAbout(const QString& id, bool repeatsToo) const {
        int count = 0;
        for (const drill::PostedMessage& message : m_stage.drill().posted()) {
            const bool repeat = message.content.contains(u"possible repeat"_s, Qt::CaseInsensitive);
            if (message.content.contains(id) && !message.pingedRoles.isEmpty() &&
                (repeatsToo || !repeat))
                ++count;
        }
        return count;
    }
    mutable Stage m_stage{theme::Mode::Dark};
};

void KilledTest::diesWhilePaging_data() {
    QTest::addColumn<drill::DiscordMood>("mood");
    QTest::addColumn<int>("postsBefore");
    QTest::newRow("before Discord accepted") << drill::DiscordMood::StallBefore << 0;
    QTest::newRow("after Discord accepted") << drill::DiscordMood::StallAfter << 1;
    QTest::newRow("delivered") << drill::DiscordMood::Well << 1;
}

void KilledTest::diesWhilePaging() {
    QFETCH(const drill::DiscordMood, mood);
    QFETCH(const int, postsBefore);
    drill::StandInDiscord& discord = m_stage.drill().discord();
    discord.misbehave(mood);
    const qsizetype requestsBefore = discord.requests().size();

    const QString lock = QDir(m_stage.dataFolder()).filePath(u"engine.lock"_s);
    QFile::remove(lock);
    QProcess console;
    console.setProcessChannelMode(QProcess::ForwardedChannels);
    console.start(qEnvironmentVariable("TOCSIN_BINARY"), folders());
    QVERIFY(console.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(lock), 60000);  // it owns the engine
    const QString id =
        incident({u"declare"_s, u"--title"_s, u"Killed while paging"_s, u"--severity"_s, u"P1"_s})
            .value(u"id"_s)
            .toString();
    QVERIFY(!id.isEmpty());
    if (mood == drill::DiscordMood::Well)
        QTRY_COMPARE_WITH_TIMEOUT(postsAbout(id, true), 1, 60000);
    else
        QTRY_VERIFY_WITH_TIMEOUT(discord.requests().size() > requestsBefore, 60000);
    QCOMPARE(::kill(static_cast<pid_t>(console.processId()), SIGKILL), 0);
    console.waitForFinished();
    QCOMPARE(postsAbout(id, true), postsBefore);

    discord.misbehave(drill::DiscordMood::Well);
    QCOMPARE(m_stage.openConsole(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(m_stage.console().engine().ladder(id).rungs.value(1).state,
                              escalation::RungState::Delivered, 90000);
    // Let the console finish what it may still want to send, so that a second page would be seen.
    QTRY_VERIFY_WITH_TIMEOUT(!m_stage.console().dispatcher().isBusy(), 90000);
    QVERIFY(postsAbout(id, true) >= 1);
    QVERIFY2(postsAbout(id, false) <= 1, "a page was doubled without saying so");
    const QJsonObject shown = incident({u"show"_s, id});
    QCOMPARE(shown[u"title"].toString(), u"Killed while paging"_s);
    QCOMPARE(shown[u"levels"][1][u"state"].toString(), u"delivered"_s);
    m_stage.closeConsole();
    incident({u"resolve"_s, id, u"done"_s});
}

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    KilledTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_killed.moc"
