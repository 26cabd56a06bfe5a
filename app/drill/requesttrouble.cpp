#include "drill/requesttrouble.h"

#include <QTimer>
#include <chrono>

namespace tocsin::drill {
namespace {

constexpr int kStepEveryMs = 400;
constexpr double kStep = 0.35;  // of what is missing

}  // namespace

RequestTrouble::RequestTrouble(Vitals& vitals, const Scenario& scenario)
    : Trouble(vitals), m_scenario(scenario), m_target(vitals.errorRate) {
}

void RequestTrouble::start() {
    m_target = m_scenario.errorRate;
    vitals().paymentsWork = false;
    emit vendorChanged(QStringLiteral("degraded"));
    emit progressed(QStringLiteral("Payments fail at their vendor; the error rate rises."));
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &RequestTrouble::step);
    timer->start(kStepEveryMs);
    QTimer::singleShot(std::chrono::seconds(m_scenario.recoversAfterSeconds), this,
                       &RequestTrouble::cure);
}

void RequestTrouble::cure() {
    if (vitals().paymentsWork) return;
    m_target = Vitals().errorRate;
    vitals().paymentsWork = true;
    emit vendorChanged(QStringLiteral("up"));
    emit progressed(QStringLiteral("The vendor has recovered; the error rate falls."));
}

void RequestTrouble::step() {
    vitals().errorRate += (m_target - vitals().errorRate) * kStep;
}

}  // namespace tocsin::drill
