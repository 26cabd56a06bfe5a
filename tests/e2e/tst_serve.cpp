// `tocsin serve` and the console on one data folder: who owns the engine, and what happens when
// either dies, is stopped, or hands over.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "watch.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::Literals::StringLiterals;
using Kind = Watch::Kind;

namespace {

constexpr int kRounds = 16;  // two kills each
constexpr int kPatienceMs = 90000;
constexpr int kLongestLifeMs = 1500;

void letPass(int ms) {
    QTimer timer;
    QSignalSpy over(&timer, &QTimer::timeout);
    timer.setSingleShot(true);
    timer.start(ms);
    over.wait(ms + 10000);
}

/// A socket as systemd gives one to its services.
class NotifySocket {
public:
    NotifySocket() {
        m_descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const QByteArray path = m_folder.filePath(u"notify"_s).toLocal8Bit();
        std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
        if (::bind(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            qFatal("cannot bind the notify socket");
        qputenv("NOTIFY_SOCKET", path);
        qputenv("WATCHDOG_USEC", "400000");
    }
    ~NotifySocket() {
        ::close(m_descriptor);
        qunsetenv("NOTIFY_SOCKET");
        qunsetenv("WATCHDOG_USEC");
    }
    QByteArray read() {
        char buffer[512];
        for (ssize_t n = 0; (n = ::recv(m_descriptor, buffer, sizeof buffer, 0)) > 0;)
            m_received += QByteArray(buffer, n) + '\n';
        return m_received;
    }

private:
    QTemporaryDir m_folder;
    int m_descriptor;
    QByteArray m_received;
};

}  // namespace

class ServeTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatItDoesAndEndsCleanly();
    void tellsSystemd();
    void aSecondOneIsRefused();
    void oneThatRestartsPagesWhatFellDue();
    void theConsoleIsGivenWayAndSucceeded();
    void oneThatWasStoppedSendsNothingMore_data();
    void oneThatWasStoppedSendsNothingMore();
    void killedInTurns();
    void killedAtTheStoresBorders();

private:
    void misbehaveAtRandom(Watch& watch);
    void waitForATurn(Watch& watch);

