// How the engine reads a large result, beside psql on the same server: wall time and peak memory.
//   bench_postgres [ROWS]      (default 1 000 000 rows of ten cells)
// Each is measured in a process of its own, so that peaks do not add up.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTextStream>

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

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == u"--read") return readAll(arguments.value(2));
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
    QTextStream out(stdout);
    for (int round = 0; round < 3; ++round) {
        const Figures a = measured(ours);
        const Figures b = measured(theirs);
        out << "engine " << a.seconds << " s, " << a.megabytes << " MB; psql -At " << b.seconds
            << " s, " << b.megabytes << " MB; ratio " << a.seconds / b.seconds << " wall, "
            << a.processor / b.processor << " processor (" << a.processor << " s), "
            << a.megabytes / b.megabytes << " peak\n";
        out.flush();
    }
    return 0;
}
