#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include "tests/engines_redis/asking.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

namespace {

/// Something that is not a healthy Redis: answers each command by a script, in order; the last one
/// repeats. "close" hangs up, "silence" says nothing, "flood" never stops, "drip:…" comes a byte at
/// a time, "cut:…" hangs up behind it.
class Standin : public QTcpServer {
public:
    explicit Standin(QByteArrayList answers, QObject* parent = nullptr)
        : QTcpServer(parent), m_answers(std::move(answers)) {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
        });
    }

    QByteArray received;

private:
    void answer(QTcpSocket* socket) {
        received += socket->readAll();
        const QByteArray answer = m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.first();
        if (answer == "close")
            socket->disconnectFromHost();
        else if (answer == "flood")
            flood(socket);
        else if (answer.startsWith("drip:"))
            drip(socket, answer.mid(5));
        else if (answer.startsWith("cut:")) {
            socket->write(answer.mid(4));
            socket->disconnectFromHost();
        } else if (answer != "silence")
            socket->write(answer);
    }

    void drip(QTcpSocket* socket, const QByteArray& bytes) {
        auto* timer = new QTimer(socket);
        connect(timer, &QTimer::timeout, socket, [socket, timer, left = bytes]() mutable {
            socket->write(left.left(1));
            left.remove(0, 1);
            if (left.isEmpty()) timer->stop();
        });
        timer->start(1);
    }

    void flood(QTcpSocket* socket) {
        socket->write("$?\r\n");
        auto* timer = new QTimer(socket);
        connect(timer, &QTimer::timeout, socket, [socket] {
            if (socket->bytesToWrite() < 1 << 20)
                socket->write(
                    QByteArray(";65536\r\n" + QByteArray(65536, 'x') + "\r\n").repeated(4));
        });
        timer->start(0);
    }

    QByteArrayList m_answers;
};

/// The answers that open a conversation: HELLO, NO-TOUCH, WHOAMI, DRYRUN, INFO, ROLE, COMMAND,
/// COMMAND INFO.
QByteArrayList greeting() {
    return {"%1\r\n+version\r\n+7.0.0\r\n",
            "-ERR unknown\r\n",
            "+me\r\n",
            "-ERR unknown\r\n",
            "=7\r\ntxt:a:b\r\n",
            "*1\r\n+master\r\n",
            "*2\r\n*3\r\n+ping\r\n:-1\r\n*1\r\n+fast\r\n*3\r\n+get\r\n:2\r\n~1\r\n+readonly\r\n"
            "-ERR unknown\r\n"};
}

}  // namespace

/// Servers that lie, stall, flood, and hang up.
class BadServerTest : public QObject {
    Q_OBJECT
private slots:
    void survives_data();
    void survives();
    void speaksSentences_data();
    void speaksSentences();
    void neverSendsTwice();
    void dropsPushes();
    void waitsForWhatTrickles();
    void aTrickleWithoutEndRunsOutOfTime();
    void aPipelineThatIsCutIsNotSentAgain();
    void anAnswerToNothingIsNobodysAnswer();
};

void BadServerTest::survives_data() {
    QTest::addColumn<QByteArrayList>("answers");
    QTest::addColumn<bool>("greets");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QByteArrayList& answers, bool greets,
                        ErrorCode code) {
        QTest::newRow(name) << answers << greets << nameOf(code);
    };
    row("hangs up at once", {"close"}, false, ErrorCode::Network);
    row("speaks HTTP", {"HTTP/1.1 400 Bad Request\r\n\r\n"}, false, ErrorCode::Protocol);
    row("speaks TLS", {QByteArray("\x15\x03\x03\x00\x02\x02\x46\r\n", 9)}, false,
        ErrorCode::Protocol);
    row("says nothing", {"silence"}, false, ErrorCode::Timeout);
    row("stalls in the middle", {"%7\r\n+server\r\n"}, false, ErrorCode::Timeout);
    row("claims 2 GB", {"$2147483648\r\n"}, false, ErrorCode::TooLarge);
    row("claims 2^63 elements", {"*9223372036854775807\r\n"}, false, ErrorCode::TooLarge);
    row("nests without end", {QByteArray("*1\r\n").repeated(100'000)}, false, ErrorCode::TooLarge);
    row("hangs up later", {"close"}, true, ErrorCode::Network);
    row("stalls later", {"silence"}, true, ErrorCode::Timeout);
    row("half an answer, then silence", {"$10\r\nhalf"}, true, ErrorCode::Timeout);
    row("garbage later", {"\x01\x02\x03\r\n"}, true, ErrorCode::Protocol);
    row("floods", {"flood"}, true, ErrorCode::TooLarge);
}

void BadServerTest::survives() {
    QFETCH(QByteArrayList, answers);
    QFETCH(const bool, greets);
    QFETCH(const QString, code);
    Standin server((greets ? greeting() : QByteArrayList()) + answers);
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    Query query{QStringLiteral("PING"),
                std::chrono::milliseconds(code == u"timeout" ? 300 : 20'000),
                1 << 20,
                {}};
    const auto result = test::settled(engine.run(query));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), code);
    QVERIFY(result.error().message.size() > 20);
    QTRY_VERIFY(engine.state() == EngineState::Closed);
}

void BadServerTest::speaksSentences_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* line, ErrorCode code, const char* says) {
        QTest::newRow(line) << QByteArray(line) << nameOf(code) << QString::fromUtf8(says);
    };
    row("LOADING Redis is loading the dataset in memory", ErrorCode::Unavailable,
        "loading_eta_seconds");
    row("BUSY Redis is busy running a script.", ErrorCode::Unavailable, "SCRIPT KILL");
    row("READONLY You can't write against a read only replica.", ErrorCode::Refused, "primary");
    row("NOAUTH Authentication required.", ErrorCode::Auth, "password:");
    row("NOPERM this user has no permissions", ErrorCode::Auth, "redis-guard.md");
    row("MASTERDOWN Link with MASTER is down", ErrorCode::Unavailable, "stale");
    row("OOM command not allowed when used memory > 'maxmemory'.", ErrorCode::Unavailable,
        "maxmemory-policy");
    row("MOVED 3999 nowhere", ErrorCode::Refused, "nowhere");
    row("ASK 3999 nowhere", ErrorCode::Refused, "moving");
    row("CLUSTERDOWN Hash slot not served", ErrorCode::Unavailable, "CLUSTER INFO");
    row("CROSSSLOT Keys in request don't hash to the same slot", ErrorCode::Refused, "one by one");
    row("MISCONF Redis is configured to save RDB snapshots", ErrorCode::Unavailable, "disk");
    row("ERR max number of clients reached", ErrorCode::Unavailable, "maxclients");
    row("ERR wrong number of arguments for 'get' command", ErrorCode::Parse, "arguments");
    row("ERR something new", ErrorCode::Refused, "ERR something new");
}

