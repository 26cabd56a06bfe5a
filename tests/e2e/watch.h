#pragma once
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <memory>

#include "delivery/ledger.h"
#include "drill/standindiscord.h"
#include "escalation/engine.h"
#include "store/owner.h"

namespace tocsin::test {

/// One data folder that a console and a `tocsin serve` share, as processes that can be killed and
/// stopped, with a stand-in Discord in this process. Incidents are declared here, by an engine that
/// never owns anything: whoever does must page and deliver.
class Watch : public QObject {
public:
    Watch();
    ~Watch() override;

    enum class Kind { Serve, Console };
    /// Starts one; it is killed at the end.
    void start(Kind kind);
    /// Starts one that dies by itself before its `call`-th call to the disk for the store.
    void startDying(Kind kind, int call);
    bool runs(Kind kind) const;
    void kill(Kind kind);    ///< SIGKILL
    void stop(Kind kind);    ///< SIGSTOP, between two transactions
    void resume(Kind kind);  ///< SIGCONT
    /// SIGTERM. → exit status, −1 when it did not end by itself.
    int terminate(Kind kind);

    store::Owner owner();
    /// Whether that very process owns the engine.
    bool owns(Kind kind);
    QString declare(const QString& title);
    /// The ledger's pages; cards are edited as they please.
    QVector<delivery::Entry> pages();
    bool everythingDelivered();
    /// What was lost or doubled without saying so, or arrived out of order; empty when all is well.
    QStringList faults();
    int arrivals() const;  ///< of pages
    int repeats() const;

    drill::StandInDiscord& discord() { return m_discord; }
    /// What serve wrote so far.
    const QByteArray& log() const { return m_log; }
    qint64 pid(Kind kind) const;
    QStringList folders() const;

private:
    void start(Kind kind, const QProcessEnvironment& environment);
    bool isLocked() const;
    QString shorthand(const drill::PostedMessage& message) const;

    QTemporaryDir m_folder;
    drill::StandInDiscord m_discord;
    SystemClock m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<escalation::Engine> m_engine;
    std::unique_ptr<QProcess> m_serve, m_console;
    QByteArray m_log;
};

}  // namespace tocsin::test
