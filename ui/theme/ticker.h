#pragma once
#include <QObject>

#include "sdk/clock.h"

namespace tocsin::theme {

/// Emits ticked() at each full second of the clock, for what shows time. One per window is enough.
class Ticker : public QObject {
    Q_OBJECT
public:
    explicit Ticker(Clock& clock, QObject* parent = nullptr);

signals:
    void ticked(const QDateTime& now);

private:
    void arm();
    Clock& m_clock;
};

}  // namespace tocsin::theme
