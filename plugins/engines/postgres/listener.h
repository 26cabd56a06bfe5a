#pragma once
#include <QObject>
#include <thread>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/target.h"
#include "sdk/listening.h"

namespace tocsin::postgres {

/// Hears one channel on a connection and a thread of its own; ends with this. Lives on the thread
/// that made it, where `ear` is told.
class Listener : public QObject {
    Q_OBJECT
public:
    Listener(Target target, const QString& channel, Listening::Ear ear);
    ~Listener() override;

    /// Tells nothing any more and goes away a moment later; also from within what it tells.
    void leave();

private:
    Result<void> hear(const Target& target, const QByteArray& channel);
    void tell(std::function<void()> what);

    Listening::Ear m_ear;
    bool m_isKept = true;
    Interrupt m_interrupt;
    std::thread m_thread;
};

}  // namespace tocsin::postgres
