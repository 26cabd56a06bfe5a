#include "drill/discordlimits.h"

#include <algorithm>

#include "drill/discordmood.h"

namespace tocsin::drill {

void DiscordLimits::setBucket(int requests, double seconds) {
    m_requests = requests;
    m_seconds = seconds;
    m_buckets.clear();
}

void DiscordLimits::setGlobal(int perSecond) {
    m_perSecond = perSecond;
    m_all = {};
}

double DiscordLimits::take(Window& window, int most, double seconds) {
    const qint64 now = m_clock.elapsed();
    const auto length = static_cast<qint64>(seconds * 1000);
    if (now - window.since >= length) window = {now, 0};
    if (window.used >= most) return static_cast<double>(window.since + length - now) / 1000.0;
    ++window.used;
    return 0;
}

std::optional<StandInAnswer> DiscordLimits::refusal(const QString& bucket) {
    double wait = 0;
    bool global = false;
    if (m_perSecond > 0) {
        wait = take(m_all, m_perSecond, 1.0);
        global = wait > 0;
    }
    if (wait <= 0 && m_requests > 0) wait = take(m_buckets[bucket], m_requests, m_seconds);
    if (wait <= 0) return std::nullopt;
    ++m_refusals;
    return limitAnswer(wait, global);
}

void DiscordLimits::describe(const QString& bucket, StandInAnswer& answer) const {
    if (m_requests <= 0 || !m_buckets.contains(bucket)) return;
    const Window window = m_buckets.value(bucket);
    const double left = m_seconds - static_cast<double>(m_clock.elapsed() - window.since) / 1000.0;
    answer.headers += HttpHeaders{
        {"X-RateLimit-Limit", QByteArray::number(m_requests)},
        {"X-RateLimit-Remaining", QByteArray::number(std::max(0, m_requests - window.used))},
        {"X-RateLimit-Reset-After", QByteArray::number(std::max(0.0, left), 'f', 3)},
        {"X-RateLimit-Bucket", "stand-in"}};
}

}  // namespace tocsin::drill
