#include "drill/guardian.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

namespace tocsin::drill {
namespace {

constexpr auto kFolderPrefix = "tocsin-drill-";
constexpr int kPolls = 60;
constexpr timespec kPollEvery{0, 50'000'000};

struct Group {
    pid_t leader = 0;
    quint64 started = 0;
};

struct Orders {
    std::vector<Group> groups;
    std::vector<std::string> folders;
    bool done = false;
};

/// Only what makeFolder() makes, so that a garbled line can never remove anything else.
bool isOurs(const std::string& folder) {
    const std::filesystem::path path(folder);
    return path.is_absolute() && path.filename().string().rfind(kFolderPrefix, 0) == 0 &&
           std::filesystem::is_directory(std::filesystem::symlink_status(path));
}

Orders readOrders() {
    Orders orders;
    char line[4096];
    while (std::fgets(line, sizeof line, stdin) != nullptr) {
        line[std::strcspn(line, "\n")] = '\0';
        long leader = 0;
        unsigned long long started = 0;
        if (std::strcmp(line, "done") == 0) orders.done = true;
        if (std::strncmp(line, "folder ", 7) == 0) orders.folders.emplace_back(line + 7);
        if (std::sscanf(line, "group %ld %llu", &leader, &started) == 2 && leader > 1)
            orders.groups.push_back({static_cast<pid_t>(leader), started});
    }
    return orders;
}

bool isAlive(const Group& group) {
    return group.started != 0 && startTimeOf(group.leader) == group.started;
}

void end(const std::vector<Group>& groups) {
    // SIGQUIT lets PostgreSQL remove its shared memory; Redis ends on it like on any other.
    for (const Group& group : groups)
        if (isAlive(group)) ::kill(-group.leader, SIGQUIT);
    for (const Group& group : groups) {
        for (int i = 0; i < kPolls && isAlive(group); ++i)
            ::nanosleep(&kPollEvery, nullptr);
        if (isAlive(group)) ::kill(-group.leader, SIGKILL);
    }
}

void remove(const std::vector<std::string>& folders) {
    for (const std::string& folder : folders) {
        std::error_code ignored;
        // A server may still write its last file while it is removed: try a few times.
        for (int i = 0; i < kPolls && isOurs(folder); ++i) {
            std::filesystem::remove_all(folder, ignored);
            if (!std::filesystem::exists(folder, ignored)) break;
            ::nanosleep(&kPollEvery, nullptr);
        }
    }
}

}  // namespace

quint64 startTimeOf(qint64 pid) {
    char name[64];
    std::snprintf(name, sizeof name, "/proc/%lld/stat", static_cast<long long>(pid));
    std::FILE* file = std::fopen(name, "re");
    if (file == nullptr) return 0;
    char text[1024];
    const size_t size = std::fread(text, 1, sizeof text - 1, file);
    std::fclose(file);
    text[size] = '\0';
    // The program's name, field 2, may hold anything; the fields count from its last bracket.
    const char* rest = std::strrchr(text, ')');
    char state = 0;
    unsigned long long started = 0;
    if (rest == nullptr ||
        std::sscanf(
            rest + 1,
            " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
            &state, &started) != 2)
        return 0;
    return state == 'Z' ? 0 : started;  // a zombie has ended
}

int guardianMain(int argc, char** argv) {
    if (argc < 2 || std::strcmp(argv[1], kGuardianWord) != 0) return 2;
    // What ends the console, a closed terminal or a logout, must not end its guardian first.
    for (const int number : {SIGINT, SIGHUP, SIGTERM, SIGPIPE})
        std::signal(number, SIG_IGN);
    const Orders orders = readOrders();
    if (orders.done) return 0;
    end(orders.groups);
    remove(orders.folders);
    return 0;
}

Guardian::Guardian(QObject* parent) : QObject(parent), m_process(new QProcess(this)) {
}

Guardian::~Guardian() {
    if (m_orders >= 0) ::close(m_orders);
    if (m_process->state() == QProcess::NotRunning) return;
    // QProcess would kill it; it has work to do and ends by itself. It is the system's then.
    m_process->setParent(nullptr);
    QProcess* process = m_process;
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
}

Result<void> Guardian::start(const QString& program) {
    // A pipe of our own: what is written to it has left us at once, whatever happens to us next.
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorCode::Internal,
                    QStringLiteral("Cannot make a pipe for the drill's guardian."));
    std::signal(SIGPIPE, SIG_IGN);
    m_orders = ends[1];
    m_process->setProgram(program.isEmpty() ? QCoreApplication::applicationFilePath() : program);
    m_process->setArguments({QString::fromLatin1(kGuardianWord)});
    m_process->setStandardInputFile(QStringLiteral("/proc/self/fd/%1").arg(ends[0]));
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->setChildProcessModifier([] { ::setsid(); });
    m_process->start();
    ::close(ends[0]);
    if (m_process->state() != QProcess::NotRunning) return {};
    return fail(
        ErrorCode::Internal,
        QStringLiteral("Cannot start the drill's guardian (%1).").arg(m_process->errorString()));
}

Result<QString> Guardian::makeFolder() {
    QTemporaryDir folder(QDir::tempPath() + u'/' + QLatin1String(kFolderPrefix) +
                         QStringLiteral("XXXXXX"));
    if (!folder.isValid())
        return fail(ErrorCode::Disk,
                    QStringLiteral("Cannot make a folder in %1 (%2); free some space there or set "
                                   "TMPDIR.")
                        .arg(QDir::tempPath(), folder.errorString()));
    folder.setAutoRemove(false);
    // Passable, not readable: the database server may run as another user.
    ::chmod(QFile::encodeName(folder.path()).constData(), 0711);
    tell("folder " + QFile::encodeName(folder.path()));
    return folder.path();
}

void Guardian::watchGroup(qint64 leader) {
    tell("group " + QByteArray::number(leader) + ' ' + QByteArray::number(startTimeOf(leader)));
}

void Guardian::dismiss() {
    tell("done");
    if (m_orders >= 0) ::close(m_orders);
    m_orders = -1;
}

void Guardian::tell(const QByteArray& order) {
    if (m_orders < 0) return;  // not started, or dismissed
    const QByteArray line = order + '\n';
    const auto size = static_cast<size_t>(line.size());
    if (::write(m_orders, line.constData(), size) == line.size()) return;
    qWarning("The drill's guardian does not listen; a killed drill may leave servers behind.");
}

}  // namespace tocsin::drill
