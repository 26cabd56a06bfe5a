#pragma once
#include <QObject>
#include <memory>
#include <vector>

#include "drill/guardian.h"
#include "drill/localpostgres.h"
#include "drill/localredis.h"
#include "drill/scenario.h"
#include "drill/standinapplication.h"
#include "drill/standindiscord.h"
#include "drill/standinmonitoring.h"
#include "drill/standinvendors.h"
#include "drill/trouble.h"

namespace tocsin::drill {

struct DrillOptions {
    /// How many times faster than the machine's the console's clock runs. The servers know only
    /// real time; the workspace's intervals are stretched so that they feel the same.
    double speed = 1;
    /// The program that answers kGuardianWord; this program's own file when empty.
    QString guardianProgram = {};
};

/// A rehearsed incident: real PostgreSQL and Redis, stand-ins for everything else, and a trouble in
/// them that a person can find and end. Writes a complete workspace that points at all of it. GUI
/// thread; returns at once from everything. Whatever ends the program, a guardian process ends the
/// servers and removes the folder.
class Drill : public QObject {
    Q_OBJECT
public:
    explicit Drill(const DrillOptions& options = {}, QObject* parent = nullptr);
    ~Drill() override;

    static QStringList scenarios() { return Scenario::names(); }

    /// Ends in exactly one of ready() or failed(). Once per object.
    void start(const QString& scenario);
    /// Ends the servers and removes the folder; ends in stopped().
    void stop();
    /// Ends the trouble the way the runbook would.
    void cure();

    const Scenario& scenario() const { return m_scenario; }
    QString folder() const { return m_folder; }
    const QVector<PostedMessage>& posted() const { return m_discord.posted(); }
    StandInDiscord& discord() { return m_discord; }
    StandInApplication& application() { return m_application; }
    StandInVendors& vendors() { return m_vendors; }
    LocalPostgres* postgres() { return m_postgres.get(); }  ///< null before start()
    LocalRedis* redis() { return m_redis.get(); }           ///< null before start()

signals:
    /// Everything runs and the trouble begins: open the console on these folders.
    void ready(const QString& workspaceFolder, const QString& dataFolder);
    void failed(const tocsin::Error& error);
    void stopped();
    /// One sentence about what just happened.
    void progressed(const QString& sentence);

private:
    Result<void> prepare(const QString& scenario);
    Result<void> listen();
    Result<void> makeServers();
    void watch(LocalServer& server);
    void onServerReady();
    Result<void> writeFiles();
    void makeTroubles();
    void addTrouble(std::unique_ptr<Trouble> trouble);
    void giveUp(const Error& error);
    void onServerStopped();

    enum class State { Idle, Starting, Running, Stopping, Ended };

    DrillOptions m_options;
    State m_state = State::Idle;
    Scenario m_scenario;
    QString m_folder;
    QString m_appPassword, m_oncallPassword;
    std::unique_ptr<Guardian> m_guardian;
    StandInApplication m_application;
    StandInVendors m_vendors;
    StandInMonitoring m_monitoring;
    StandInDiscord m_discord;
    std::unique_ptr<LocalPostgres> m_postgres;
    std::unique_ptr<LocalRedis> m_redis;
    std::vector<std::unique_ptr<Trouble>> m_troubles;
};

}  // namespace tocsin::drill
