#pragma once
#include "drill/scenario.h"
#include "drill/trouble.h"

namespace tocsin::drill {

/// Requests that fail because a vendor does; nothing local is broken. It recovers by itself.
class RequestTrouble : public Trouble {
    Q_OBJECT
public:
    RequestTrouble(Vitals& vitals, const Scenario& scenario);

    void start() override;
    void cure() override;

private:
    void step();

    Scenario m_scenario;
    double m_target;
};

}  // namespace tocsin::drill
