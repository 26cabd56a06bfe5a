#pragma once
#include <QObject>

#include "delivery/dispatcher.h"

namespace tocsin::delivery {

/// Looks every 15 s at one message of each channel that was confirmed within the last day, the one
/// longest not looked at, whether it still stands over there as it was sent: somebody may have
/// deleted or changed a page. Four cheap requests a minute and channel; what cannot be asked says
/// nothing. GUI thread. Must die before the Database and the Dispatcher.
class Lookout : public QObject {
    Q_OBJECT
public:
    Lookout(store::Database& db, Clock& clock, Dispatcher& dispatcher, QObject* parent = nullptr);
    ~Lookout() override;

    /// Only in the process that owns the engine.
    void start(const store::Fence& fence);
    void stop();

signals:
    /// It is gone or changed. Said again after the next look unless Ledger::looked() noted it.
    void noticed(const tocsin::delivery::Entry& entry, tocsin::Sighting sighting);

private:
    struct Subject {
        Entry entry;
        RemoteMessage target;
    };
    static Result<std::optional<Subject>> choose(store::Transaction& tx, const QString& channel,
                                                 const QDateTime& now);
    void wait();
    void lookAtNext(const QString& channel);
    void look(const Subject& subject);
    void noteAsSent(const Entry& entry);

    store::Database& m_db;
    Clock& m_clock;
    Dispatcher& m_dispatcher;
    store::Fence m_fence;
    int m_run = 0;  // which start is the present one; older timers are ignored
};

}  // namespace tocsin::delivery
