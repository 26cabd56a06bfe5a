#include "cli/stopsignals.h"

#include <sys/socket.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

// A signal handler has nothing but globals.
std::atomic<int> writeEnd{-1};

void handle(int number) {
    const int kept = errno;
    const auto byte = static_cast<unsigned char>(number);
    (void)!::write(writeEnd.load(), &byte, 1);
    errno = kept;
}

QString nameOf(int number) {
    return number == SIGTERM ? u"SIGTERM"_s : number == SIGINT ? u"SIGINT"_s : u"SIGHUP"_s;
}

}  // namespace

StopSignals::StopSignals(QObject* parent) : QObject(parent) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, m_ends) != 0) return;
    writeEnd = m_ends[0];
    m_notifier = std::make_unique<QSocketNotifier>(m_ends[1], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &StopSignals::read);
    struct sigaction action = {};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    for (const int number : kSignals)
        ::sigaction(number, &action, nullptr);
}

StopSignals::~StopSignals() {
    for (const int number : kSignals)
        std::signal(number, SIG_DFL);
    writeEnd = -1;
    m_notifier.reset();
    for (const int end : m_ends)
        if (end >= 0) ::close(end);
}

void StopSignals::read() {
    unsigned char byte = 0;
    while (::read(m_ends[1], &byte, 1) == 1)
        emit received(nameOf(byte));
}

}  // namespace tocsin::cli
