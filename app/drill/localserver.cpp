#include "drill/localserver.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTimer>
#include <csignal>

namespace tocsin::drill {
namespace {

constexpr qsizetype kLogKept = 64 * 1024;
constexpr int kPortTries = 5;
constexpr int kStopWithinMs = 3000;

/// Runs in the child between fork and exec: only async-signal-safe calls.
void becomeServer(const std::optional<RunAs>& user) {
    ::setpgid(0, 0);
    if (user) {
        if (::setgroups(0, nullptr) != 0 || ::setgid(user->gid) != 0 || ::setuid(user->uid) != 0)
            ::_exit(126);
    }
    // After the change of user, which clears it. SIGQUIT lets PostgreSQL remove its shared memory.
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

}  // namespace

std::optional<RunAs> userNamed(const char* name) {
    const passwd* entry = ::getpwnam(name);
    if (entry == nullptr) return std::nullopt;
    return RunAs{entry->pw_uid, entry->pw_gid};
}

bool isRoot() {
    return ::geteuid() == 0;
}

LocalServer::LocalServer(const QString& title, int stopSignal, QObject* parent)
    : QObject(parent), m_title(title), m_stopSignal(stopSignal) {
}

LocalServer::~LocalServer() {
    endNow();
    removeFolder();
}

qint64 LocalServer::pid() const {
    return m_process ? m_process->processId() : 0;
}

void LocalServer::start() {
    if (m_state != State::Idle) return;
    m_state = State::Preparing;
    m_portTries = 0;
    m_log.clear();
    if (auto found = locate(); !found) return giveUp(found.error());
    if (auto made = makeFolder(); !made) return giveUp(made.error());
    choosePort();
    prepare();
}

void LocalServer::prepare() {
    prepared();
}

void LocalServer::settle() {
    settled();
}

void LocalServer::prepared() {
    if (m_state == State::Preparing) launch();
}

void LocalServer::settled() {
    if (m_state != State::Starting) return;
    m_state = State::Ready;
    emit ready();
}

Result<void> LocalServer::makeFolder() {
    const QString parent = m_parentFolder.isEmpty() ? QDir::tempPath() : m_parentFolder;
    QTemporaryDir folder(parent + QStringLiteral("/tocsin-%1-XXXXXX").arg(m_title.toLower()));
    if (!folder.isValid())
        return fail(
            ErrorCode::Disk,
            QStringLiteral("Cannot make a folder for %1 in %2 (%3); free some space there or "
                           "set TMPDIR.")
                .arg(m_title, parent, folder.errorString()));
    folder.setAutoRemove(false);
    m_folder = folder.path();
    if (m_runAs &&
        ::chown(QFile::encodeName(m_folder).constData(), m_runAs->uid, m_runAs->gid) != 0)
        return fail(
            ErrorCode::Disk,
            QStringLiteral("Cannot hand %1 to the user that %2 runs as.").arg(m_folder, m_title));
    return {};
}

void LocalServer::choosePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    m_port = probe.serverPort();
}

Result<void> LocalServer::writeFile(const QString& name, const QByteArray& content) const {
    const QString path = m_folder + u'/' + name;
    QFile file(path);
    const bool written = file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
                         file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         file.write(content) == content.size() && file.flush();
    const bool owned =
        !m_runAs || ::chown(QFile::encodeName(path).constData(), m_runAs->uid, m_runAs->gid) == 0;
    if (written && owned) return {};
    return fail(ErrorCode::Disk,
                QStringLiteral("Cannot write %1 (%2).").arg(path, file.errorString()));
}

void LocalServer::setUp(QProcess& process, const Command& what) const {
    process.setProgram(what.program);
    process.setArguments(what.arguments);
    process.setWorkingDirectory(m_folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.remove(QStringLiteral("PGDATA"));
    process.setProcessEnvironment(environment);
    process.setChildProcessModifier([user = m_runAs] { becomeServer(user); });
}

void LocalServer::runOnce(const Command& what, const QString& sentence,
                          std::function<void()> then) {
    m_process = std::make_unique<QProcess>();
    setUp(*m_process, what);
    QProcess* process = m_process.get();
    connect(process, &QProcess::started, this, [this] { emit processStarted(pid()); });
    connect(process, &QProcess::readyRead, this, &LocalServer::read);
    connect(process, &QProcess::errorOccurred, this,
            [this, sentence](QProcess::ProcessError error) {
                if (error == QProcess::FailedToStart && m_state == State::Preparing)
                    giveUp({ErrorCode::Unavailable, sentence, m_process->errorString()});
            });
    connect(process, &QProcess::finished, this, [this, sentence, then = std::move(then)](int code) {
        if (m_state == State::Stopping) return onFinished();
        if (m_state != State::Preparing) return;
        if (code == 0) return then();
        giveUp({ErrorCode::Unavailable, sentence, QString::fromUtf8(m_log)});
    });
    process->start();
}

void LocalServer::launch() {
    const Result<Command> what = command();
    if (!what) return giveUp(what.error());
    m_state = State::Starting;
    // The process that prepared may be the sender of the signal we are in.
    if (m_process) m_process.release()->deleteLater();
    m_process = std::make_unique<QProcess>();
    setUp(*m_process, *what);
    connect(m_process.get(), &QProcess::started, this, [this] { emit processStarted(pid()); });
    connect(m_process.get(), &QProcess::readyRead, this, &LocalServer::read);
    connect(m_process.get(), &QProcess::finished, this, &LocalServer::onFinished);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            giveUp({ErrorCode::Unavailable, QStringLiteral("Cannot start %1.").arg(m_title),
                    m_process->errorString()});
    });
    m_process->start();
}

