#pragma once
#include <QElapsedTimer>
#include <QHash>
#include <optional>

#include "drill/standinserver.h"

namespace tocsin::drill {

/// Discord's rate limits: a bucket per kind of request and channel, and one limit over all. Off
/// until they are set. Source: Discord's documentation, "Rate Limits".
class DiscordLimits {
public:
    DiscordLimits() { m_clock.start(); }

    void setBucket(int requests, double seconds);
    void setGlobal(int perSecond);

    /// Counts a request; the 429 when it is one too many.
    std::optional<StandInAnswer> refusal(const QString& bucket);
    /// Adds the headers that say what is left of the bucket.
    void describe(const QString& bucket, StandInAnswer& answer) const;
    int refusals() const { return m_refusals; }  ///< how many 429 were answered

private:
    struct Window {
        qint64 since = 0;  // ms on m_clock
        int used = 0;
    };
    /// Zero when it still fits, else the seconds until it does.
    double take(Window& window, int most, double seconds);

    QElapsedTimer m_clock;
    int m_requests = 0;
    double m_seconds = 0;
    int m_perSecond = 0;
    int m_refusals = 0;
    QHash<QString, Window> m_buckets;
    Window m_all;
};

}  // namespace tocsin::drill
