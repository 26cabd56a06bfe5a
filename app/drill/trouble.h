#pragma once
#include <QJsonObject>
#include <QObject>

namespace tocsin::drill {

/// What the stand-in application measures of itself and tells on its endpoints.
struct Vitals {
    double errorRate = 0.4;         ///< % of requests
    double responseTimeP95 = 0.18;  ///< s
    int poolInUse = 6;              ///< sessions with PostgreSQL
    int poolSize = 32;
    double queueProcessingTime = 2;  ///< s, 95th percentile
    int queueDepth = 0;
    double diskUsage = 41;    ///< %
    double memoryUsage = 58;  ///< %
    bool paymentsWork = true;

    double poolUsage() const { return poolSize > 0 ? 100.0 * poolInUse / poolSize : 0; }
};

/// What goes wrong in a scenario, made with real means in the local servers, and what ends it.
/// Lives on the GUI thread; never blocks it.
class Trouble : public QObject {
    Q_OBJECT
public:
    /// `vitals` are the stand-in application's; they outlive the trouble.
    explicit Trouble(Vitals& vitals) : m_vitals(vitals) {}

    /// Begins to measure and makes the trouble. Once.
    virtual void start() = 0;
    /// Ends it the way the runbook would, for rehearsals without hands.
    virtual void cure() = 0;

signals:
    /// One sentence about what just happened.
    void progressed(const QString& sentence);
    /// "payments" went up, degraded, or down at their vendor.
    void vendorChanged(const QString& state);

protected:
    Vitals& vitals() { return m_vitals; }

private:
    Vitals& m_vitals;
};

}  // namespace tocsin::drill
