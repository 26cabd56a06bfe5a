// How fast ten thousand open escalations that fall due in the same second are in the ledger, on
// SQLite with synchronous=FULL, and how long this thread's events have to wait meanwhile.
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <ctime>

#include "escalation/engine.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kIncidents = 10000;

escalation::Policy policy() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary"_s, 1min, u"primary"_s, {}, 15min},
                     {u"Secondary"_s, 15min, u"secondary"_s, {}, {}},
                     {u"Lead"_s, 30min, u"team"_s, {}, {}}};
    return policy;
}

/// The longest time in which this thread answered nothing, as a window would notice it.
class Heartbeat : public QObject {
public:
    Heartbeat() {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_since.nsecsElapsed());
            m_since.restart();
        });
        m_since.start();
        m_timer.start(1);
    }
    double longestMs() const { return static_cast<double>(m_longest) / 1e6; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

/// All in one transaction: only what is measured has to go the slow way.
void fill(store::Database& db, const QDateTime& now) {
    const auto done = test::await(db.write<int>([now](store::Transaction& tx) -> Result<int> {
        incidents::Declaration said;
        said.priority = incidents::Priority::P2;
        said.commander = u"commander"_s;
        for (int i = 0; i < kIncidents; ++i) {
            said.title = u"Service %1 does not answer"_s.arg(i);
            auto one = escalation::declareIn(tx, policy(), said, now);
            if (!one) return tl::unexpected<Error>(one.error());
        }
        return kIncidents;
    }));
    if (!done) qFatal("%s", qPrintable(done.error().message));
}

int pagesIn(store::Database& db) {
    return test::await(db.read<int>([](store::Transaction& tx) -> Result<int> {
               auto query = tx.run(u"SELECT COUNT(*) FROM ledger WHERE event LIKE '%/level-1'"_s);
               if (!query) return tl::unexpected<Error>(query.error());
               query->next();
               return query->value(0).toInt();
           }))
        .value_or(-1);
}

/// Of this process, all threads: what a busy machine does not lengthen.
double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// What the disk allows: as many bytes, each batch made durable, without any of our code.
double bareSeconds(const QString& file) {
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly)) return 0;
    const QByteArray chunk(200 * 1000, 'x');
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < kIncidents / 200; ++i) {
        out.write(chunk);
        out.flush();
        fdatasync(out.handle());
    }
    return static_cast<double>(time.nsecsElapsed()) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    QTemporaryDir folder(app.arguments().value(1, QDir::tempPath()) + u"/bench-XXXXXX"_s);
    TestClock clock;
    const auto db = std::move(*store::Database::open(folder.filePath(u"tocsin.sqlite"_s)));
    fill(*db, clock.now());
    incidents::Journal journal(*db, clock);
    escalation::Engine engine(*db, journal, policy(), clock);
    (void)test::await(journal.load());
    (void)test::await(engine.start());
    db->drain();  // the first look at what is due finds nothing and arms the alarm
    QCoreApplication::processEvents();

    int told = 0;
    double toldAfter = 0;
    QElapsedTimer time;
    QObject::connect(&engine, &escalation::Engine::ladderChanged, &app,
                     [&](const escalation::Ladder&) {
                         if (++told < kIncidents) return;
                         toldAfter = static_cast<double>(time.nsecsElapsed()) / 1e9;
                         app.quit();
                     });
    Heartbeat heartbeat;
    const double workedBefore = cpuSeconds();
    double queuedAfter = 0;
    time.start();
    clock.advance(1min);
    QObject::connect(&engine, &escalation::Engine::intentsWritten, &app,
                     [&] { queuedAfter = static_cast<double>(time.nsecsElapsed()) / 1e9; });
    app.exec();

    const double worked = cpuSeconds() - workedBefore;
    const double bare = bareSeconds(folder.filePath(u"bare"_s));
    std::printf(
        "%d ladders due in one second: all %d pages durable after %.2f s (limit 2 s), told to "
        "the window after %.2f s\n",
        kIncidents, pagesIn(*db), queuedAfter, toldAfter);
    std::printf(
        "due to intent: %.0f/s (floor 2000/s); the disk alone, same batches: %.2f s, ours is "
        "%.1f times that\n",
        kIncidents / queuedAfter, bare, queuedAfter / bare);
    std::printf("processor time: %.2f s in both threads\n", worked);
    std::printf("longest stall of the window's thread: %.1f ms\n", heartbeat.longestMs());
    return 0;
}
