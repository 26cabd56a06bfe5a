// What stands between a socket and who reads it: passes every byte on, and leaves no trace.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QTest>
#include <array>
#include <optional>

#include "plugins/engines/postgres/mapped.h"
#include "plugins/engines/postgres/sluice.h"

using namespace tocsin::postgres;

namespace {

qsizetype openDescriptors() {
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
}

/// A reader's end and a server's.
struct Line {
    Line() {
        std::array<int, 2> pair{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
            qFatal("no sockets");
        reader = pair[0];
        server = pair[1];
    }
    ~Line() {
        ::close(reader);
        if (server >= 0) ::close(server);
    }
    QByteArray read() const {
        QByteArray got(1 << 20, Qt::Uninitialized);
        const ssize_t size = ::recv(reader, got.data(), size_t(got.size()), MSG_DONTWAIT);
        return got.left(std::max<ssize_t>(0, size));
    }
    int reader, server;
};

}  // namespace

class TestSluice : public QObject {
    Q_OBJECT
private slots:
    void passesEverything();
    void givesTheNumberBack();
    void passesTheEnd();
    void leavesTheNumberOfAnother();
    void aJumpIsSeen();
};

void TestSluice::passesEverything() {
    const qsizetype before = openDescriptors();
    {
        Line line;
        Sluice sluice(line.reader);
        QVERIFY(sluice.stands());
        QByteArray sent, got;
        for (int i = 0; i < 400; ++i) {
            const QByteArray piece(1 + i * 37 % 5000, char('a' + i % 26));
            const ssize_t took = ::send(line.server, piece.constData(), size_t(piece.size()), 0);
            if (took > 0) sent += piece.left(took);
            if (i % 3 == 0) sluice.pass();
            if (i % 7 == 0) got += line.read();
        }
        while (got.size() < sent.size()) {
            sluice.pass();
            const QByteArray more = line.read();
            QVERIFY(!more.isEmpty());
            got += more;
        }
        QCOMPARE(got, sent);
        QCOMPARE(sluice.passed(), qint64(sent.size()));
        QVERIFY(sluice.isDrained());
    }
    QCOMPARE(openDescriptors(), before);
}

void TestSluice::givesTheNumberBack() {
    Line line;
    { const Sluice sluice(line.reader); }
    QCOMPARE(::send(line.server, "x", 1, 0), 1);
    QCOMPARE(line.read(), QByteArray("x"));
}

void TestSluice::passesTheEnd() {
    Line line;
    Sluice sluice(line.reader);
    QCOMPARE(::send(line.server, "last", 4, 0), 4);
    ::close(std::exchange(line.server, -1));
    sluice.pass();
    sluice.pass();
    QCOMPARE(line.read(), QByteArray("last"));
    char more = 0;
    QCOMPARE(::recv(line.reader, &more, 1, MSG_DONTWAIT), 0);
}

void TestSluice::leavesTheNumberOfAnother() {
    const qsizetype before = openDescriptors();
    {
        Line line;
        std::optional<Sluice> sluice(line.reader);
        ::close(line.reader);  // as libpq does when the server is gone
        const int other = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        QCOMPARE(other, line.reader);
        sluice->abandon();
        sluice.reset();
        struct stat what {};
        QCOMPARE(::fstat(line.reader, &what), 0);
        QVERIFY(S_ISCHR(what.st_mode));
    }
    QCOMPARE(openDescriptors(), before);
}

void TestSluice::aJumpIsSeen() {
    const MappedMemory memory;
    const qint64 before = memory.bytes();
    QVERIFY(before > 0);
    const std::unique_ptr<char[]> room(new char[64U << 20U]);
    room[0] = 'x';
    QVERIFY(memory.bytes() - before >= 48LL << 20U);
}

QTEST_GUILESS_MAIN(TestSluice)
#include "tst_sluice.moc"
