#pragma once
#include <QFuture>
#include <QObject>

#include "sdk/clock.h"
#include "store/fence.h"
#include "store/lifesign.h"
#include "store/owner.h"

namespace tocsin::store {

/// Which process runs the escalation engine and the dispatcher on one store. There is one owner; it
/// is the row `engine_owner`, and its token is the Fence of all that it does. A process that is not
/// the owner looks every second, and becomes it when the owner gave up, when the kernel says that
/// it ended, or when it showed no sign of life for six looks (stopped, hung, disk stuck): within
/// ten seconds in each case. docs/serve.md has the whole story.
///
/// A console asks serve, and both ask a command, to hand over. The owner hears handOverRequested(),
/// finishes what is on its way, and calls release(). Who handed over waits a few seconds for the
/// asker before it takes the engine back. GUI thread. Must die before the Database.
class Ownership : public QObject {
    Q_OBJECT
public:
    Ownership(Database& db, const QString& dataFolder, OwnerKind kind, Clock& clock,
              QObject* parent = nullptr);
    ~Ownership() override;  ///< gives it up

    /// Wants the engine from now on, for as long as it lives.
    void begin();
    /// Takes the engine if nobody lives who has it. → whether it is held now.
    QFuture<Result<bool>> tryOnce();
    /// Gives it up, and wants it back later only when begin() was called. → when that is durable.
    QFuture<Result<void>> release();
    /// As release(), and does not want it back.
    QFuture<Result<void>> end();

    bool isHeld() const { return m_held != nullptr; }
    Fence fence() const { return isHeld() ? Fence(m_owner.token) : Fence(); }
    /// As last seen.
    const Owner& owner() const { return m_owner; }
    /// Whether a `tocsin serve` runs on this data, as owner or standing by. As last seen.
    bool serveLives() const { return m_serveLives; }
    /// Where each `tocsin serve` keeps its sign of life (token 1), so that there is one.
    static QString serveSign(const QString& dataFolder);
    /// How long the owner has shown no sign of life; zero for this process, and for one that lives.
    std::chrono::milliseconds silence() const;

signals:
    /// This process is the owner: start engine and dispatcher with fence().
    void acquired();
    /// The owner is asked to hand over: stop acting, then release().
    void handOverRequested(const QString& asker);
    /// Another process took over: stop acting; nothing that was fenced commits any more.
    void lost();
    /// Who owns the engine, or whether it shows signs of life, changed.
    void ownerChanged(const tocsin::store::Owner& owner);
    void storeFailed(const tocsin::Error& error);

private:
    enum class Sign { Lives, Silent, Ended };
    struct Claim;
    struct Looked;
    using Claimed = Result<std::shared_ptr<Claim>>;

    void turn();
    QFuture<Result<Looked>> look();
    void heard(const Result<Looked>& looked);
    void remember(const Owner& row);
    void checkOwn(const Owner& row);
    void checkOther(const LifeSign::Seen& sign);
    bool isFree(const LifeSign::Seen& seen);
    Sign judge(const LifeSign::Seen& seen);
    bool outranks(const Owner& owner) const;
    QFuture<Result<bool>> claim();
    Result<bool> claimed(const Claimed& outcome);
    void ask();
    void drop();

    Database& m_db;
    QString m_file, m_serveFile;
    OwnerKind m_kind;
    Owner m_self;
    Clock& m_clock;
    Owner m_owner;
    std::shared_ptr<LifeSign> m_held;  // beats on the store's thread
    LifeSign::Seen m_seen;
    std::chrono::milliseconds m_seenMoving{0};  // when the sign last moved, monotonic
    int m_silentLooks = 0;
    int m_patience = 0;  // looks to wait for the one we handed over to
    qint64 m_asked = 0;  // the token whose owner was asked, or which was told that it is asked
    bool m_wanting = false, m_turning = false, m_claiming = false, m_silent = false;
    bool m_serveLives = false;
};

}  // namespace tocsin::store
