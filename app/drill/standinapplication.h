#pragma once
#include "drill/standinserver.h"
#include "drill/trouble.h"

namespace tocsin::drill {

/// The application under watch: /api/health, /api/metrics (JSON, or Prometheus text when the client
/// asks for text/plain), /health/ready, /health/detailed. What it tells are its vitals.
class StandInApplication : public StandInServer {
    Q_OBJECT
public:
    explicit StandInApplication(QObject* parent = nullptr);

    Vitals& vitals() { return m_vitals; }

protected:
    StandInAnswer answer(const StandInRequest& request) override;

private:
    StandInAnswer health(bool detailed) const;
    StandInAnswer metrics(const StandInRequest& request) const;

    Vitals m_vitals;
};

}  // namespace tocsin::drill
