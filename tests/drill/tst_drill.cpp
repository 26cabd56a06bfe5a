#include <QDir>
#include <QFile>
#include <QFutureWatcher>
#include <QJsonDocument>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <csignal>
#include <cstring>

#include "drill/drill.h"
#include "sdk/http.h"

using namespace tocsin;

namespace {

constexpr auto kVictimWord = "--victim";
constexpr int kStartWithinMs = 60000;
constexpr int kChangeWithinMs = 20000;

/// A program that runs a drill until it is killed; tells its folder and its servers' processes.
int victimMain(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    drill::Drill drill;
    QObject::connect(&drill, &drill::Drill::ready, &application, [&drill] {
        std::printf("%s %lld %lld\n", qPrintable(drill.folder()), drill.postgres()->pid(),
                    drill.redis()->pid());
        std::fflush(stdout);
    });
    drill.start(QString::fromLocal8Bit(argv[2]));
    return QCoreApplication::exec();
}

bool isGone(qint64 pid) {
    return drill::startTimeOf(pid) == 0;
}

}  // namespace

class DrillTest : public QObject {
    Q_OBJECT
private slots:
    void everyScenarioLoads_data();
    void everyScenarioLoads();
    void unknownScenario();
    void databaseConnections();
    void queueDelay();
    void errorRate();
    void theConsolesRoleCanEndTheBlocker();
    void writesAWorkspaceWithoutSecrets();
    void stopsBeforeItIsReady();
    void killedWithoutMercy_data();
    void killedWithoutMercy();
    void guardianRemovesNothingElse();

private:
    /// Starts and waits; the failure's sentence, or empty.
    QString start(drill::Drill& drill, const QString& scenario) {
        QSignalSpy ready(&drill, &drill::Drill::ready);
        QString problem;
        connect(&drill, &drill::Drill::failed, this,
                [&problem](const Error& error) { problem = error.message + error.detail; });
        drill.start(scenario);
        const bool ended =
            QTest::qWaitFor([&] { return !ready.isEmpty() || !problem.isEmpty(); }, kStartWithinMs);
        disconnect(&drill, &drill::Drill::failed, this, nullptr);
        return ended ? problem : QStringLiteral("not ready in time");
    }
    QString stop(drill::Drill& drill) {
        QSignalSpy stopped(&drill, &drill::Drill::stopped);
        const QString folder = drill.folder();
        const qint64 postgres = drill.postgres()->pid();
        const qint64 redis = drill.redis()->pid();
        drill.stop();
        if (stopped.isEmpty() && !stopped.wait(kStartWithinMs))
            return QStringLiteral("did not stop");
        if (QDir(folder).exists()) return folder + QStringLiteral(" is still there");
        return isGone(postgres) && isGone(redis) ? QString()
                                                 : QStringLiteral("a server still runs");
    }
    double metric(drill::Drill& drill, const QString& name) {
        QFutureWatcher<Result<HttpReply>> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(
            m_client.send({.url = drill.application().url(QStringLiteral("/api/metrics"))}));
        if (finished.isEmpty()) finished.wait(10000);
        return QJsonDocument::fromJson(watcher.result()->body)[name].toDouble(-1);
    }
    HttpClient m_client;
};

void DrillTest::everyScenarioLoads_data() {
    QTest::addColumn<QString>("name");
    for (const QString& name : drill::Drill::scenarios())
        QTest::newRow(qPrintable(name)) << name;
}

void DrillTest::everyScenarioLoads() {
    QFETCH(QString, name);
    const auto scenario = drill::Scenario::load(name);
    QVERIFY2(scenario.has_value(), scenario ? "" : qPrintable(scenario.error().message));
    QVERIFY(!scenario->title.isEmpty() && !scenario->alert.isEmpty());
    QVERIFY(!scenario->story.isEmpty() && !scenario->cure.isEmpty());
}

void DrillTest::unknownScenario() {
    QCOMPARE(drill::Drill::scenarios(),
             (QStringList{QStringLiteral("database-connections"), QStringLiteral("error-rate"),
                          QStringLiteral("queue-delay")}));
    drill::Drill drill;
    const QString problem = start(drill, QStringLiteral("flood"));
    QVERIFY2(
        problem.contains(QStringLiteral("there are database-connections, error-rate, queue-delay")),
        qPrintable(problem));
}

void DrillTest::databaseConnections() {
    drill::Drill drill;
    QCOMPARE(start(drill, QStringLiteral("database-connections")), QString());
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("database_connections")) > 95,
                             kChangeWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("response_time_p95")) > 1,
                             kChangeWithinMs);
    drill.cure();
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("database_connections")) < 80,
                             kChangeWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("response_time_p95")) < 1,
                             kChangeWithinMs);
    QCOMPARE(stop(drill), QString());
}

void DrillTest::queueDelay() {
    drill::Drill drill;
    QCOMPARE(start(drill, QStringLiteral("queue-delay")), QString());
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("queue_processing_time")) > 300,
                             kChangeWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("queue_depth")) >= 380, kChangeWithinMs);
    drill.cure();
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("queue_processing_time")) < 60,
                             kChangeWithinMs);
    QCOMPARE(stop(drill), QString());
}

void DrillTest::errorRate() {
    drill::Drill drill;
    QCOMPARE(start(drill, QStringLiteral("error-rate")), QString());
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("error_rate")) > 5, kChangeWithinMs);
    QVERIFY(metric(drill, QStringLiteral("database_connections")) < 80);
    drill.cure();
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("error_rate")) < 2, kChangeWithinMs);
    QCOMPARE(stop(drill), QString());
}

