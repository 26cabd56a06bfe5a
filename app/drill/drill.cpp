#include "drill/drill.h"

#include <QDir>
#include <QRandomGenerator>

#include "drill/drillworkspace.h"
#include "drill/pooltrouble.h"
#include "drill/queuetrouble.h"
#include "drill/requesttrouble.h"

namespace tocsin::drill {
namespace {

// Room beside the application's pool for the console, a command line and the superuser's reserve.
constexpr int kSpareConnections = 8;

QString newPassword() {
    return QString::number(QRandomGenerator::system()->generate64(), 36) +
           QString::number(QRandomGenerator::system()->generate64(), 36);
}

}  // namespace

Drill::Drill(const DrillOptions& options, QObject* parent)
    : QObject(parent), m_options(options), m_guardian(std::make_unique<Guardian>()) {
}

Drill::~Drill() {
    m_troubles.clear();
    m_postgres.reset();
    m_redis.reset();
    // What is left, the folder at least, is the guardian's.
}

void Drill::start(const QString& scenario) {
    if (m_state != State::Idle) return;
    m_state = State::Starting;
    if (auto done = prepare(scenario); !done) return giveUp(done.error());
    emit progressed(QStringLiteral("Starting PostgreSQL and Redis in %1 …").arg(m_folder));
    m_postgres->start();
    m_redis->start();
}

Result<void> Drill::prepare(const QString& scenario) {
    auto loaded = Scenario::load(scenario);
    if (!loaded) return tl::unexpected<Error>(loaded.error());
    m_scenario = *loaded;
    if (auto done = m_guardian->start(m_options.guardianProgram); !done) return done;
    auto folder = m_guardian->makeFolder();
    if (!folder) return tl::unexpected<Error>(folder.error());
    m_folder = *folder;
    if (auto done = listen(); !done) return done;
    return makeServers();
}

Result<void> Drill::listen() {
    for (StandInServer* server : std::initializer_list<StandInServer*>{&m_application, &m_vendors,
                                                                       &m_monitoring, &m_discord})
        if (auto done = server->listen(); !done) return done;
    return {};
}

Result<void> Drill::makeServers() {
    m_appPassword = newPassword();
    m_oncallPassword = newPassword();
    const auto sql = filledTemplate(QStringLiteral("studio.sql"),
                                    {{QStringLiteral("app_password"), m_appPassword},
                                     {QStringLiteral("oncall_password"), m_oncallPassword}});
    if (!sql) return tl::unexpected<Error>(sql.error());
    PostgresOptions postgres;
    postgres.maxConnections = m_scenario.poolSize + kSpareConnections;
    postgres.settings = {QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"),
                         QStringLiteral("track_io_timing = on")};
    postgres.initialSql = *sql;
    m_postgres = std::make_unique<LocalPostgres>(postgres);
    RedisOptions redis;
    redis.password = newPassword();
    redis.configuration = {QStringLiteral("maxmemory 64mb"),
                           QStringLiteral("maxmemory-policy noeviction")};
    m_redis = std::make_unique<LocalRedis>(redis);
    watch(*m_postgres);
    watch(*m_redis);
    return {};
}

void Drill::watch(LocalServer& server) {
    server.setParentFolder(m_folder);
    connect(&server, &LocalServer::processStarted, m_guardian.get(), &Guardian::watchGroup);
    connect(&server, &LocalServer::ready, this, &Drill::onServerReady);
    connect(&server, &LocalServer::failed, this, &Drill::giveUp);
    connect(&server, &LocalServer::stopped, this, &Drill::onServerStopped);
    connect(&server, &LocalServer::died, this,
            [this](const Error& error) { emit progressed(error.message); });
}

void Drill::onServerReady() {
    if (m_state != State::Starting || !m_postgres->isReady() || !m_redis->isReady()) return;
    if (auto done = writeFiles(); !done) return giveUp(done.error());
    m_state = State::Running;
    makeTroubles();
    emit progressed(m_scenario.story);
    emit ready(m_folder + QStringLiteral("/workspace"), m_folder + QStringLiteral("/data"));
    for (const auto& trouble : m_troubles)
        trouble->start();
}

Result<void> Drill::writeFiles() {
    Addresses addresses;
    addresses.scenario = m_scenario.name;
    addresses.app = m_application.url().toString();
    addresses.vendors = m_vendors.url().toString();
    addresses.monitoring = m_monitoring.url().toString();
    addresses.postgres = m_postgres->url(QStringLiteral("oncall"));
    addresses.redis = m_redis->url();
    addresses.speed = m_options.speed;
    addresses.secrets = {
        {QStringLiteral("primary"), m_oncallPassword},
        {QStringLiteral("cache"), m_redis->password()},
        {QStringLiteral("incidents"), m_discord.addWebhook(QStringLiteral("incidents"))},
        {QStringLiteral("alerts"), m_discord.addWebhook(QStringLiteral("alerts"))}};
    return writeWorkspace(m_folder + QStringLiteral("/workspace"), addresses);
}

void Drill::makeTroubles() {
    Vitals& vitals = m_application.vitals();
    addTrouble(std::make_unique<PoolTrouble>(
        vitals, m_scenario, m_postgres->url(QStringLiteral("app"), m_appPassword)));
    if (m_scenario.kind == Scenario::Kind::PausedQueue)
        addTrouble(std::make_unique<QueueTrouble>(vitals, m_scenario, m_redis->port(),
                                                  m_redis->password()));
    if (m_scenario.kind == Scenario::Kind::FailingRequests)
        addTrouble(std::make_unique<RequestTrouble>(vitals, m_scenario));
}

void Drill::addTrouble(std::unique_ptr<Trouble> trouble) {
    connect(trouble.get(), &Trouble::progressed, this, &Drill::progressed);
    connect(trouble.get(), &Trouble::vendorChanged, &m_vendors, &StandInVendors::setStripe);
    m_troubles.push_back(std::move(trouble));
}

void Drill::cure() {
    for (const auto& trouble : m_troubles)
        trouble->cure();
}

void Drill::giveUp(const Error& error) {
    if (m_state != State::Starting) return;
    m_state = State::Ended;
    // Not from inside one of the servers' own signals.
    QMetaObject::invokeMethod(
        this,
        [this, error] {
            m_postgres.reset();
            m_redis.reset();
            if (!m_folder.isEmpty()) QDir(m_folder).removeRecursively();
            m_guardian->dismiss();
            emit failed(error);
        },
        Qt::QueuedConnection);
}

void Drill::stop() {
    if (m_state == State::Stopping || m_state == State::Ended) return;
    m_state = State::Stopping;
    m_troubles.clear();
    if (!m_postgres) return onServerStopped();
    m_postgres->stop();
    m_redis->stop();
}

void Drill::onServerStopped() {
    const bool runs = (m_postgres && m_postgres->pid() != 0) || (m_redis && m_redis->pid() != 0);
    if (m_state != State::Stopping || runs) return;
    m_state = State::Ended;
    if (!m_folder.isEmpty()) QDir(m_folder).removeRecursively();
    m_guardian->dismiss();
    QMetaObject::invokeMethod(this, &Drill::stopped, Qt::QueuedConnection);
}

}  // namespace tocsin::drill
