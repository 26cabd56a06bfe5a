#include "watch.h"

#include <signal.h>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include "console/translation.h"
#include "incidents/projection.h"
#include "support/await.h"
#include "workspace/reader.h"

using namespace Qt::Literals::StringLiterals;

namespace tocsin::test {
namespace {

// Two levels, told apart by whom they mention. The second comes while processes are being killed.
const QByteArray kWorkspace = R"(
workspace: {name: Watch}
channels:
  - {name: incidents, kind: discord, webhook: "env:TOCSIN_TEST_WEBHOOK", mentions: {first: "111", second: "222"}}
escalation:
  channel: incidents
  levels:
    - {name: First, after: 0m, mention: first}
    - {name: Second, after: 2s, mention: second}
)";

pid_t pidOf(const QProcess& process) {
    return static_cast<pid_t>(process.processId());
}

}  // namespace

Watch::Watch() {
    if (!m_discord.listen()) qFatal("the stand-in Discord cannot listen");
    qputenv("TOCSIN_TEST_WEBHOOK", m_discord.addWebhook(u"incidents"_s).toUtf8());
    QFile file(m_folder.filePath(u"tocsin.yaml"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(kWorkspace) < 0) qFatal("no workspace");
    file.close();
    auto db = store::Database::open(store::Database::fileIn(m_folder.filePath(u"data"_s)));
    if (!db) qFatal("%s", qPrintable(db.error().message));
    m_db = std::move(*db);
    m_journal = std::make_unique<incidents::Journal>(*m_db, m_clock);
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"First"_s, std::chrono::seconds(0), u"first"_s, {}, {}},
                     {u"Second"_s, std::chrono::seconds(2), u"second"_s, {}, {}}};
    m_engine = std::make_unique<escalation::Engine>(*m_db, *m_journal, policy, m_clock);
}

Watch::~Watch() {
    for (const Kind kind : {Kind::Serve, Kind::Console})
        if (runs(kind)) kill(kind);
}

QStringList Watch::folders() const {
    return {u"--workspace"_s, m_folder.path(), u"--data"_s, m_folder.filePath(u"data"_s)};
}

void Watch::start(Kind kind) {
    start(kind, QProcessEnvironment::systemEnvironment());
}

void Watch::startDying(Kind kind, int call) {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LD_PRELOAD"_s, QStringLiteral(DIEPOINT));
    environment.insert(u"DIEPOINT_FILE"_s, QFileInfo(store::Database::fileIn({})).fileName());
    environment.insert(u"DIEPOINT_AT"_s, QString::number(call));
    // Under AddressSanitizer, which wants to be the first that is loaded.
    environment.insert(u"ASAN_OPTIONS"_s, u"verify_asan_link_order=0"_s);
    start(kind, environment);
}

void Watch::start(Kind kind, const QProcessEnvironment& environment) {
    auto& process = kind == Kind::Serve ? m_serve : m_console;
    process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment);
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList arguments = folders();
    if (kind == Kind::Serve) {
        arguments << u"serve"_s << u"--json"_s;
        connect(process.get(), &QProcess::readyReadStandardOutput, this,
                [this, from = process.get()] { m_log += from->readAllStandardOutput(); });
    }
    process->start(qEnvironmentVariable("TOCSIN_BINARY"), arguments);
    if (!process->waitForStarted()) qFatal("$TOCSIN_BINARY cannot be started");
}

bool Watch::runs(Kind kind) const {
    const auto& process = kind == Kind::Serve ? m_serve : m_console;
    return process && process->state() == QProcess::Running;
}

qint64 Watch::pid(Kind kind) const {
    return (kind == Kind::Serve ? m_serve : m_console)->processId();
}

void Watch::kill(Kind kind) {
    auto& process = kind == Kind::Serve ? m_serve : m_console;
    ::kill(pidOf(*process), SIGKILL);
    process->waitForFinished();
}

// One that stands still in the middle of a transaction keeps the file locked: nobody could take
// over. That is SQLite's way; here it is stopped at another moment.
void Watch::stop(Kind kind) {
    ::kill(static_cast<pid_t>(pid(kind)), SIGSTOP);
    while (isLocked()) {
        resume(kind);
        QCoreApplication::processEvents();
        ::kill(static_cast<pid_t>(pid(kind)), SIGSTOP);
    }
}

