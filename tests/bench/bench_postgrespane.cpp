// How the Postgres pane handles what it is given: figures against the limits it was built for.
//   bench_postgrespane [ROWS]      (default 1 000 000 rows of ten cells)
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFutureWatcher>
#include <QProcess>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTextStream>
#include <QTimer>
#include <algorithm>
#include <limits>
#include <numeric>

#include "inspection/fileexport.h"
#include "inspection/roworder.h"
#include "tests/engines_postgres/postgresfixture.h"
#include "tests/support/othersession.h"
#include "ui/query/activityview.h"
#include "ui/query/resultview.h"

using namespace tocsin;
using namespace tocsin::ui;

namespace {

double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double ownProcessor() {
    timespec span{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &span);
    return static_cast<double>(span.tv_sec) * 1e3 + static_cast<double>(span.tv_nsec) / 1e6;
}

/// How long the event loop was not there for anybody else: how much later than asked for a timer
/// of one millisecond comes. Beside it what the thread itself computed meanwhile, because on a
/// machine with few processors the rest is waiting for one.
class Stalls {
public:
    Stalls() {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_late.push_back(std::max(0.0, milliseconds(m_since) - kEvery));
            m_own.push_back(ownProcessor() - m_before);
            m_before = ownProcessor();
            m_since.restart();
        });
        m_timer.setTimerType(Qt::PreciseTimer);
        m_before = ownProcessor();
        m_since.start();
        m_timer.start(kEvery);
    }
    double late(double part) { return quantile(m_late, part); }
    double own(double part) { return quantile(m_own, part); }
    qsizetype turns() const { return static_cast<qsizetype>(m_late.size()); }

private:
    static constexpr int kEvery = 1;
    double quantile(std::vector<double>& of, double part) {
        m_timer.stop();
        if (of.empty()) return 0;
        std::sort(of.begin(), of.end());
        return of[static_cast<std::size_t>(part * static_cast<double>(of.size() - 1))];
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    double m_before = 0;
    std::vector<double> m_late;
    std::vector<double> m_own;
};

