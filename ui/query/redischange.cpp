// What the Redis pane does about commands that change something: unlock, confirm, run.
#include <QGuiApplication>

#include "inspection/redisuser.h"
#include "ui/query/redisparts.h"
#include "ui/query/rediswords.h"
#include "ui/query/sqloutcome.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using inspection::Connection;

void RedisPane::Parts::showGuard() {
    const Connection* connection = current();
    const auto unlock = connection ? connection->unlocked() : std::nullopt;
    if (!unlock) {
        guard->setParts(theme::Mark::Check, {}, tr("read-only"), theme::Tone::Ok);
        guard->setToolTip(
            tr("Only commands that the server itself flags as readonly, or that are known to "
               "change nothing, are run.\nPress to unlock for changes."));
        return;
    }
    guard->setParts(theme::Mark::Triangle, tr("UNLOCKED"),
                    countdownText(clock.now().secsTo(unlock->until)), theme::Tone::Critical);
    guard->setToolTip(tr("Changes are let through, each after its own confirmation, until %1 UTC: "
                         "%2\nPress to lock again.")
                          .arg(unlock->until.toString(u"HH:mm:ss"_s), unlock->reason));
    clock.callAfter(1s, pane, [this, until = unlock->until] {
        const Connection* still = current();
        if (still && still->unlocked() && still->unlocked()->until == until) showGuard();
    });
}

void RedisPane::Parts::toggleLock() {
    Connection* connection = current();
    if (!connection) return;
    if (connection->unlocked()) return connection->lock();
    withdraw();
    const auto& info = connection->info();
    ConfirmRequest request{info.name,
                           info.place,
                           info.isProduction(),
                           tr("Unlock %1 for changes").arg(info.name),
                           {{tr("Then"), tr("each command that changes something is still "
                                            "confirmed by itself")}},
                           {}};
    request.wantsReason = true;
    request.action = tr("Unlock %1").arg(info.name);
    confirm->ask(request);
}

/// Shows what would run where; nothing runs before it was confirmed.
void RedisPane::Parts::rehearse(RunTicket ticket) {
    const Connection* connection = current();
    const QString text = command->text().trimmed();
    withdraw();
    if (!connection || text.isEmpty())
        return ticket ? refuse(connection ? tr("There is no command to run.")
                                          : tr("There is no Redis connection in this workspace."),
                               text, ticket)
                      : void();
    rehearsed = ticket;
    notice->hide();
    status->setText(tr("Nothing was changed yet"));
    const auto& info = connection->info();
    ConfirmRequest request{info.name,
                           info.place,
                           info.isProduction(),
                           tr("Run a command that is not read-only"),
                           {{tr("Effect"), effectOf(text)}},
                           text};
    request.wantsReason = !connection->unlocked();
    request.wantsName = request.wantsReason || needsName;
    confirm->ask(request);
}

void RedisPane::Parts::runConfirmed(const ConfirmRequest& request) {
    Connection* connection = find(request.connection);
    if (running)
        return status->setText(tr("Another command is still running; confirm when it has ended"));
    const RunTicket ticket = std::exchange(rehearsed, 0);
    confirm->hide();
    if (!connection)
        return refuse(tr("The connection %1 is gone.").arg(request.connection), request.statement,
                      ticket);
    if (!connection->unlocked()) {
        const auto unlock =
            connection->unlock(request.reason, std::chrono::minutes(request.minutes));
        if (!unlock)
            return finish(request.connection, request.statement, ticket,
                          tl::unexpected<Error>(unlock.error()));
        tellUnlock(request);
    }
    if (request.statement.isEmpty()) return command->setFocus();
    follow(connection, request.statement, ticket,
           connection->run(request.statement, request.wantsName ? request.connection : QString()));
}

/// The unlock itself belongs to the timeline, whatever is done with it.
void RedisPane::Parts::tellUnlock(const ConfirmRequest& request) {
    Outcome outcome;
    outcome.ok = true;
    outcome.kind = u"redis"_s;
    outcome.subject = tr("unlock of %1").arg(request.connection);
    outcome.line = tr("for %1 minutes: %2").arg(request.minutes).arg(request.reason);
    outcome.evidence = {{u"unlock_reason"_s, request.reason}, {u"minutes"_s, request.minutes}};
    emit pane->ran(outcome);
}

void RedisPane::Parts::suggestUser() {
    tabs->setCurrentIndex(0);
    const Connection* connection = current();
    if (!connection || !connection->identity()) return;
    say(connection->identity()->warnings.join(u'\n') + u'\n' +
            tr("An administrator creates one with:") + u'\n' +
            inspection::leastPrivilegeUser(u"tocsin"_s, connection->identity()->version),
        false);
}

}  // namespace tocsin::ui