    QRandomGenerator m_random{20260801};
};

void ServeTest::saysWhatItDoesAndEndsCleanly() {
    Watch watch;
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
    QCOMPARE(watch.owner().kind, u"serve"_s);
    const QString id = watch.declare(u"Something broke"_s);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    QCOMPARE(watch.terminate(Kind::Serve), 0);
    QVERIFY(watch.owner().isNobody());
    for (const char* event :
         {"\"started\"", "\"owner\"", "\"incident\"", "\"message\"", "\"stopping\"", "\"stopped\""})
        QVERIFY2(watch.log().contains(event), watch.log().constData());
    QVERIFY(watch.log().contains(id.toUtf8() + "/level-2"));
    const QString token = qEnvironmentVariable("TOCSIN_TEST_WEBHOOK").section(u'/', -1);
    QVERIFY(!token.isEmpty() && !watch.log().contains(token.toUtf8()));
}

void ServeTest::tellsSystemd() {
    NotifySocket manager;
    Watch watch;
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(manager.read().contains("READY=1"), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(manager.read().count("WATCHDOG=1") >= 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(manager.read().contains("STATUS=Escalates and delivers."),
                             kPatienceMs);
    QCOMPARE(watch.terminate(Kind::Serve), 0);
    QVERIFY(manager.read().contains("STOPPING=1"));
}

void ServeTest::aSecondOneIsRefused() {
    Watch watch;
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
    QProcess second;
    second.start(qEnvironmentVariable("TOCSIN_BINARY"), watch.folders() + QStringList{u"serve"_s});
    QVERIFY(second.waitForFinished(kPatienceMs));
    QCOMPARE(second.exitCode(), 1);
    const QByteArray said = second.readAllStandardError();
    QVERIFY2(said.contains("Another “tocsin serve” runs") &&
                 said.contains(QByteArray::number(watch.pid(Kind::Serve))),
             said.constData());
    QVERIFY(watch.owns(Kind::Serve));
}

void ServeTest::oneThatRestartsPagesWhatFellDue() {
    Watch watch;
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
    watch.declare(u"Before the crash"_s);
    QTRY_COMPARE_WITH_TIMEOUT(watch.arrivals(), 1, kPatienceMs);
    watch.kill(Kind::Serve);
    watch.declare(u"While nothing runs"_s);
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    QCOMPARE(watch.faults(), QStringList());
    QCOMPARE(watch.pages().size(), 4);
}

void ServeTest::theConsoleIsGivenWayAndSucceeded() {
    Watch watch;
    watch.start(Kind::Serve);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
    watch.declare(u"Seen by both"_s);
    watch.start(Kind::Console);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Console), kPatienceMs);
    QVERIFY(watch.runs(Kind::Serve));
    QTRY_VERIFY_WITH_TIMEOUT(watch.log().contains("Hands escalation and delivery over to console"),
                             kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    QCOMPARE(watch.repeats(), 0);  // a clean hand-over leaves no doubt
    watch.kill(Kind::Console);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
    watch.declare(u"After the window"_s);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    QCOMPARE(watch.faults(), QStringList());
    QCOMPARE(watch.terminate(Kind::Serve), 0);
}

void ServeTest::oneThatWasStoppedSendsNothingMore_data() {
    QTest::addColumn<Kind>("owner");
    QTest::addColumn<Kind>("other");
    QTest::addColumn<drill::DiscordMood>("mood");
    for (const auto& [name, mood] :
         {std::pair("idle", drill::DiscordMood::Well),
          std::pair("before it was accepted", drill::DiscordMood::StallBefore),
          std::pair("after it was accepted", drill::DiscordMood::StallAfter)}) {
        QTest::addRow("serve, %s", name) << Kind::Serve << Kind::Console << mood;
        QTest::addRow("console, %s", name) << Kind::Console << Kind::Serve << mood;
    }
}

void ServeTest::oneThatWasStoppedSendsNothingMore() {
    QFETCH(const Kind, owner);
    QFETCH(const Kind, other);
    QFETCH(const drill::DiscordMood, mood);
    Watch watch;
    watch.start(owner);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(owner), kPatienceMs);
    if (owner == Kind::Console) watch.start(other);  // serve stands by
    watch.discord().misbehave(mood, 1);
    watch.declare(u"Stopped while paging"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!watch.discord().requests().isEmpty(), kPatienceMs);
    watch.stop(owner);
    QElapsedTimer since;
    since.start();
    if (owner == Kind::Serve) watch.start(other);
    watch.declare(u"Declared while it is stopped"_s);
    QTRY_VERIFY_WITH_TIMEOUT(watch.owns(other), kPatienceMs);
    qInfo("taken over after %lld ms", since.elapsed());
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    const qint64 token = watch.owner().token;
    const int arrivals = watch.arrivals();
    watch.resume(owner);
    if (owner == Kind::Serve) {
        QTRY_VERIFY_WITH_TIMEOUT(watch.log().contains("were taken over"), kPatienceMs);
        QCOMPARE(watch.owner().token, token);
    } else {
        // The console asks for it, and is given it, as any console is.
        QTRY_VERIFY_WITH_TIMEOUT(watch.owner().token > token && watch.owns(owner), kPatienceMs);
    }
    QCOMPARE(watch.arrivals(), arrivals);
    watch.declare(u"Afterwards"_s);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
    QCOMPARE(watch.faults(), QStringList());
}

void ServeTest::misbehaveAtRandom(Watch& watch) {
    using drill::DiscordMood;
    static const QVector<DiscordMood> moods{
        DiscordMood::Well,      DiscordMood::Well,        DiscordMood::Well,
        DiscordMood::CutBefore, DiscordMood::StallAfter,  DiscordMood::StallBefore,
        DiscordMood::CutAfter,  DiscordMood::RateLimited, DiscordMood::ServerError};
    const DiscordMood mood = moods[m_random.bounded(moods.size())];
    watch.discord().misbehave(mood, mood == DiscordMood::Well ? -1 : 1, 0.5);
}

/// Some deaths come at any time, some the moment a message reaches the other side.
void ServeTest::waitForATurn(Watch& watch) {
    if (m_random.bounded(2) == 0) return letPass(m_random.bounded(kLongestLifeMs));
    const auto before = watch.discord().requests().size();
    (void)QTest::qWaitFor([&] { return watch.discord().requests().size() > before; },
                          kLongestLifeMs);
}

void ServeTest::killedInTurns() {
    Watch watch;
    watch.start(Kind::Serve);
    int kills = 0, underWay = 0;
    qint64 longest = 0;
    const auto killed = [&](Kind kind) {
        for (const delivery::Entry& entry : watch.pages())
            underWay += !entry.isFinished();
        watch.kill(kind);
        ++kills;
    };
    for (int round = 0; round < kRounds; ++round) {
        // The console with serve standing by.
        watch.start(Kind::Console);
        QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Console), kPatienceMs);
        misbehaveAtRandom(watch);
        watch.declare(u"The console dies %1"_s.arg(round));
        waitForATurn(watch);
        killed(Kind::Console);
        QElapsedTimer since;
        since.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Serve), kPatienceMs);
        longest = std::max(longest, since.elapsed());
        // Serve, while a console begins and asks for it; that one inherits, then gives way.
        misbehaveAtRandom(watch);
        watch.declare(u"Serve dies %1"_s.arg(round));
        watch.start(Kind::Console);
        waitForATurn(watch);
        killed(Kind::Serve);
        since.restart();
        QTRY_VERIFY_WITH_TIMEOUT(watch.owns(Kind::Console), kPatienceMs);
        longest = std::max(longest, since.elapsed());
        watch.start(Kind::Serve);
        watch.kill(Kind::Console);
        ++kills;
    }
    watch.discord().misbehave(drill::DiscordMood::Well);
    QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), 2 * kPatienceMs);
    QCOMPARE(watch.faults(), QStringList());
    QCOMPARE(watch.pages().size(), kRounds * 4);
    QVERIFY(kills >= 30 && underWay > 0);
    qInfo(
        "%d kills with %d messages under way: %lld messages, %d arrivals, %d marked as possible "
        "repeats, 0 lost, 0 doubled unmarked; taken over within %lld ms",
        kills, underWay, static_cast<long long>(watch.pages().size()), watch.arrivals(),
        watch.repeats(), longest);
}

