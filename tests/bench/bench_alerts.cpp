// How long 10 000 alerts of a real Alertmanager take to the board, next to what curl needs for the
// same answer, and the longest time the event loop stood still while they arrived in the window.
//   bench_alerts [COUNT]       prints one JSON line; exit 1 when a stall was longer than 50 ms
#include <QApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <QTextStream>
#include <QTimer>
#include <ctime>

#include "alerts/board.h"
#include "plugins/sources/alertmanager/alertmanagersource.h"
#include "tests/support/alertmanagerserver.h"
#include "ui/board/boardlist.h"
#include "ui/board/boardpane.h"
#include "ui/theme/theme.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPostSize = 1000;
constexpr int kStallLimitMs = 50;
constexpr int kPatienceMs = 60000;

double threadCpuMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Measures the longest gap between two turns of the event loop: by the wall clock, which on a busy
/// machine includes waiting for a core, and by the processor time the thread itself used in it.
class StallWatch : public QObject {
public:
    StallWatch() {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &StallWatch::turn);
        m_since.start();
        m_timer.start(1);
    }
    qint64 longestMs() const { return m_longest; }
    double longestCpuMs() const { return m_longestCpu; }
    void reset() {
        m_longest = 0;
        m_longestCpu = 0;
        m_since.restart();
        m_cpu = threadCpuMs();
    }

private:
    void turn() {
        m_longest = std::max(m_longest, m_since.restart());
        const double cpu = threadCpuMs();
        m_longestCpu = std::max(m_longestCpu, cpu - m_cpu);
        m_cpu = cpu;
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    double m_cpu = threadCpuMs();
    double m_longestCpu = 0;
};

double curlSeconds(const QUrl& url) {
    QProcess curl;
    curl.start(u"curl"_s,
               {u"-s"_s, u"-o"_s, u"/dev/null"_s, u"-w"_s, u"%{time_total}"_s, url.toString()});
    curl.waitForFinished(kPatienceMs);
    return curl.readAllStandardOutput().toDouble();
}

bool fill(support::AlertmanagerServer& server, int count) {
    const QJsonArray all = support::AlertmanagerServer::manyAlerts(count);
    for (int start = 0; start < count; start += kPostSize) {
        QJsonArray part;
        for (int i = start; i < std::min(count, start + kPostSize); ++i)
            part.append(all[i]);
        if (server.post(part) != 200) return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QTextStream out(stdout);
    const int count = argc > 1 ? QString::fromLocal8Bit(argv[1]).toInt() : 10000;
    support::AlertmanagerServer server;
    if (const QString problem = server.start(); !problem.isEmpty() || !fill(server, count)) {
        out << "Alertmanager is not usable: " << problem << Qt::endl;
        return 1;
    }
    const QUrl url = server.url(u"/api/v2/alerts"_s);
    curlSeconds(url);  // warm
    const double curl = std::min(curlSeconds(url), curlSeconds(url));

    SystemClock clock;
    theme::Theme theme(theme::Mode::Dark);
    theme.applyTo(app);
    alerts::Board board(clock);
    ui::BoardPane pane(theme, board, clock);
    pane.resize(350, 900);
    pane.show();
    Settings settings{u"prod"_s, u"alertmanager"_s, {}, {}};
    settings.values[u"url"_s] = server.url().toString();
    settings.values[u"timeout"_s] = kPatienceMs;
    alertmanager::AlertmanagerSource source(settings, clock);
    QObject::connect(&source, &AlertSource::snapshotReceived, &board, &alerts::Board::accept);
    auto* list = pane.findChild<ui::BoardList*>(u"boardList"_s);
    (void)QTest::qWaitFor([&] { return pane.isVisible(); });

    StallWatch watch;
    const auto round = [&](const std::function<bool()>& isThere) {
        QElapsedTimer timer;
        timer.start();
        QSignalSpy received(&source, &AlertSource::snapshotReceived);
        source.refresh();
        received.wait(kPatienceMs);
        const double fetched = static_cast<double>(timer.elapsed()) / 1000;
        (void)QTest::qWaitFor(isThere, kPatienceMs);
        return fetched;
    };
    watch.reset();
    const double first = round([&] { return list->model()->rowCount() > 1; });
    const double second = round(
        [&, start = clock.elapsed()] { return clock.elapsed() - start > std::chrono::seconds(2); });
    const QJsonObject result{{u"alerts"_s, board.alerts().size()},
                             {u"curl_s"_s, curl},
                             {u"fetch_and_parse_s"_s, std::min(first, second)},
                             {u"first_fetch_and_parse_s"_s, first},
                             {u"longest_stall_ms"_s, watch.longestMs()},
                             {u"longest_stall_cpu_ms"_s, watch.longestCpuMs()},
                             {u"rows"_s, list->model()->rowCount()}};
    out << QJsonDocument(result).toJson(QJsonDocument::Compact) << Qt::endl;
    return watch.longestMs() <= kStallLimitMs ? 0 : 1;
}
