// The Redis pane's parts beside their peers, in one run, as ratios:
//   bench_redis [KEYS [PART…]]   (default 1 000 000 keys; decode tree walk reply pipeline queues)
// decoding beside hiredis on the same bytes (alone, and with the receipt's SHA-256), ten million
// names in the tree, walking the keys beside what redis-cli --scan does while another client pings,
// the event loop under a big reply, a pipeline beside `redis-cli --pipe`, a look at 200 queues.
#include <hiredis/hiredis.h>
#include <malloc.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryFile>
#include <QTextStream>
#include <QThread>
#include <QTimer>
#include <algorithm>
#include <atomic>
#include <cstdio>

#include "inspection/connection.h"
#include "inspection/keywalk.h"
#include "inspection/queuewatch.h"
#include "plugins/engines/redis/wire.h"
#include "sdk/async.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"
#include "ui/redis/keytree.h"

using namespace tocsin;

namespace {

constexpr qsizetype kChunk = 64LL * 1024;  // what a socket hands out at once
constexpr int kPipelined = 100'000;
constexpr int kRounds = 7;

struct Figures {
    double seconds = 0;
    double megabytes = 0;  ///< that the last reply takes
};

QTextStream& out() {
    static QTextStream stream(stdout);
    return stream;
}

void line(const QString& what, double ours, double theirs, const QString& unit, const QString& peer,
          double limit = 0) {
    const double ratio = ours / theirs;
    out() << QStringLiteral("%1 %2 %3   %4 %5 %3   ratio %6")
                 .arg(what, -34)
                 .arg(ours, 8, 'f', 3)
                 .arg(unit)
                 .arg(peer)
                 .arg(theirs, 8, 'f', 3)
                 .arg(ratio, 0, 'f', 2);
    if (limit > 0)
        out() << QStringLiteral(" (limit %1, %2)")
                     .arg(limit, 0, 'f', 2)
                     .arg(ratio <= limit ? QStringLiteral("ok") : QStringLiteral("OVER"));
    out() << '\n' << Qt::flush;
}

QByteArray smallReplies() {
    QByteArray bytes;
    for (int i = 0; i < 250'000; ++i)
        bytes += "+OK\r\n:" + QByteArray::number(i) + "\r\n$5\r\nhello\r\n$-1\r\n";
    return bytes;
}

/// 1 000 arrays of 1 000 texts, about 100 MB.
QByteArray nestedReply() {
    const QByteArray text = "$90\r\n" + QByteArray(90, 'x') + "\r\n";
    const QByteArray inner = "*1000\r\n" + text.repeated(1000);
    return "*1000\r\n" + inner.repeated(1000);
}

double allocatedMegabytes() {
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd) / (1024.0 * 1024.0);
}

Figures decodeOurs(const QByteArray& bytes, bool hashes) {
    const double before = allocatedMegabytes();
    QElapsedTimer timer;
    timer.start();
    redis::RespDecoder decoder({.depth = 10'000, .bytes = 4LL * 1024 * 1024 * 1024});
    decoder.setHashing(hashes);
    std::optional<Reply> kept;
    for (qsizetype at = 0; at < bytes.size(); at += kChunk) {
        decoder.feed(QByteArrayView(bytes).sliced(at, std::min(kChunk, bytes.size() - at)));
        for (;;) {
            auto reply = decoder.next();
            if (!reply || !*reply) break;
            kept = std::move(*reply);
        }
    }
    return {static_cast<double>(timer.nsecsElapsed()) / 1e9, allocatedMegabytes() - before};
}

Figures decodeHiredis(const QByteArray& bytes) {
    const double before = allocatedMegabytes();
    QElapsedTimer timer;
    timer.start();
    redisReader* reader = redisReaderCreate();
    void* kept = nullptr;
    for (qsizetype at = 0; at < bytes.size(); at += kChunk) {
        redisReaderFeed(reader, bytes.constData() + at,
                        static_cast<std::size_t>(std::min(kChunk, bytes.size() - at)));
        for (;;) {
            void* reply = nullptr;
            if (redisReaderGetReply(reader, &reply) != REDIS_OK || !reply) break;
            if (kept) freeReplyObject(kept);
            kept = reply;
        }
    }
    const Figures figures{static_cast<double>(timer.nsecsElapsed()) / 1e9,
                          allocatedMegabytes() - before};
    if (kept) freeReplyObject(kept);
    redisReaderFree(reader);
    return figures;
}

void benchDecoding(const QString& what, const QByteArray& bytes) {
    Figures ours{1e9, 0};
    Figures theirs{1e9, 0};
    Figures hashed{1e9, 0};
    const auto better = [](Figures& best, const Figures& now) {
        best = {std::min(best.seconds, now.seconds), now.megabytes};
    };
    for (int run = 0; run < 3; ++run) {
        better(ours, decodeOurs(bytes, false));
        better(theirs, decodeHiredis(bytes));
        better(hashed, decodeOurs(bytes, true));
    }
    line(what, ours.seconds, theirs.seconds, QStringLiteral("s"), QStringLiteral("hiredis"),
         1 / 1.5);
    line(what + QStringLiteral(", with SHA-256"), hashed.seconds, theirs.seconds,
         QStringLiteral("s"), QStringLiteral("hiredis"));
    if (theirs.megabytes > 10)
        line(what + QStringLiteral(", memory"), ours.megabytes, theirs.megabytes,
             QStringLiteral("MB"), QStringLiteral("hiredis"), 0.5);
}

/// Another client's worst PING while something else happens.
class Pinging {
public:
    explicit Pinging(quint16 port) : m_port(port) {}
    void start() {
        m_stop = false;
        m_worst = 0;
        m_thread.reset(QThread::create([this] {
            redisContext* context = redisConnect("127.0.0.1", m_port);
            while (!m_stop) {
                QElapsedTimer timer;
                timer.start();
                freeReplyObject(redisCommand(context, "PING"));
                m_worst = std::max(m_worst.load(), timer.nsecsElapsed());
                QThread::usleep(200);
            }
            redisFree(context);
        }));
        m_thread->start();
    }
    double stopped() {
        m_stop = true;
        m_thread->wait();
        return static_cast<double>(m_worst.load()) / 1e6;
    }

private:
    quint16 m_port;
    std::unique_ptr<QThread> m_thread;
    std::atomic<bool> m_stop{false};
    std::atomic<qint64> m_worst{0};
};

/// How long the event loop was away between the ticks of a millisecond.
class LoopWatch {
public:
    LoopWatch() {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_gaps.push_back(static_cast<double>(m_since.nsecsElapsed()) / 1e6);
            m_since.start();
        });
        m_since.start();
        m_timer.start(1);
    }
    /// Milliseconds that `share` of all gaps stay below.
    double quantile(double share) {
        if (m_gaps.empty()) return 0;
        std::sort(m_gaps.begin(), m_gaps.end());
        const auto last = static_cast<double>(m_gaps.size() - 1);
        return m_gaps[static_cast<std::size_t>(last * share)];
    }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    std::vector<double> m_gaps;
};

/// The tree alone, with names as they come: its memory must not grow with them.
void benchTenMillionKeys() {
    constexpr int kKeys = 10'000'000;
    constexpr int kBatch = 1000;
    const double before = allocatedMegabytes();
    ui::KeyTree tree;
    QElapsedTimer timer;
    timer.start();
    for (int from = 0; from < kKeys; from += kBatch) {
        QByteArrayList names;
        names.reserve(kBatch);
        for (int i = from; i < from + kBatch; ++i)
            names << "user:" + QByteArray::number(i % 5000) + ":session:" + QByteArray::number(i);
        tree.add(names);
    }
    const double taken = allocatedMegabytes() - before;
    out() << QStringLiteral("10 M keys into the tree: %1 MB (limit 300, %2), %3 s, %4 names kept\n")
                 .arg(taken, 0, 'f', 0)
                 .arg(taken <= 300 ? QStringLiteral("ok") : QStringLiteral("OVER"))
                 .arg(static_cast<double>(timer.nsecsElapsed()) / 1e9, 0, 'f', 1)
                 .arg(tree.keptCount())
          << Qt::flush;
}

std::unique_ptr<inspection::Connection> connectionTo(quint16 port, Clock& clock) {
    inspection::ConnectionInfo info;
    info.name = QStringLiteral("bench");
    info.kind = QStringLiteral("redis");
    info.timeout = std::chrono::minutes(5);
    return std::make_unique<inspection::Connection>(
        info, std::make_unique<redis::Engine>(redis::test::addressOfPort(port), clock), Error{},
        clock);
}

void fill(quint16 port, int keys) {
    redisContext* context = redisConnect("127.0.0.1", port);
    for (int i = 0; i < keys; ++i) {
        redisAppendCommand(context, "SET session:%d:%d x", i % 1000, i);
        if (i % 1000 == 999)
            for (int k = 0; k < 1000; ++k) {
                void* reply = nullptr;
                redisGetReply(context, &reply);
                freeReplyObject(reply);
            }
    }
    redisFree(context);
}

double cliSeconds(quint16 port, const QStringList& arguments, const QString& input = {}) {
    QProcess cli;
    cli.setStandardOutputFile(QProcess::nullDevice());
    if (!input.isEmpty()) cli.setStandardInputFile(input);
    QElapsedTimer timer;
    timer.start();
    cli.start(QStringLiteral("redis-cli"),
              QStringList{QStringLiteral("-p"), QString::number(port)} + arguments);
    cli.waitForFinished(-1);
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

/// What redis-cli --scan does, names printed and all, at a COUNT that redis-cli 7.0 cannot be
/// given.
double scanAsRedisCli(quint16 port, int count) {
    redisContext* context = redisConnect("127.0.0.1", port);
    FILE* const nowhere = std::fopen("/dev/null", "w");
    QElapsedTimer timer;
    timer.start();
    QByteArray cursor = "0";
    do {
        auto* reply = static_cast<redisReply*>(
            redisCommand(context, "SCAN %s COUNT %d", cursor.constData(), count));
        if (!reply || reply->elements != 2) break;
        cursor = reply->element[0]->str;
        for (std::size_t i = 0; i < reply->element[1]->elements; ++i)
            std::fprintf(nowhere, "%s\n", reply->element[1]->element[i]->str);
        freeReplyObject(reply);
    } while (cursor != "0");
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    std::fclose(nowhere);
    redisFree(context);
    return seconds;
}

struct Walked {
    double seconds = 0;
    double worstPing = 0;
    double gap = 0;  ///< of the event loop, 99 of 100 are shorter
    double longestGap = 0;
    int count = 0;
    qint64 keys = 0;
    qint64 kept = 0;
};

Walked walked(quint16 port, Clock& clock, Pinging& pinging) {
    auto connection = connectionTo(port, clock);
    inspection::KeyWalk walk(*connection, clock);
    ui::KeyTree tree;
    QObject::connect(&walk, &inspection::KeyWalk::keysArrived, &tree, &ui::KeyTree::add);
    QObject::connect(&walk, &inspection::KeyWalk::ended, qApp, &QCoreApplication::quit);
    pinging.start();
    LoopWatch loop;
    QElapsedTimer timer;
    timer.start();
    walk.start("*");
    QCoreApplication::exec();
    Walked result;
    result.seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    result.worstPing = pinging.stopped();
    result.gap = loop.quantile(0.99);
    result.longestGap = loop.quantile(1);
    result.count = walk.progress().count;
    result.keys = walk.progress().keysFound;
    result.kept = tree.keptCount();
    return result;
}

/// Ours and the peer by turns, each at its best of seven; each ping is a turn of the server's, so
/// the peer is pinged at as well.
void benchWalking(quint16 port, Clock& clock) {
    Pinging pinging(port);
    pinging.start();
    QThread::sleep(1);
    const double idle = pinging.stopped();
    Walked ours;
    double theirs = 0;
    std::vector<double> pings;
    std::vector<double> theirPings;
    for (int run = 0; run < kRounds; ++run) {
        const Walked now = walked(port, clock, pinging);
        if (run == 0 || now.seconds < ours.seconds) ours = now;
        pings.push_back(now.worstPing);
        pinging.start();
        const double peer = scanAsRedisCli(port, 1000);
        theirPings.push_back(pinging.stopped());
        theirs = run == 0 ? peer : std::min(theirs, peer);
    }
    line(QStringLiteral("walk of %1 keys into the tree").arg(ours.keys), ours.seconds, theirs,
         QStringLiteral("s"), QStringLiteral("as redis-cli --scan, COUNT 1000"), 1.2);
    pinging.start();
    line(QStringLiteral("the same beside redis-cli --scan"), ours.seconds,
         cliSeconds(port, {QStringLiteral("--scan")}), QStringLiteral("s"),
         QStringLiteral("its own COUNT of 10"));
    pinging.stopped();
    out() << QStringLiteral(
                 "  event loop away: %1 ms p99 (limit 16, %2), %3 ms at most; COUNT %4 "
                 "at the end; %5 names kept\n")
                 .arg(ours.gap, 0, 'f', 1)
                 .arg(ours.gap <= 16 ? QStringLiteral("ok") : QStringLiteral("OVER"))
                 .arg(ours.longestGap, 0, 'f', 1)
                 .arg(ours.count)
                 .arg(ours.kept);
    std::sort(pings.begin(), pings.end());
    std::sort(theirPings.begin(), theirPings.end());
    const double ping = pings[kRounds / 2];
    out()
        << QStringLiteral(
               "  another client's worst PING: %1 ms idle, %2 ms meanwhile, the median of %3 walks "
               "(limit 5 above idle, %4; %5 at most; %6 and %7 ms at the peer's)\n")
               .arg(idle, 0, 'f', 2)
               .arg(ping, 0, 'f', 2)
               .arg(kRounds)
               .arg(ping - idle > 5 ? QStringLiteral("OVER") : QStringLiteral("ok"))
               .arg(pings.back(), 0, 'f', 2)
               .arg(theirPings[kRounds / 2], 0, 'f', 2)
               .arg(theirPings.back(), 0, 'f', 2)
        << Qt::flush;
}

/// 2 000 texts of 30 kB in one script, from the server into the window's thread.
void benchBigReply(quint16 port, Clock& clock) {
    redis::test::Plain plain(port);
    plain.command({"SETRANGE", "bench:big", "30000", "x"});
    QString script;
    for (int i = 0; i < 2000; ++i)
        script += QStringLiteral("GET bench:big\n");
    auto connection = connectionTo(port, clock);
    LoopWatch loop;
    qint64 bytes = 0;
    whenDone(connection->look(script), qApp, [&bytes](const Result<QueryResult>& result) {
        bytes = result ? result->receipt.bytes : -1;
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    const double gap = loop.quantile(0.99);
    out() << QStringLiteral(
                 "event loop while %1 MB come in: %2 ms p99 away (limit 16, %3), %4 ms "
                 "at most\n")
                 .arg(bytes / (1024 * 1024))
                 .arg(gap, 0, 'f', 1)
                 .arg(gap <= 16 ? QStringLiteral("ok") : QStringLiteral("OVER"))
                 .arg(loop.quantile(1), 0, 'f', 1)
          << Qt::flush;
}

double pipelined(quint16 port, const QVector<QByteArrayList>& commands) {
    redis::Wire wire(redis::test::addressOfPort(port));
    QElapsedTimer timer;
    int replies = 0;
    wire.open([&](const Result<void>&) {
        timer.start();
        wire.askAll(commands, 1LL << 30, [&](const Result<redis::Answer>& answer) {
            if (!answer || ++replies == kPipelined) QCoreApplication::quit();
        });
    });
    QCoreApplication::exec();
    if (replies != kPipelined) return 1e9;
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

void benchPipeline(quint16 port) {
    QVector<QByteArrayList> commands;
    QTemporaryFile file;
    if (!file.open()) return;
    for (int i = 0; i < kPipelined; ++i) {
        commands << QByteArrayList{"GET", "session:" + QByteArray::number(i)};
        file.write(redis::encode(commands.last()));
    }
    file.close();
    double ours = 0;
    double theirs = 0;
    double gap = 0;
    for (int run = 0; run < kRounds; ++run) {
        LoopWatch loop;
        const double now = pipelined(port, commands);
        gap = std::max(gap, loop.quantile(1));
        const double peer = cliSeconds(port, {QStringLiteral("--pipe")}, file.fileName());
        ours = run == 0 ? now : std::min(ours, now);
        theirs = run == 0 ? peer : std::min(theirs, peer);
    }
    line(QStringLiteral("pipeline of %1 commands").arg(kPipelined), ours, theirs,
         QStringLiteral("s"), QStringLiteral("redis-cli --pipe"), 1.1);
    // The wire lives in this loop here; the product gives it a thread of its own.
    out() << QStringLiteral("  event loop away meanwhile: %1 ms at most\n").arg(gap, 0, 'f', 1)
          << Qt::flush;
}

void benchQueues(quint16 port, Clock& clock) {
    redis::test::Plain plain(port);
    plain.command({"SELECT", "0"});
    plain.command({"FLUSHALL"});
    for (int i = 0; i < 200; ++i) {
        const QByteArray queue = "bull:queue" + QByteArray::number(i);
        plain.command({"HSET", queue + ":meta", "version", "bullmq:5.81.5"});
        plain.command({"RPUSH", queue + ":wait", "1", "2", "3"});
        plain.command({"ZADD", queue + ":failed", "1", "4"});
        for (const char* job : {"5", "6", "7", "8", "9"}) {
            plain.command({"LPUSH", queue + ":active", job});
            plain.command({"SET", queue + ':' + job + ":lock", "x"});
        }
    }
    auto connection = connectionTo(port, clock);
    inspection::QueueWatch watch(*connection, clock);
    QObject::connect(&watch, &inspection::QueueWatch::changed, qApp, &QCoreApplication::quit);
    int toCounts = 0;
    QObject::connect(&watch, &inspection::QueueWatch::counted, qApp,
                     [&] { toCounts = watch.roundTrips(); });
    watch.find();
    QCoreApplication::exec();
    out() << QStringLiteral(
                 "first look at %1 queues: counts in %2 round trips (limit 3, %3), ages in %4\n")
                 .arg(watch.queues().size())
                 .arg(toCounts)
                 .arg(toCounts <= 3 ? QStringLiteral("ok") : QStringLiteral("OVER"))
                 .arg(watch.roundTrips());
    LoopWatch loop;
    QElapsedTimer timer;
    timer.start();
    watch.look();
    QCoreApplication::exec();
    const double taken = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    const double gap = loop.quantile(1);
    out() << QStringLiteral(
                 "next look: %1 queues, %2 round trips (limit 3, %3), %4 ms; event loop away %5 ms "
                 "at most "
                 "(limit 16, %6)\n")
                 .arg(watch.queues().size())
                 .arg(watch.roundTrips())
                 .arg(watch.roundTrips() <= 3 ? QStringLiteral("ok") : QStringLiteral("OVER"))
                 .arg(taken, 0, 'f', 1)
                 .arg(gap, 0, 'f', 1)
                 .arg(gap <= 16 ? QStringLiteral("ok") : QStringLiteral("OVER"))
          << Qt::flush;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const int keys = argc > 1 ? QString::fromLocal8Bit(argv[1]).toInt() : 1'000'000;
    const QStringList parts = QCoreApplication::arguments().mid(2);
    const auto wants = [&](const char* part) {
        return parts.isEmpty() || parts.contains(QLatin1String(part));
    };
    if (wants("decode")) {
        benchDecoding(QStringLiteral("decode 1 M small replies"), smallReplies());
        benchDecoding(QStringLiteral("decode one reply of 100 MB"), nestedReply());
    }
    if (wants("tree")) benchTenMillionKeys();
    if (!wants("walk") && !wants("reply") && !wants("pipeline") && !wants("queues")) return 0;
    support::RedisServer server;
    if (const QString problem = server.start(); !problem.isEmpty()) {
        QTextStream(stderr) << problem << '\n';
        return 1;
    }
    SystemClock clock;
    fill(server.port(), keys);
    if (wants("walk")) benchWalking(server.port(), clock);
    if (wants("reply")) benchBigReply(server.port(), clock);
    if (wants("pipeline")) benchPipeline(server.port());
    if (wants("queues")) benchQueues(server.port(), clock);
    return 0;
}
