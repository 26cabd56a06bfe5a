#include "store/ownership.h"

#include <QDir>
#include <QSysInfo>

#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::store {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOwnerLookEvery{1000};
// Counted in looks rather than in time: whoever was stopped itself must give the owner as long.
constexpr int kSilentLooks = 6;
constexpr int kLooksForTheAsker = 4;
constexpr qint64 kTokensTried = 16;

int rankOf(const QString& kind) {
    for (const OwnerKind each : {OwnerKind::Console, OwnerKind::Serve, OwnerKind::Cli})
        if (kind == nameOf(each)) return static_cast<int>(each);
    return -1;
}

}  // namespace

/// What a won claim brings home from the store's thread.
struct Ownership::Claim {
    Owner owner;
    std::unique_ptr<LifeSign> sign;
};

/// What one look sees, on the store's thread: no disk is touched on the caller's.
struct Ownership::Looked {
    Owner row;
    LifeSign::Seen sign;
    bool serveLives = false;
};

Ownership::Ownership(Database& db, const QString& dataFolder, OwnerKind kind, Clock& clock,
                     QObject* parent)
    : QObject(parent),
      m_db(db),
      m_file(QDir(dataFolder).filePath(u"engine.lock"_s)),
      m_serveFile(serveSign(dataFolder)),
      m_kind(kind),
      m_self(thisProcess(kind)),
      m_clock(clock) {
}

Ownership::~Ownership() {
    m_wanting = false;
    if (isHeld())
        m_db.write<void>(
            [token = m_owner.token](Transaction& tx) { return giveUpOwner(tx, token); });
    m_db.drain();
}

QString Ownership::serveSign(const QString& dataFolder) {
    return QDir(dataFolder).filePath(u"serve.lock"_s);
}

void Ownership::begin() {
    m_wanting = true;
    if (std::exchange(m_turning, true)) return;
    turn();
}

void Ownership::turn() {
    if (!m_wanting && !isHeld()) {
        m_turning = false;
        return;
    }
    if (!m_claiming)
        whenDone(look(), this, [this](const Result<Looked>& looked) { heard(looked); });
    m_clock.callAfter(kOwnerLookEvery, this, [this] { turn(); });
}

QFuture<Result<Ownership::Looked>> Ownership::look() {
    return m_db.read<Looked>([file = m_file, serve = m_serveFile, held = m_held,
                              token = m_owner.token](Transaction& tx) -> Result<Looked> {
        auto row = readOwner(tx);
        if (!row) return tl::unexpected<Error>(row.error());
        if (held && row->token == token && !row->isNobody()) held->beat();
        return Looked{*row, LifeSign::look(file, row->token), LifeSign::look(serve, 1).held};
    });
}

void Ownership::heard(const Result<Looked>& looked) {
    // An owner that cannot reach the store shows no sign of life: another may be able to.
    if (!looked) return emit storeFailed(looked.error());
    if (std::exchange(m_serveLives, looked->serveLives) != looked->serveLives)
        emit ownerChanged(m_owner);
    if (m_claiming) return;
    if (isHeld()) return checkOwn(looked->row);
    remember(looked->row);
    if (m_wanting) checkOther(looked->sign);
}

void Ownership::remember(const Owner& row) {
    if (row.token != m_owner.token || row.kind != m_owner.kind) {
        m_silentLooks = 0;
        m_seen = {};
        m_seenMoving = m_clock.elapsed();
    }
    const bool same = row == m_owner;
    m_owner = row;
    if (!same) emit ownerChanged(m_owner);
}

void Ownership::checkOwn(const Owner& row) {
    if (row.token != m_owner.token || row.isNobody()) {
        drop();
        remember(row);
        return emit lost();
    }
    if (row.asked.isEmpty() || m_asked == row.token) return;
    m_asked = row.token;
    m_owner.asked = row.asked;
    emit handOverRequested(row.asked);
}

void Ownership::checkOther(const LifeSign::Seen& sign) {
    if (isFree(sign)) {
        claim();
    } else if (outranks(m_owner) && m_asked != m_owner.token) {
        ask();
    }
}

bool Ownership::isFree(const LifeSign::Seen& seen) {
    if (m_owner.isNobody()) {
        // What was handed over is the asker's, if it comes for it.
        const bool promised = m_patience > 0 && !m_owner.asked.isEmpty();
        if (promised) --m_patience;
        return !promised;
    }
    const Sign sign = judge(seen);
    if (sign == Sign::Ended) return true;
    const bool silent = m_silentLooks > 1;
    if (std::exchange(m_silent, silent) != silent || silent) emit ownerChanged(m_owner);
    return m_silentLooks >= kSilentLooks;
}