void LocalServer::read() {
    if (!m_process) return;
    m_log += m_process->readAll();
    const bool isUp = m_state == State::Starting && m_log.contains(readyText());
    if (m_log.size() > kLogKept) m_log = m_log.right(kLogKept);
    if (!isUp) return;
    disconnect(m_process.get(), &QProcess::readyRead, this, nullptr);
    connect(m_process.get(), &QProcess::readyRead, this,
            [this] { m_log = (m_log + m_process->readAll()).right(kLogKept); });
    settle();
}

void LocalServer::onFinished() {
    if (m_process) m_log += m_process->readAll();
    const State was = m_state;
    if (was == State::Starting && m_log.contains("ddress already in use") &&
        ++m_portTries < kPortTries) {
        m_log.clear();
        choosePort();
        return launch();
    }
    if (was == State::Stopping) {
        m_state = State::Idle;
        removeFolder();
        emit stopped();
        return;
    }
    const Error error{
        ErrorCode::Unavailable,
        QStringLiteral("%1 ended by itself; its last words are in the detail.").arg(m_title),
        QString::fromUtf8(m_log.right(2000))};
    if (was == State::Starting) return giveUp(error);
    if (was != State::Ready) return;
    m_state = State::Idle;
    emit died(error);
}

void LocalServer::giveUp(const Error& error) {
    if (m_state == State::Idle || m_state == State::Stopping) return;
    m_state = State::Idle;
    endNow();
    removeFolder();
    emit failed(error);
}

void LocalServer::stop() {
    if (m_state == State::Stopping) return;
    if (!m_process || m_process->state() == QProcess::NotRunning) {
        m_state = State::Idle;
        removeFolder();
        emit stopped();
        return;
    }
    m_state = State::Stopping;
    ::kill(static_cast<pid_t>(pid()), m_stopSignal);
    QTimer::singleShot(kStopWithinMs, m_process.get(), &QProcess::kill);
}

void LocalServer::endNow() {
    if (!m_process) return;
    // May be called from one of the process' own signals.
    QProcess* process = m_process.release();
    process->disconnect(this);
    const auto running = static_cast<pid_t>(process->processId());
    if (running > 0 && process->state() != QProcess::NotRunning) {
        ::kill(running, m_stopSignal);
        // The one place that waits: an end that returned before the server did would leave it
        // behind.
        if (!process->waitForFinished(kStopWithinMs)) ::kill(-running, SIGKILL);
    }
    process->deleteLater();
}

void LocalServer::removeFolder() {
    if (m_folder.isEmpty()) return;
    QDir(m_folder).removeRecursively();
    m_folder.clear();
}

}  // namespace tocsin::drill