bool Watch::isLocked() const {
    auto db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"lock"_s);
    db.setDatabaseName(store::Database::fileIn(m_folder.filePath(u"data"_s)));
    db.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=20"_s);
    bool locked = true;
    if (db.open()) {
        QSqlQuery query(db);
        locked = !query.exec(u"BEGIN IMMEDIATE"_s);
        query.exec(u"ROLLBACK"_s);
    }
    db = {};
    QSqlDatabase::removeDatabase(u"lock"_s);
    return locked;
}

void Watch::resume(Kind kind) {
    ::kill(static_cast<pid_t>(pid(kind)), SIGCONT);
}

int Watch::terminate(Kind kind) {
    auto& process = kind == Kind::Serve ? m_serve : m_console;
    QSignalSpy finished(process.get(), &QProcess::finished);
    ::kill(pidOf(*process), SIGTERM);
    if (process->state() != QProcess::NotRunning) finished.wait(30000);
    const bool ended =
        process->state() == QProcess::NotRunning && process->exitStatus() == QProcess::NormalExit;
    return ended ? process->exitCode() : -1;
}

store::Owner Watch::owner() {
    return *await(m_db->read<store::Owner>([](store::Transaction& tx) { return readOwner(tx); }));
}

bool Watch::owns(Kind kind) {
    return runs(kind) && !owner().isNobody() && owner().pid == pid(kind);
}

QString Watch::declare(const QString& title) {
    incidents::Declaration declaration;
    declaration.title = title;
    declaration.priority = incidents::Priority::P1;
    declaration.commander = u"commander"_s;
    const auto id = await(m_engine->declare(declaration));
    if (!id) qFatal("%s", qPrintable(id.error().message));
    return *id;
}

QVector<delivery::Entry> Watch::pages() {
    return *await(m_db->read<QVector<delivery::Entry>>(
        [](store::Transaction& tx) -> Result<QVector<delivery::Entry>> {
            QVector<delivery::Entry> all;
            const auto incidents = incidents::Projection::list(tx, 100000);
            if (!incidents) return tl::unexpected<Error>(incidents.error());
            for (const auto& incident : *incidents)
                all += *delivery::Ledger::ofIncident(tx, incident.id);
            all.removeIf([](auto& entry) { return !entry.event.contains(u"/level-"_s); });
            std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.id < b.id; });
            return all;
        }));
}

bool Watch::everythingDelivered() {
    const QVector<delivery::Entry> entries = pages();
    QSet<QString> incidents;
    for (const delivery::Entry& entry : entries) {
        incidents.insert(entry.incident);
        if (!entry.isFinished()) return false;
    }
    return entries.size() == incidents.size() * 2;
}

QString Watch::shorthand(const drill::PostedMessage& message) const {
    static const QRegularExpression id(u"INC-\\d+"_s);
    if (message.pingedRoles.isEmpty()) return {};
    return id.match(message.content).captured() +
           (message.pingedRoles.contains(u"111"_s) ? u"/level-1"_s : u"/level-2"_s);
}

int Watch::arrivals() const {
    return static_cast<int>(
        std::count_if(m_discord.posted().begin(), m_discord.posted().end(),
                      [](const auto& message) { return !message.pingedRoles.isEmpty(); }));
}

int Watch::repeats() const {
    return static_cast<int>(std::count_if(
        m_discord.posted().begin(), m_discord.posted().end(), [](const auto& message) {
            return message.content.contains(u"possible repeat"_s, Qt::CaseInsensitive);
        }));
}

QStringList Watch::faults() {
    QStringList faults, firsts, due;
    QHash<QString, int> plain;
    for (const drill::PostedMessage& message : m_discord.posted()) {
        const QString event = shorthand(message);
        if (event.isEmpty()) continue;
        if (!firsts.contains(event)) firsts << event;
        if (!message.content.contains(u"possible repeat"_s, Qt::CaseInsensitive)) ++plain[event];
    }
    for (const delivery::Entry& entry : pages()) {
        due << entry.event;
        if (entry.state != delivery::EntryState::Confirmed)
            faults << u"%1 is %2"_s.arg(entry.event, nameOf(entry.state));
        if (!firsts.contains(entry.event)) faults << u"lost: "_s + entry.event;
        if (plain.value(entry.event) > 1) faults << u"doubled, not marked: "_s + entry.event;
    }
    if (firsts != due) faults << u"out of order"_s;
    return faults;
}

}  // namespace tocsin::test
