// What the console costs while nothing happens: the real window on a workspace with three sources
// and 100 alerts, looked at for a while. Set a limit or not: it says what the limits are.
//   bench_idle [SECONDS] [incident]   prints one JSON line; exit 1 above 0.5 % of a core or 120 MB.
//                                     “incident”: with one open, its clocks running
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextStream>
#include <QTimer>

#include "tests/support/stubhttp.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

namespace {

constexpr int kAlerts = 100;
constexpr int kSettleSeconds = 15;
constexpr double kMostPercent = 0.5, kMostMegabytes = 120;

QByteArray alerts() {
    QJsonArray all;
    for (int i = 0; i < kAlerts; ++i)
        all.append(QJsonObject{
            {u"fingerprint"_s, u"%1"_s.arg(i, 16, 16, QLatin1Char('0'))},
            {u"labels"_s, QJsonObject{{u"alertname"_s, u"alert_%1"_s.arg(i % 20)},
                                      {u"instance"_s, u"worker-%1"_s.arg(i)},
                                      {u"severity"_s, i % 10 ? u"warning"_s : u"critical"_s}}},
            {u"annotations"_s, QJsonObject{{u"summary"_s, u"Something is at %1 %"_s.arg(i)}}},
            {u"startsAt"_s, u"2026-01-01T12:00:00.000Z"_s},
            {u"updatedAt"_s, u"2026-01-01T12:00:00.000Z"_s},
            {u"endsAt"_s, u"2099-01-01T12:00:00.000Z"_s},
            {u"generatorURL"_s, u"http://127.0.0.1/"_s},
            {u"receivers"_s, QJsonArray{QJsonObject{{u"name"_s, u"default"_s}}}},
            {u"status"_s, QJsonObject{{u"state"_s, u"active"_s},
                                      {u"silencedBy"_s, QJsonArray{}},
                                      {u"inhibitedBy"_s, QJsonArray{}}}}});
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

void letPass(int seconds) {
    QTimer timer;
    timer.setSingleShot(true);
    QSignalSpy over(&timer, &QTimer::timeout);
    timer.start(seconds * 1000);
    over.wait(seconds * 1000 + 10000);
}

QByteArray proc(qint64 pid, const QString& name) {
    QFile file(u"/proc/%1/%2"_s.arg(pid).arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Seconds of processor time so far (proc(5): utime and stime are the 14th and 15th field).
double cpuSeconds(qint64 pid) {
    const QByteArray stat = proc(pid, u"stat"_s);
    const auto fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) /
           static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double megabytes(qint64 pid, const QByteArray& name) {
    for (const QByteArray& line : proc(pid, u"smaps_rollup"_s).split('\n'))
        if (line.startsWith(name + ':'))
            return line.mid(name.size() + 1).trimmed().split(' ').first().toDouble() / 1024;
    return -1;
}

qint64 wakeups(qint64 pid) {
    qint64 sum = 0;
    const auto tasks =
        QDir(u"/proc/%1/task"_s.arg(pid)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString& task : tasks)
        for (const QByteArray& line : proc(pid, u"task/%1/status"_s.arg(task)).split('\n'))
            if (line.startsWith("voluntary_ctxt_switches:"))
                sum += line.mid(line.indexOf(':') + 1).trimmed().toLongLong();
    return sum;
}

/// As somebody declares one from the command line.
bool declared(const QString& folder) {
    QProcess command;
    command.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    command.setStandardOutputFile(QProcess::nullDevice());
    command.start(qEnvironmentVariable("TOCSIN_BINARY"),
                  {u"incident"_s, u"declare"_s, u"--workspace"_s, folder, u"--data"_s,
                   folder + u"/data"_s, u"--severity"_s, u"P1"_s, u"--title"_s, u"Uploads fail"_s});
    return command.waitForFinished(60000) && command.exitCode() == 0;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const int seconds = argc > 1 ? QByteArray(argv[1]).toInt() : 120;
    support::StubHttp http;
    http.answer(u"/api/v2/alerts"_s, {200, alerts()});
    http.answer(u"/api/v2/status"_s, {200, "{}"});
    http.answer(u"/metrics"_s, {200, R"({"error_rate": 0.1})"});
    http.answer(u"/health"_s, {200, R"({"status": "ok"})"});
    QTemporaryDir folder;
    QFile workspace(folder.filePath(u"tocsin.yaml"_s));
    if (!workspace.open(QIODevice::WriteOnly)) return 2;
    const QByteArray base = http.url(QString()).toString().toUtf8();
    workspace.write(
        "workspace: {name: Idle}\nsources:\n"
        "  - {name: prod, kind: alertmanager, url: \"" +
        base +
        "\", every: 10s}\n"
        "  - {name: app, kind: metrics, url: \"" +
        base +
        "/metrics\", every: 15s}\n"
        "  - {name: health, kind: health, url: \"" +
        base + "/health\", every: 15s}\n");
    const bool withIncident = argc > 2 && QByteArray(argv[2]) == "incident";
    workspace.close();
    if (withIncident && !declared(folder.path())) return 2;
    QProcess console;
    console.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    console.start(qEnvironmentVariable("TOCSIN_BINARY"),
                  {u"--workspace"_s, folder.path(), u"--data"_s, folder.filePath(u"data"_s)});
    if (!console.waitForStarted()) return 2;
    letPass(kSettleSeconds);
    const qint64 pid = console.processId();
    const auto requests = http.requests().size();
    const double cpuBefore = cpuSeconds(pid);
    const qint64 wakesBefore = wakeups(pid);
    QElapsedTimer wall;
    wall.start();
    letPass(seconds);
    const double elapsed = static_cast<double>(wall.elapsed()) / 1000;
    const double percent = 100 * (cpuSeconds(pid) - cpuBefore) / elapsed;
    const double pss = megabytes(pid, "Pss"), own = megabytes(pid, "Private_Dirty");
    const double rss = megabytes(pid, "Rss");
    QTextStream(stdout) << QJsonDocument(
                               QJsonObject{{u"seconds"_s, elapsed},
                                           {u"incident_open"_s, withIncident},
                                           {u"core_percent"_s, percent},
                                           {u"core_percent_limit"_s, kMostPercent},
                                           {u"wakeups_per_second"_s,
                                            double(wakeups(pid) - wakesBefore) / elapsed},
                                           {u"pss_mb"_s, pss},
                                           {u"rss_mb"_s, rss},
                                           {u"private_dirty_mb"_s, own},
                                           {u"pss_mb_limit"_s, kMostMegabytes},
                                           {u"requests_answered"_s,
                                            static_cast<int>(http.requests().size() - requests)}})
                               .toJson(QJsonDocument::Compact)
                        << '\n';
    console.kill();
    console.waitForFinished();
    return percent <= kMostPercent && pss <= kMostMegabytes ? 0 : 1;
}