/// In a real event loop: QTest's waiting sleeps between its turns.
template <typename T>
T looped(const QFuture<T>& future) {
    QEventLoop loop;
    QFutureWatcher<T> watcher;
    QObject::connect(&watcher, &QFutureWatcher<T>::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    loop.exec();
    return future.result();
}

class Bench {
public:
    Bench(int rows) : m_rows(rows), m_out(stdout) {}

    bool begin() {
        if (const QString problem = m_server.start(); !problem.isEmpty()) {
            QTextStream(stderr) << problem << '\n';
            return false;
        }
        m_server.sql(
            QStringLiteral(
                "CREATE UNLOGGED TABLE bench AS SELECT g AS a, g * 2 AS b, md5(g::text) AS "
                "c, 'status'::text AS d, g % 7 = 0 AS e, g / 3.0 AS f, g::text AS h, "
                "'2026-01-01'::timestamptz + g * interval '1 s' AS i, NULL::text AS j, "
                "repeat('x', 60) AS k FROM generate_series(1, %1) g; ANALYZE bench")
                .arg(m_rows));
        m_engine = postgres::engineFor(m_server.superuserUrl(), m_clock);
        return m_engine != nullptr;
    }

    void streaming() {
        m_view.resize(1000, 700);
        m_view.show();
        QObject::connect(
            m_engine.get(), &QueryEngine::rowsArrived, &m_view,
            [this](const std::shared_ptr<const ResultSet>& rows) { m_view.grow(rows); });
        Query query{QStringLiteral("SELECT * FROM bench"), std::chrono::minutes(5)};
        query.byteCap = 4LL * 1024 * 1024 * 1024;
        Stalls stalls;
        QElapsedTimer timer;
        timer.start();
        const auto result = looped(m_engine->run(query));
        const double took = milliseconds(timer);
        if (!result) return say("streaming failed", 0, 0, "");
        m_set = result->rows;
        m_view.show(m_set);
        say("event-loop stall while it streams, p99", stalls.late(0.99), 16, "ms");
        m_out << "  worst of " << stalls.turns() << " turns " << stalls.late(1)
              << " ms; its own work in one: p99 " << stalls.own(0.99) << " ms, worst "
              << stalls.own(1) << " ms\n";
        m_out << "  " << result->receipt.rows << " rows in the grid after " << took
              << " ms; first row after " << result->receipt.firstRow.count() << " us\n";
    }

    void sorting() {
        QElapsedTimer timer;
        timer.start();
        const auto byNumber = inspection::arranged(*m_set, m_set->rowCount(), {5, true, {}});
        say("sort by a numeric column", milliseconds(timer), 1000, "ms");
        timer.restart();
        inspection::arranged(*m_set, m_set->rowCount(), {-1, false, QStringLiteral("ffff")});
        m_out << "  filter over every cell: " << milliseconds(timer) << " ms\n";
    }

    void scrolling() {
        std::vector<double> times;
        ResultGrid& grid = *m_view.grid();
        for (int i = 0; i < 200; ++i) {
            const int row =
                static_cast<int>((static_cast<qint64>(i) * 7919 * 131) % m_set->rowCount());
            QElapsedTimer timer;
            timer.start();
            grid.scrollTo(grid.model()->index(row, 0), QAbstractItemView::PositionAtTop);
            grid.viewport()->repaint();
            times.push_back(milliseconds(timer));
        }
        std::sort(times.begin(), times.end());
        say("scroll to any row and paint, worst of 200", times.back(), 16, "ms");
    }

    void exporting() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("ours.csv"));
        QVector<qsizetype> rows(std::min<qsizetype>(100'000, m_set->rowCount()));
        std::iota(rows.begin(), rows.end(), 0);
        QElapsedTimer timer;
        timer.start();
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) return;
        inspection::write(*m_set, inspection::Format::Csv, rows, [&file](const QByteArray& piece) {
            return file.write(piece) == piece.size();
        });
        file.close();
        const double ours = milliseconds(timer);
        const double theirs = copied(folder);
        m_out << "  export of 100 000 rows in memory " << ours << " ms, \\copy " << theirs
              << " ms\n";
        say("export of held rows against \\copy", ours / theirs, 1.2, "x");
        streaming(folder);
    }

    /// The time of psql's \\copy, as a whole process.
    double copied(const QTemporaryDir& folder) {
        QElapsedTimer timer;
        timer.start();
        QProcess psql;
        psql.start(drill::LocalPostgres::binaryFolder() + QStringLiteral("/psql"),
                   {QStringLiteral("-XAtw"), QStringLiteral("-d"), m_server.superuserUrl(),
                    QStringLiteral("-c"),
                    QStringLiteral("\\copy (SELECT * FROM bench LIMIT 100000) TO '%1' CSV HEADER")
                        .arg(folder.filePath(QStringLiteral("theirs.csv")))});
        psql.waitForFinished(-1);
        return milliseconds(timer);
    }

    /// As the pane's “run into a file”: rows that no memory ever holds together.
    double exported(const QTemporaryDir& folder) {
        inspection::FileExport file(folder.filePath(QStringLiteral("window.csv")));
        Query query{QStringLiteral("SELECT * FROM bench LIMIT 100000"), std::chrono::minutes(5)};
        query.sink = [&file](const std::shared_ptr<const ResultSet>& rows) {
            return file.add(rows);
        };
        QElapsedTimer timer;
        timer.start();
        const auto result = looped(m_engine->run(query));
        if (!result || !file.finish(*result)) say("export from the server: failed", 1, 0, "");
        return milliseconds(timer);
    }

    /// The same rows from the server into a file, in turns with psql, the medians of nine: from the
    /// window, which is connected, and by a process of its own.
    void streaming(const QTemporaryDir& folder) {
        const QString workspace = folder.filePath(QStringLiteral("tocsin.yaml"));
        QFile file(workspace);
        if (!file.open(QIODevice::WriteOnly)) return;
        QUrl url(m_server.superuserUrl());
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("BENCH_PASSWORD"), url.password());
        url.setPassword({});
        file.write("workspace: {name: Bench}\nconnections:\n  - {name: b, kind: postgres, url: \"" +
                   url.toEncoded() + "\", password: \"env:BENCH_PASSWORD\"}\n");
        file.close();
        std::vector<double> window;
        std::vector<double> ours;
        std::vector<double> theirs;
        for (int round = 0; round < 9; ++round) {
            window.push_back(exported(folder));
            theirs.push_back(copied(folder));
            QProcess tocsin;
            tocsin.setProcessEnvironment(environment);
            tocsin.setStandardOutputFile(folder.filePath(QStringLiteral("streamed.csv")));
            QElapsedTimer timer;
            timer.start();
            tocsin.start(QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/tocsin"),
                         {QStringLiteral("--workspace"), folder.path(), QStringLiteral("query"),
                          QStringLiteral("b"), QStringLiteral("SELECT * FROM bench LIMIT 100000"),
                          QStringLiteral("--format"), QStringLiteral("csv")});
            tocsin.waitForFinished(-1);
            ours.push_back(milliseconds(timer));
            if (tocsin.exitCode() != 0) {
                m_out << tocsin.readAllStandardError();
                return say("tocsin query: failed", 1, 0, "");
            }
        }
        for (std::vector<double>* times : {&window, &ours, &theirs})
            std::sort(times->begin(), times->end());
        m_out << "  into a file from the window " << window[4] << " ms, tocsin query " << ours[4]
              << " ms, \\copy " << theirs[4] << " ms\n";
        say("export from the server in the window against \\copy", window[4] / theirs[4], 1.2, "x");
        say("tocsin query --format csv against \\copy", ours[4] / theirs[4], 1.2, "x");
    }

    void cancelling() {
        std::vector<double> times;
        for (int i = 0; i < 20; ++i) {
            auto future =
                m_engine->run({QStringLiteral("SELECT pg_sleep(60)"), std::chrono::minutes(2)});
            QElapsedTimer timer;
            timer.start();
            while (milliseconds(timer) < 60)
                QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
            timer.restart();
            m_engine->cancel();
            while (!future.isFinished())
                QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
            times.push_back(milliseconds(timer));
        }
        std::sort(times.begin(), times.end());
        say("cancel, worst of 20", times.back(), 200, "ms");
    }

    /// 5 000 sessions, nine of ten waiting: what 50 000 locks come to by the time they are here.
    void activity() {
        const auto set = sessions();
        ActivityView view(m_theme, m_clock);
        view.resize(1000, 700);
        view.show();
        QElapsedTimer timer;
        timer.start();
        const ServerActivity activity = activityIn(*set);
        const double read = milliseconds(timer);
        view.showActivity(activity);
        view.repaint();
        timer.restart();
        view.showActivity(activityIn(*set));
        view.repaint();
        say("activity of 5 000 sessions, read and shown again", milliseconds(timer), 200, "ms");
        ServerActivity moved = activity;
        for (auto& session : moved.sessions)
            session.ageSeconds += 5;
        timer.restart();
        view.showActivity(moved);
        say("its part on the GUI thread, every row changed", milliseconds(timer), 16, "ms");
        m_out << "  reading it off that thread: " << read << " ms\n";
        locks();
    }

