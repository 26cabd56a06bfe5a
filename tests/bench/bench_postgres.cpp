// How the engine reads a large result, beside psql on the same server: wall time and peak memory;
// and how much later than a bare libpq loop it has the first row.
//   bench_postgres [ROWS]      (default 1 000 000 rows of ten cells)
// Each is measured in a process of its own, so that peaks do not add up.
#include <libpq-fe.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFutureWatcher>
#include <QTextStream>
#include <algorithm>
#include <array>

#include "tests/engines_postgres/postgresfixture.h"

using namespace tocsin;

namespace {

struct Figures {
    double seconds = 0;
    double processor = 0;  ///< seconds of it, which other load disturbs less
    double megabytes = 0;
};

QString table(int rows) {
    return QStringLiteral(
               "CREATE UNLOGGED TABLE bench AS SELECT g AS a, g * 2 AS b, md5(g::text) AS c, "
               "'status'::text AS d, g % 7 = 0 AS e, g / 3.0 AS f, g::text AS h, "
               "'2026-01-01'::timestamptz + g * interval '1 s' AS i, NULL::text AS j, "
               "repeat('x', 60) AS k FROM generate_series(1, %1) g; ANALYZE bench")
        .arg(rows);
}

constexpr int kRounds = 9;
const QString kQuestion = QStringLiteral("SELECT * FROM bench");

template <typename Body>
Figures measured(const Body& body) {
    QElapsedTimer timer;
    timer.start();
    const pid_t child = fork();
    if (child == 0) body();
    rusage usage{};
    wait4(child, nullptr, 0, &usage);
    const auto seconds = [](const timeval& span) {
        return static_cast<double>(span.tv_sec) + static_cast<double>(span.tv_usec) / 1e6;
    };
    return {static_cast<double>(timer.nsecsElapsed()) / 1e9,
            seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024};
}

/// This program again, as the one who reads.
int readAll(const QString& url) {
    SystemClock clock;
    const auto engine = postgres::engineFor(url, clock);
    Query query{kQuestion, std::chrono::minutes(5)};
    query.byteCap = 4LL * 1024 * 1024 * 1024;
    const auto result = postgres::awaited(engine->run(query));
    if (!result) {
        QTextStream(stderr) << result.error().message << '\n';
        return 1;
    }
    QTextStream(stderr) << result->receipt.rows << " rows, first after "
                        << result->receipt.firstRow.count() << " us, sha256 "
                        << result->receipt.sha256.left(12) << '\n';
    return 0;
}

double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Until libpq has the first row of the statement, on a connection that is there already.
double bareFirstRow(PGconn* connection) {
    QElapsedTimer timer;
    timer.start();
    PQsendQueryParams(connection, kQuestion.toUtf8().constData(), 0, nullptr, nullptr, nullptr,
                      nullptr, 0);
    PQsetSingleRowMode(connection);
    PQclear(PQgetResult(connection));
    const double took = milliseconds(timer);
    PGcancel* cancel = PQgetCancel(connection);
    std::array<char, 256> why{};
    PQcancel(cancel, why.data(), static_cast<int>(why.size()));
    PQfreeCancel(cancel);
    while (PGresult* rest = PQgetResult(connection))
        PQclear(rest);
    return took;
}

/// From run() until the event loop of the window has it: guard, proof and threads are part of it.
double engineFirstRow(postgres::PostgresEngine& engine) {
    QEventLoop loop;
    double took = 0;
    QElapsedTimer timer;
    QObject::connect(&engine, &QueryEngine::rowsArrived, &loop, [&] {
        if (took > 0) return;
        took = milliseconds(timer);
        engine.cancel();
    });
    timer.start();
    auto future = engine.run({kQuestion, std::chrono::minutes(1)});
    QFutureWatcher<Result<QueryResult>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    loop.exec();
    return took;
}

int firstRows(const QString& url) {
    SystemClock clock;
    const auto engine = postgres::engineFor(url, clock);
    PGconn* connection = PQconnectdb(url.toUtf8().constData());
    std::vector<double> late;
    for (int i = 0; i < 50; ++i) {
        const double bare = bareFirstRow(connection);
        const double ours = engineFirstRow(*engine);
        if (i > 0) late.push_back(ours - bare);  // the first time it connects
    }
    PQfinish(connection);
    std::sort(late.begin(), late.end());
    QTextStream(stdout) << "first row in the window after a bare libpq loop has it: median "
                        << late[late.size() / 2] << " ms, worst of " << late.size() << ' '
                        << late.back() << " ms (limit 5)\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == u"--read") return readAll(arguments.value(2));
    if (arguments.value(1) == u"--first") return firstRows(arguments.value(2));
    const int rows = arguments.size() > 1 ? arguments[1].toInt() : 1'000'000;
    support::PostgresServer server;
    if (const QString problem = server.start(); !problem.isEmpty()) {
        QTextStream(stderr) << problem << '\n';
        return 1;
    }
    const QByteArray url = server.superuserUrl().toUtf8();
    const QByteArray self = QCoreApplication::applicationFilePath().toUtf8();
    const QByteArray psql =
        (drill::LocalPostgres::binaryFolder() + QStringLiteral("/psql")).toUtf8();
    const QByteArray sql = kQuestion.toUtf8();
    server.sql(table(rows));
    const auto ours = [&] {
        execl(self.constData(), "bench_postgres", "--read", url.constData(),
              static_cast<char*>(nullptr));
        _exit(127);
    };
    const auto theirs = [&] {
        std::ignore = freopen("/dev/null", "w", stdout);
        execl(psql.constData(), "psql", "-XAtw", "-d", url.constData(), "-c", sql.constData(),
              static_cast<char*>(nullptr));
        _exit(127);
    };
    measured(theirs);  // the first run warms the server
    firstRows(server.superuserUrl());
    QTextStream out(stdout);
    std::vector<double> wall;
    for (int round = 0; round < kRounds; ++round) {
        const Figures a = measured(ours);
        const Figures b = measured(theirs);
        out << "engine " << a.seconds << " s, " << a.megabytes << " MB; psql -At " << b.seconds
            << " s, " << b.megabytes << " MB; ratio " << a.seconds / b.seconds << " wall, "
            << a.processor / b.processor << " processor (" << a.processor << " s), "
            << a.megabytes / b.megabytes << " peak (limit 0.6)\n";
        out.flush();
        wall.push_back(a.seconds / b.seconds);
    }
    std::sort(wall.begin(), wall.end());
    out << "wall, of " << kRounds << " rounds in turns: median " << wall[kRounds / 2]
        << " (limit 0.75), from " << wall.front() << " to " << wall.back() << '\n';
    return 0;
}