void DrillTest::theConsolesRoleCanEndTheBlocker() {
    drill::Drill drill;
    QCOMPARE(start(drill, QStringLiteral("database-connections")), QString());
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("database_connections")) > 95,
                             kChangeWithinMs);
    QFile secret(drill.folder() + QStringLiteral("/workspace/secrets/primary"));
    QVERIFY(secret.open(QIODevice::ReadOnly));
    const QString url =
        drill.postgres()->url(QStringLiteral("oncall"), QString::fromUtf8(secret.readAll()));
    QCOMPARE(*drill::runSql(url, QStringLiteral("SHOW is_superuser")), QStringLiteral("off"));
    const auto blocker = drill::runSql(
        url,
        QStringLiteral("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND "
                       "pid IN (SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity)"));
    QVERIFY2(blocker.has_value() && !blocker->isEmpty(),
             blocker ? "none" : qPrintable(blocker.error().message));
    const auto ended =
        drill::runSql(url, QStringLiteral("SELECT pg_terminate_backend(%1)").arg(*blocker));
    QVERIFY2(ended.has_value(), ended ? "" : qPrintable(ended.error().message));
    QTRY_VERIFY_WITH_TIMEOUT(metric(drill, QStringLiteral("database_connections")) < 80,
                             kChangeWithinMs);
    QCOMPARE(stop(drill), QString());
}

void DrillTest::writesAWorkspaceWithoutSecrets() {
    drill::Drill drill({.speed = 10});
    QCOMPARE(start(drill, QStringLiteral("error-rate")), QString());
    const QString folder = drill.folder() + QStringLiteral("/workspace/");
    QFile file(folder + QStringLiteral("tocsin.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    QVERIFY2(!text.contains(QStringLiteral("{{")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("every: 20000ms")));
    QVERIFY(!text.contains(QStringLiteral("/api/webhooks/")));
    for (const QString& name : {QStringLiteral("primary"), QStringLiteral("cache"),
                                QStringLiteral("incidents"), QStringLiteral("alerts")}) {
        QFile secret(folder + QStringLiteral("secrets/") + name);
        QVERIFY(secret.open(QIODevice::ReadOnly));
        QVERIFY(!text.contains(QString::fromUtf8(secret.readAll())));
        QCOMPARE(int(secret.permissions() & 0x0fff & ~int(QFile::ReadUser | QFile::WriteUser)),
                 int(0));
    }
    QCOMPARE(stop(drill), QString());
}

void DrillTest::stopsBeforeItIsReady() {
    drill::Drill drill;
    drill.start(QStringLiteral("database-connections"));
    QTRY_VERIFY(drill.postgres() && drill.postgres()->pid() != 0);
    QCOMPARE(stop(drill), QString());
}

void DrillTest::killedWithoutMercy_data() {
    QTest::addColumn<QString>("scenario");
    for (const QString& name : drill::Drill::scenarios())
        QTest::newRow(qPrintable(name)) << name;
}

void DrillTest::killedWithoutMercy() {
    QFETCH(QString, scenario);
    QProcess victim;
    victim.start(QCoreApplication::applicationFilePath(),
                 {QString::fromLatin1(kVictimWord), scenario});
    QTRY_VERIFY_WITH_TIMEOUT(victim.canReadLine(), kStartWithinMs);
    const QList<QByteArray> words = victim.readLine().trimmed().split(' ');
    QCOMPARE(words.size(), 3);
    const QString folder = QString::fromUtf8(words[0]);
    QVERIFY(QDir(folder).exists());
    QVERIFY(!isGone(words[1].toLongLong()) && !isGone(words[2].toLongLong()));
    ::kill(static_cast<pid_t>(victim.processId()), SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(isGone(words[1].toLongLong()) && isGone(words[2].toLongLong()),
                             kChangeWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder).exists(), kChangeWithinMs);
}

void DrillTest::guardianRemovesNothingElse() {
    const QTemporaryDir bystander;
    QProcess sleeper;
    sleeper.start(QStringLiteral("sleep"), {QStringLiteral("600")});
    QTRY_VERIFY(sleeper.processId() != 0);
    QProcess guardian;
    guardian.start(QCoreApplication::applicationFilePath(),
                   {QString::fromLatin1(drill::kGuardianWord)});
    // A folder that is not a drill's, a process of another start time, and nonsense.
    guardian.write("folder " + bystander.path().toUtf8() +
                   "\nfolder /\nfolder ../tocsin-drill-x\n");
    guardian.write("group " + QByteArray::number(sleeper.processId()) +
                   " 12345\ngroup 1 1\ngroup -1 0\n\xff\n");
    guardian.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(guardian.state(), QProcess::NotRunning, kChangeWithinMs);
    QVERIFY(QDir(bystander.path()).exists());
    QCOMPARE(sleeper.state(), QProcess::Running);
    sleeper.kill();
    QTRY_COMPARE(sleeper.state(), QProcess::NotRunning);
}

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], drill::kGuardianWord) == 0)
        return drill::guardianMain(argc, argv);
    if (argc > 2 && std::strcmp(argv[1], kVictimWord) == 0) return victimMain(argc, argv);
    QCoreApplication application(argc, argv);
    DrillTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_drill.moc"