private:
    static std::shared_ptr<ResultSet> sessions() {
        QVector<Column> columns;
        for (const char* name :
             {"pid", "state", "age", "blocked_by", "role", "application", "client", "waits_for",
              "in_state", "age_s", "in_state_s", "connected_at", "query"})
            columns << Column{QString::fromLatin1(name), {}, false};
        auto set = std::make_shared<ResultSet>(columns);
        for (int pid = 1; pid <= 5000; ++pid) {
            const QByteArray blockers =
                pid % 10 ? '{' + QByteArray::number(pid - pid % 10) + '}' : QByteArray();
            const QByteArray cells[] = {QByteArray::number(pid),
                                        "active",
                                        "00:01:00",
                                        blockers,
                                        "app",
                                        "worker",
                                        "10.0.0.1",
                                        "Lock transactionid",
                                        "00:00:30",
                                        QByteArray::number(pid),
                                        "30",
                                        "2026-01-01 00:00:00.000000",
                                        "UPDATE content SET status = 'FAILED' WHERE id = 1"};
            std::vector<const char*> values;
            std::vector<int> lengths;
            for (const QByteArray& cell : cells) {
                values.push_back(cell.constData());
                lengths.push_back(cell.isEmpty() ? -1 : static_cast<int>(cell.size()));
            }
            set->appendRow(values.data(), lengths.data());
        }
        return set;
    }

    /// One look at a real server whose lock table holds 50 000 locks.
    void locks() {
        support::PostgresServer server(
            {.settings = {QStringLiteral("max_locks_per_transaction = 2048")}});
        if (!server.start().isEmpty()) return;
        server.sql(
            QStringLiteral("DO $$BEGIN FOR i IN 1..5000 LOOP EXECUTE 'CREATE TABLE t' || i || "
                           "'()'; IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END$$"));
        QProcess holder;
        holder.start(drill::LocalPostgres::binaryFolder() + QStringLiteral("/psql"),
                     {QStringLiteral("-XAtq"), QStringLiteral("-d"), server.superuserUrl()});
        holder.write(
            "BEGIN; DO $$BEGIN FOR i IN 1..5000 LOOP EXECUTE 'LOCK TABLE t' || i || ' IN "
            "ROW EXCLUSIVE MODE'; PERFORM pg_advisory_xact_lock(g) FROM "
            "generate_series(i * 10, i * 10 + 8) g; END LOOP; END$$;\n");
        const QString count = QStringLiteral("SELECT count(*) FROM pg_locks");
        std::ignore = QTest::qWaitFor([&] { return server.sql(count).toInt() >= 50'000; }, 60000);
        std::vector<std::unique_ptr<support::OtherSession>> waiting;
        for (int i = 1; i <= 12; ++i) {
            waiting.push_back(std::make_unique<support::OtherSession>(server, QStringLiteral("w")));
            waiting.back()->say("BEGIN; LOCK TABLE t1 IN ACCESS EXCLUSIVE MODE;");
        }
        std::ignore = QTest::qWaitFor(
            [&] {
                return server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                           .toInt() == 12;
            },
            60000);
        const auto engine = postgres::engineFor(server.superuserUrl(), m_clock);
        postgres::ran(*engine, QStringLiteral("SELECT 1"));
        QElapsedTimer timer;
        timer.start();
        const auto look = postgres::ran(*engine, sessionsSql());
        say("a look with 50 000 locks held, 12 sessions waiting", milliseconds(timer), 200, "ms");
        m_out << "  locks: " << server.sql(count) << ", " << (look ? "answered" : "refused")
              << "\n";
        holder.kill();
        holder.waitForFinished();
    }

    void say(const char* what, double figure, double limit, const char* unit) {
        m_out << (figure <= limit ? "ok    " : "OVER  ") << what << ": " << figure << ' ' << unit
              << " (limit " << limit << ")\n";
        m_out.flush();
    }

    int m_rows;
    QTextStream m_out;
    SystemClock m_clock;
    theme::Theme m_theme{theme::Mode::Dark};
    support::PostgresServer m_server;
    std::unique_ptr<postgres::PostgresEngine> m_engine;
    ResultView m_view{m_theme};
    std::shared_ptr<const ResultSet> m_set;
};

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    Bench bench(arguments.size() > 1 ? arguments[1].toInt() : 1'000'000);
    if (!bench.begin()) return 1;
    bench.streaming();
    bench.sorting();
    bench.scrolling();
    bench.exporting();
    bench.cancelling();
    bench.activity();
    return 0;
}