void BadServerTest::speaksSentences() {
    QFETCH(const QByteArray, line);
    QFETCH(const QString, code);
    QFETCH(const QString, says);
    Standin server(greeting() + QByteArrayList{"-" + line + "\r\n"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), code);
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    QCOMPARE(result.error().detail, QString::fromUtf8(line));
}

void BadServerTest::neverSendsTwice() {
    // The size is told, and the connection is lost over the command itself.
    Standin server(greeting() + QByteArrayList{":3\r\n", "close"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    QVERIFY(!ask(engine, QStringLiteral("GET once")));
    QCOMPARE(server.received.count("\r\nGET\r\n"), 1);
    QCOMPARE(server.received.count("\r\nHELLO\r\n"), 1);
}

void BadServerTest::dropsPushes() {
    Standin server(greeting() + QByteArrayList{">2\r\n+invalidate\r\n*0\r\n+PONG\r\n"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(result.has_value());
    QCOMPARE(result->reply->text(), QByteArray("PONG"));
}

void BadServerTest::waitsForWhatTrickles() {
    Standin server(greeting() +
                   QByteArrayList{"drip:*3\r\n$5\r\nhello\r\n%1\r\n+a\r\n,1.5\r\n:7\r\n"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->reply->children().size(), 3U);
    QCOMPARE(result->reply->children().front().text(), QByteArray("hello"));
}

/// That something still comes is not progress: the time limit is one of the whole.
void BadServerTest::aTrickleWithoutEndRunsOutOfTime() {
    Standin server(greeting() + QByteArrayList{"drip:$100000\r\n" + QByteArray(100'000, 'x')});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    QVERIFY(test::settled(engine.open()));
    const auto result = ask(engine, QStringLiteral("PING"), std::chrono::milliseconds(300));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Timeout));
}

void BadServerTest::aPipelineThatIsCutIsNotSentAgain() {
    Standin server(greeting() + QByteArrayList{":1\r\n:1\r\n", "cut:+ONE\r\n$10\r\nhalf"} +
                   greeting() + QByteArrayList{"+AGAIN\r\n"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    const auto result = ask(engine, QStringLiteral("PING\nGET a\nGET b"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Network));
    QVERIFY2(result.error().message.contains(QStringLiteral("Nothing was sent again")),
             qPrintable(result.error().message));
    QCOMPARE(server.received.count("\r\nGET\r\n"), 2);
    QTRY_VERIFY(engine.state() == EngineState::Closed);
    const auto again = ask(engine, QStringLiteral("PING"));
    QVERIFY2(again.has_value(), again ? "" : qPrintable(again.error().message));
    QCOMPARE(again->reply->text(), QByteArray("AGAIN"));
    QCOMPARE(server.received.count("\r\nGET\r\n"), 2);
}

/// One answer too many would be taken for that of the next command: the connection ends instead.
void BadServerTest::anAnswerToNothingIsNobodysAnswer() {
    Standin server(greeting() + QByteArrayList{"+FIRST\r\n+STRAY\r\n"} + greeting() +
                   QByteArrayList{"+SECOND\r\n"});
    SystemClock clock;
    Engine engine(test::addressOfPort(server.serverPort()), clock);
    const auto first = ask(engine, QStringLiteral("PING"));
    QVERIFY2(first.has_value(), first ? "" : qPrintable(first.error().message));
    QCOMPARE(first->reply->text(), QByteArray("FIRST"));
    const auto second = ask(engine, QStringLiteral("PING"));
    QVERIFY2(second.has_value(), second ? "" : qPrintable(second.error().message));
    QCOMPARE(second->reply->text(), QByteArray("SECOND"));
}

QTEST_GUILESS_MAIN(BadServerTest)
#include "tst_redisbadserver.moc"
