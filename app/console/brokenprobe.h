#pragma once
#include "sdk/clock.h"
#include "sdk/error.h"
#include "sdk/probe.h"

namespace tocsin::console {

/// Stands where a probe could not be made: every look is Unknown and says why.
class BrokenProbe : public Probe {
    Q_OBJECT
public:
    BrokenProbe(QString name, QUrl page, Error problem, Clock& clock)
        : m_name(std::move(name)),
          m_page(std::move(page)),
          m_problem(std::move(problem)),
          m_clock(clock) {}

    QFuture<ProbeReport> look() override {
        ProbeReport report;
        report.name = m_name;
        report.summary = m_problem.message;
        report.detail = m_problem.detail;
        report.checkedAt = m_clock.now();
        report.page = m_page;
        return QtFuture::makeReadyFuture(report);
    }
    QUrl page() const override { return m_page; }

private:
    QString m_name;
    QUrl m_page;
    Error m_problem;
    Clock& m_clock;
};

}  // namespace tocsin::console
