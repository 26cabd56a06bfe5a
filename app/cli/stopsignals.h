#pragma once
#include <QObject>
#include <QSocketNotifier>
#include <memory>

namespace tocsin::cli {

/// Turns SIGTERM, SIGINT and SIGHUP into a signal of the event loop, for as long as it lives: the
/// handler only writes a byte into a socket pair (signal-safety(7)). One at a time; main thread.
class StopSignals : public QObject {
    Q_OBJECT
public:
    explicit StopSignals(QObject* parent = nullptr);
    ~StopSignals() override;

signals:
    /// "SIGTERM" …
    void received(const QString& name);

private:
    void read();

    int m_ends[2] = {-1, -1};
    std::unique_ptr<QSocketNotifier> m_notifier;
};

}  // namespace tocsin::cli
