#include "sdk/polledsource.h"

#include <algorithm>

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortest{1000};
constexpr milliseconds kLongestBackOff{60000};
// A server may ask for a day; nobody wants to be blind that long without having asked again.
constexpr milliseconds kLongestPause{15 * 60000};

}  // namespace

PolledSource::PolledSource(QString name, milliseconds every, Clock& clock)
    : m_name(std::move(name)), m_every(std::max(every, kShortest)), m_clock(clock) {
}

void PolledSource::start() {
    if (m_running) return;
    m_running = true;
    refresh();
}

void PolledSource::stop() {
    m_running = false;
    ++m_schedule;
}

void PolledSource::refresh() {
    if (m_looking) return;
    m_looking = true;
    ++m_schedule;
    look();
}

void PolledSource::deliver(QVector<Alert> alerts) {
    m_looking = false;
    m_failures = 0;
    if (m_running) schedule(m_every);
    for (Alert& alert : alerts)
        alert.source = m_name;
    emit snapshotReceived({m_name, m_clock.now(), std::move(alerts)});
}

void PolledSource::giveUp(const Error& error) {
    m_looking = false;
    ++m_failures;
    if (!m_running) {
        emit failed(error, {});
        return;
    }
    const milliseconds pause = pauseAfter(error);
    schedule(pause);
    emit failed(error, m_clock.now().addMSecs(pause.count()));
}

void PolledSource::schedule(milliseconds delay) {
    const quint64 number = ++m_schedule;
    m_clock.callAfter(delay, this, [this, number] {
        if (number == m_schedule && m_running) refresh();
    });
}

milliseconds PolledSource::pauseAfter(const Error& error) const {
    if (error.retryAfter) return std::clamp(*error.retryAfter, kShortest, kLongestPause);
    const milliseconds doubled = m_every * (1LL << std::min(m_failures - 1, 6));
    return std::max(m_every, std::min(doubled, kLongestBackOff));
}

}  // namespace tocsin