/// Whoever owns the engine dies at a border of a transaction, or in the middle of one; the other
/// kind takes over. TOCSIN_KILLS asks for more than there is time for in each run.
void ServeTest::killedAtTheStoresBorders() {
    const int rounds = std::max(20, qEnvironmentVariableIntValue("TOCSIN_KILLS"));
    constexpr int kLatestCall = 80;  // what starting, a page and a card need
    Watch watch;
    int borders = 0, underWay = 0;
    qint64 longest = 0;
    for (int round = 0; round < rounds; ++round) {
        const Kind dying = round % 2 == 0 ? Kind::Console : Kind::Serve;
        const Kind other = round % 2 == 0 ? Kind::Serve : Kind::Console;
        if (dying == Kind::Console) watch.start(other);  // stands by
        misbehaveAtRandom(watch);
        watch.startDying(dying, 1 + m_random.bounded(kLatestCall));
        watch.declare(u"Dies %1"_s.arg(round));
        QTRY_VERIFY_WITH_TIMEOUT(!watch.runs(dying) || watch.everythingDelivered(), kPatienceMs);
        borders += !watch.runs(dying);
        for (const delivery::Entry& entry : watch.pages())
            underWay += !entry.isFinished();
        if (watch.runs(dying)) watch.kill(dying);
        if (dying == Kind::Serve) watch.start(other);
        QElapsedTimer since;
        since.start();
        QTRY_VERIFY_WITH_TIMEOUT(watch.owns(other), kPatienceMs);
        longest = std::max(longest, since.elapsed());
        watch.discord().misbehave(drill::DiscordMood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(watch.everythingDelivered(), kPatienceMs);
        watch.kill(other);
        QCOMPARE(watch.faults(), QStringList());
    }
    QCOMPARE(watch.pages().size(), rounds * 2);
    qInfo(
        "%d deaths of the owner, %d of them at the store's borders, and as many of who took over; "
        "%d messages under way: %lld messages, %d arrivals, %d marked as possible repeats, 0 lost, "
        "0 doubled unmarked; taken over within %lld ms",
        rounds, borders, underWay, static_cast<long long>(watch.pages().size()), watch.arrivals(),
        watch.repeats(), longest);
    QVERIFY(borders > rounds / 4 && underWay > 0);
}

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    ServeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_serve.moc"
