#include "store/owner.h"

#include <QCoreApplication>
#include <QSysInfo>

#include "store/fence.h"

using namespace Qt::StringLiterals;

namespace tocsin::store {
namespace {

const QString kFencedOut = u"engine_owner"_s;

}  // namespace

QString nameOf(OwnerKind kind) {
    switch (kind) {
        case OwnerKind::Cli:
            return u"cli"_s;
        case OwnerKind::Serve:
            return u"serve"_s;
        case OwnerKind::Console:
            break;
    }
    return u"console"_s;
}

QString spoken(const Owner& owner) {
    if (owner.isNobody()) return u"nobody"_s;
    if (owner.host == QSysInfo::machineHostName())
        return u"%1 (pid %2)"_s.arg(owner.kind).arg(owner.pid);
    return u"%1 (pid %2 on %3)"_s.arg(owner.kind).arg(owner.pid).arg(owner.host);
}

Owner thisProcess(OwnerKind kind) {
    return {.kind = nameOf(kind),
            .pid = QCoreApplication::applicationPid(),
            .host = QSysInfo::machineHostName()};
}

Result<Owner> readOwner(Transaction& tx) {
    auto row = tx.run(u"SELECT token, kind, pid, host, since, asked FROM engine_owner"_s);
    if (!row) return tl::unexpected<Error>(row.error());
    if (!row->next()) return Owner();
    return Owner{row->value(0).toLongLong(),
                 row->value(1).toString(),
                 row->value(2).toLongLong(),
                 row->value(3).toString(),
                 QDateTime::fromMSecsSinceEpoch(row->value(4).toLongLong(), Qt::UTC),
                 row->value(5).toString()};
}

Result<bool> replaceOwner(Transaction& tx, const Owner& seen, const Owner& next) {
    auto moved = tx.run(
        u"UPDATE engine_owner SET token = ?, kind = ?, pid = ?, host = ?, since = ?, asked = '' "
        "WHERE token = ? AND kind = ?"_s,
        {next.token, next.kind, next.pid, next.host, next.since.toMSecsSinceEpoch(), seen.token,
         seen.kind + u""_s});
    if (!moved) return tl::unexpected<Error>(moved.error());
    return moved->numRowsAffected() == 1;
}

Result<void> askOwner(Transaction& tx, qint64 token, const QString& asker) {
    auto asked = tx.run(u"UPDATE engine_owner SET asked = ? WHERE token = ? AND kind <> ''"_s,
                        {asker, token});
    if (!asked) return tl::unexpected<Error>(asked.error());
    return {};
}

Result<void> giveUpOwner(Transaction& tx, qint64 token) {
    auto given = tx.run(u"UPDATE engine_owner SET kind = '' WHERE token = ?"_s, {token});
    if (!given) return tl::unexpected<Error>(given.error());
    return {};
}

Result<void> Fence::check(Transaction& tx) const {
    if (m_token == 0) return {};
    auto owner = readOwner(tx);
    if (!owner) return tl::unexpected<Error>(owner.error());
    if (owner->token == m_token && !owner->isNobody()) return {};
    return fail(
        ErrorCode::Refused,
        u"Another process took escalation and delivery over (%1). This one only looks on."_s.arg(
            spoken(*owner)),
        kFencedOut);
}

bool fencedOut(const Error& error) {
    return error.code == ErrorCode::Refused && error.detail == kFencedOut;
}

}  // namespace tocsin::store
