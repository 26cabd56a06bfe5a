#pragma once
#include "drill/standinserver.h"

namespace tocsin::drill {

/// An Alertmanager (API v2, /api/v2/alerts and /api/v2/silences) with the usual background of a
/// production: disks that fill slowly on three workers, and memory that somebody silenced.
class StandInMonitoring : public StandInServer {
    Q_OBJECT
public:
    explicit StandInMonitoring(QObject* parent = nullptr);

protected:
    StandInAnswer answer(const StandInRequest& request) override;

private:
    QDateTime m_since;
};

}  // namespace tocsin::drill