Ownership::Sign Ownership::judge(const LifeSign::Seen& seen) {
    // Another machine's locks may not be seen here; its count is.
    if (!seen.held && m_owner.host == m_self.host) return Sign::Ended;
    if (seen == m_seen) {
        ++m_silentLooks;
        return Sign::Silent;
    }
    m_seen = seen;
    m_silentLooks = 0;
    m_seenMoving = m_clock.elapsed();
    return Sign::Lives;
}

milliseconds Ownership::silence() const {
    if (isHeld() || !m_silent || m_owner.isNobody()) return milliseconds(0);
    return m_clock.elapsed() - m_seenMoving;
}

bool Ownership::outranks(const Owner& owner) const {
    return static_cast<int>(m_kind) > rankOf(owner.kind);
}

void Ownership::ask() {
    m_asked = m_owner.token;
    const auto asking =
        m_db.write<void>([token = m_owner.token, asker = spoken(m_self)](Transaction& tx) {
            return askOwner(tx, token, asker);
        });
    whenDone(asking, this, [this](const Result<void>& asked) {
        if (!asked) m_asked = 0;  // ask again
    });
}

QFuture<Result<bool>> Ownership::tryOnce() {
    if (isHeld()) return QtFuture::makeReadyFuture(Result<bool>(true));
    auto outcome = std::make_shared<QPromise<Result<bool>>>();
    outcome->start();
    const auto answer = [outcome](const Result<bool>& result) {
        outcome->addResult(result);
        outcome->finish();
    };
    whenDone(look(), this, [this, answer](const Result<Looked>& looked) {
        if (!looked) return answer(tl::unexpected<Error>(looked.error()));
        if (isHeld()) return answer(true);
        remember(looked->row);
        const bool promised = m_owner.isNobody() && !m_owner.asked.isEmpty();
        const bool free = m_owner.isNobody() || judge(looked->sign) == Sign::Ended;
        if (promised || !free || m_claiming) return answer(false);
        whenDone(claim(), this, answer);
    });
    return outcome->future();
}

QFuture<Result<bool>> Ownership::claim() {
    m_claiming = true;
    Owner next = m_self;
    next.since = m_clock.now();
    const auto claiming = m_db.write<std::shared_ptr<Claim>>(
        [seen = m_owner, next, file = m_file](Transaction& tx) -> Result<std::shared_ptr<Claim>> {
            auto claim = std::make_shared<Claim>();
            Owner owner = next;
            owner.token = seen.token;
            // Before the commit: nobody may see the new owner without its sign of life. A token
            // may be in use on a store that was moved away from under its owner.
            while (!claim->sign && ++owner.token <= seen.token + kTokensTried)
                claim->sign = LifeSign::take(file, owner.token);
            if (!claim->sign)
                return fail(ErrorCode::Disk,
                            u"%1 cannot be locked, so this process may not escalate. Make its "
                            "folder writable, or choose another with --data."_s.arg(file));
            auto replaced = replaceOwner(tx, seen, owner);
            if (!replaced) return tl::unexpected<Error>(replaced.error());
            if (!*replaced) return std::shared_ptr<Claim>();
            claim->owner = owner;
            return claim;
        });
    return chained(claiming, this, [this](const Claimed& outcome) { return claimed(outcome); });
}

Result<bool> Ownership::claimed(const Claimed& outcome) {
    m_claiming = false;
    if (!outcome) {
        emit storeFailed(outcome.error());
        return tl::unexpected<Error>(outcome.error());
    }
    if (!*outcome) return false;
    m_held = std::move((*outcome)->sign);
    m_held->beat();
    m_owner = (*outcome)->owner;
    m_silent = false;
    m_patience = 0;
    emit ownerChanged(m_owner);
    emit acquired();
    if (!std::exchange(m_turning, true)) turn();
    return true;
}

QFuture<Result<void>> Ownership::release() {
    if (!isHeld()) return QtFuture::makeReadyFuture(Result<void>());
    m_patience = kLooksForTheAsker;
    // The sign of life is kept until the row says that it was given up.
    std::shared_ptr<LifeSign> sign = std::move(m_held);
    const auto given = m_db.write<void>(
        [token = m_owner.token](Transaction& tx) { return giveUpOwner(tx, token); });
    return chained(given, this, [this, sign](const Result<void>& givenUp) {
        if (!givenUp) emit storeFailed(givenUp.error());
        whenDone(look(), this, [this](const Result<Looked>& looked) { heard(looked); });
        return givenUp;
    });
}

QFuture<Result<void>> Ownership::end() {
    m_wanting = false;
    return release();
}

void Ownership::drop() {
    m_held.reset();
    m_asked = 0;
}

}  // namespace tocsin::store
