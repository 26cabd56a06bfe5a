// What the Postgres pane does about statements that change something.
#include "sdk/async.h"
#include "ui/query/rehearsal.h"
#include "ui/query/sqleffect.h"
#include "ui/query/sqloutcome.h"
#include "ui/query/sqlpane.h"
#include "ui/query/sqlpanestate.h"

namespace tocsin::ui {

using inspection::Connection;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// Long enough to connect and to send one signal.
constexpr auto kSignalSpan = 1min;
constexpr auto kAftermathEvery = 200ms;
constexpr int kMostAftermathLooks = 15;

}  // namespace

void SqlPane::toggleLock() {
    Connection* connection = m_parts->followed;
    if (!connection) return;
    if (connection->unlocked()) return connection->lock();
    withdraw();
    ConfirmRequest request = confirmRequest(connection->info(), {}, {});
    request.headline = tr("Unlock %1 for changes").arg(connection->info().name);
    request.facts = {{tr("Then"), tr("each statement that changes something is still confirmed "
                                     "by itself, and committed only after you saw what it did")}};
    request.wantsReason = true;
    request.action = tr("Unlock %1").arg(connection->info().name);
    m_parts->confirm->ask(request);
}

void SqlPane::rehearse(const QString& connection, const QString& sql, RunTicket ticket) {
    if (choose(connection, sql, ticket, signalTarget(sql).has_value()))
        rehearseStatement(sql, ticket);
}

void SqlPane::rehearseStatement(const QString& sql, RunTicket ticket) {
    m_parts->notice->hide();
    if (signalTarget(sql)) return rehearseSignal(sql, ticket);
    Asked asked{m_parts->followed, {}, effectQuery(sql), Asked::Purpose::Estimate, sql};
    asked.ticket = ticket;
    start(asked);
}

void SqlPane::rehearseSignal(const QString& sql, RunTicket ticket) {
    const auto target = signalTarget(sql);
    if (!target) return;
    if (m_parts->signalling) {
        const QString why =
            tr("What came of the last signal is still looked at; try again in a "
               "moment.");
        m_parts->status->setText(why);
        return refuse(m_parts->followed->info().name, sql, why, ticket);
    }
    Asked asked{m_parts->followed, {}, rehearsalQuery(*target), Asked::Purpose::Look, sql};
    asked.ticket = ticket;
    start(asked);
}

QByteArray SqlPane::planOf(const Result<QueryResult>& estimate) {
    if (!estimate || estimate->rows->rowCount() == 0) return {};
    return estimate->rows->cell(0, 0).value_or(QByteArrayView()).toByteArray();
}

QString SqlPane::estimateIn(const QByteArray& plan) {
    if (plan.isEmpty())
        return tr("the server cannot plan it: what it touches is not known beforehand");
    const QString effect = effectText(plan);
    return effect.isEmpty() ? tr("no table is changed by the statement itself; its functions may "
                                 "change anything")
                            : effect;
}

void SqlPane::settleLook(const Asked& asked, const Result<QueryResult>& result) {
    const auto facts = result ? sessionFacts(*result->rows) : std::nullopt;
    if (facts) return askToConfirm(asked, facts);
    const Error gone{
        ErrorCode::NotFound,
        tr("There is no such session on %1 any more. Nothing was done.").arg(asked.name),
        {}};
    const Error& error = result ? gone : result.error();
    showError(asked, error);
    Outcome outcome = outcomeOf(asked.name, asked.original, error);
    outcome.ticket = asked.ticket;
    emit ran(outcome);
}

/// About the connection that was asked, whichever is shown by now.
void SqlPane::askToConfirm(const Asked& asked, const std::optional<SessionFacts>& facts,
                           const QByteArray& plan) {
    withdraw();
    const Connection* connection = asked.connection;
    const QString& sql = asked.original;
    if (!connection)
        return refuse(asked.name, sql, tr("The connection %1 is gone.").arg(asked.name),
                      asked.ticket);
    m_parts->status->setText(tr("Rehearsed: nothing was changed yet"));
    ConfirmRequest request = confirmRequest(connection->info(), sql, facts);
    if (!facts) {
        request.facts = {{tr("Effect"), estimateIn(plan)},
                         {tr("Then"), tr("you see the rows affected before COMMIT or ROLLBACK")}};
        request.wantsReason = !connection->unlocked();
        request.wantsName = request.wantsReason || isSweeping(sql, plan);
    }
    m_parts->rehearsed = sql;
    m_parts->rehearsedOn = asked.connection;
    m_parts->rehearsedTicket = asked.ticket;
    m_parts->facts = facts;
    m_parts->confirm->ask(request);
}

void SqlPane::runConfirmed(const ConfirmRequest& request) {
    const QString original = m_parts->rehearsed;
    const bool signal = !request.statement.isEmpty() && signalTarget(original).has_value();
    if (m_parts->running && !signal)
        return m_parts->status->setText(
            tr("Another statement is still running; confirm when it has ended"));
    Connection* connection = m_parts->line->find(request.connection);
    const bool isOther = !request.statement.isEmpty() && connection != m_parts->rehearsedOn;
    if (!connection || isOther) return withdraw();
    const QString through = connection->info().signalThrough;
    const RunTicket ticket = std::exchange(m_parts->rehearsedTicket, 0);
    m_parts->confirm->hide();
    // A role of its own may signal where the one that looks must not.
    if (signal && !through.isEmpty()) connection = m_parts->line->find(through);
    if (!connection) {
        const QString why = tr("There is no connection “%1” to end sessions through; mend "
                               "signal_through in tocsin.yaml.")
                                .arg(through);
        showNotice(why, u"criticalNotice"_s, false);
        return refuse(request.connection, original, why, ticket);
    }
    Asked asked{connection,        connection->info().name,
                request.statement, signal ? Asked::Purpose::Signal : Asked::Purpose::Change,
                original,          0};
    asked.ticket = ticket;
    const bool wasUnlocked = connection->unlocked().has_value();
    if (!wasUnlocked) {
        const auto unlock =
            signal ? connection->unlock(
                         tr("confirmed in the console by typing “%1”").arg(request.connection),
                         kSignalSpan)
                   : connection->unlock(request.reason, std::chrono::minutes(request.minutes));
        if (!unlock) {
            showError(asked, unlock.error());
            return tell(asked, tl::unexpected<Error>(unlock.error()));
        }
    }
    if (signal) asked.unlock = connection->unlocked();
    if (!wasUnlocked && !signal) tellUnlock(request);
    if (request.statement.isEmpty()) return m_parts->editor->setFocus();
    start(asked);
    // The unlock went with the signal that was sent; nothing else may use it.
    if (signal && !wasUnlocked) connection->lock();
}

/// The unlock itself belongs to the timeline, whatever is done with it.
void SqlPane::tellUnlock(const ConfirmRequest& request) {
    Outcome outcome;
    outcome.ok = true;
    outcome.kind = u"query"_s;
    outcome.subject = tr("unlock of %1").arg(request.connection);
    outcome.line = tr("for %1 minutes: %2").arg(request.minutes).arg(request.reason);
    outcome.evidence = {{u"unlock_reason"_s, request.reason}, {u"minutes"_s, request.minutes}};
    emit ran(outcome);
}

void SqlPane::settleSignal(const Asked& asked, const Result<QueryResult>& result) {
    if (!result) {
        m_parts->signalling = false;
        showError(asked, result.error());
        return tell(asked, result);
    }
    m_parts->receipt->show(result->receipt);
    m_parts->signalOutcome = outcomeOf(*result);
    Outcome& outcome = m_parts->signalOutcome;
    outcome.ticket = asked.ticket;
    const bool signalled =
        result->rows->rowCount() == 1 && result->rows->cell(0, 1) == QByteArrayView("t");
    if (signalled && m_parts->facts) {
        m_parts->aftermathTries = 0;
        return askAftermath(asked);
    }
    outcome.ok = signalled;
    outcome.line = tr("The session was not the same any more: nothing was done.");
    showNotice(outcome.line, u"notice"_s, false);
    tellSignal(outcome);
}

void SqlPane::tellSignal(const Outcome& outcome) {
    m_parts->signalling = false;
    emit ran(outcome);
}

void SqlPane::askAftermath(const Asked& asked) {
    if (!m_parts->facts) return;
    // Where the session was looked at, which need not be where it was ended through.
    Connection* where = m_parts->rehearsedOn ? m_parts->rehearsedOn : asked.connection;
    if (!where)
        return settleAftermath(asked, fail(ErrorCode::NotFound, tr("The connection is gone.")));
    start({where, {}, aftermathQuery(*m_parts->facts), Asked::Purpose::Aftermath, asked.original});
}

/// A signal is only sent; what came of it shows a moment later.
void SqlPane::settleAftermath(const Asked& asked, const Result<QueryResult>& result) {
    const auto number = [&result](int column) {
        const auto cell = result->rows->cell(0, column);
        return cell ? cell->toByteArray().toInt() : 0;
    };
    const bool known = result && result->rows->rowCount() == 1;
    const int still = known ? number(0) : 0;
    const int waiting = known ? number(1) : 0;
    const bool ends = asked.original.contains(u"terminate"_s);
    const bool unsettled = known && ((ends && still > 0) || waiting > 0);
    if (unsettled && ++m_parts->aftermathTries < kMostAftermathLooks) {
        m_clock.callAfter(kAftermathEvery, this, [this, asked] { askAftermath(asked); });
        return;
    }
    const SessionFacts& facts = *m_parts->facts;
    const auto waiters = facts.blocks.toInt();
    QStringList parts{!known ? tr("signal sent to session %1; what came of it is not known")
                      : ends && still ? tr("session %1 was told to end and is still there")
                      : ends          ? tr("session %1 ended")
                                      : tr("session %1 was told to stop its statement")};
    parts[0] = parts[0].arg(facts.pid);
    if (known && waiters > 0)
        parts << (waiting == 0 ? tr("all %1 that waited for it moved on").arg(waiters)
                               : tr("%1 of %2 still wait for it").arg(waiting).arg(waiters));
    Outcome& outcome = m_parts->signalOutcome;
    outcome.ok = known && !(ends && still);
    outcome.line = parts.join(u", "_s);
    outcome.evidence[u"aftermath"_s] = outcome.line;
    m_parts->status->setText(outcome.ok ? tr("Done") : tr("Look again"));
    showNotice(outcome.line, outcome.ok ? u"okNotice"_s : u"criticalNotice"_s, false);
    m_parts->activityView->refresh();
    tellSignal(outcome);
}

void SqlPane::settleHeld(const Asked& asked, const QueryResult& result) {
    showResult(asked, result);
    m_parts->notice->hide();
    m_parts->holder = asked.connection;
    m_parts->heldOutcome = outcomeOf(result);
    m_parts->heldOutcome->ticket = asked.ticket;
    QString effect = result.notices.value(0);
    if (result.truncated)
        effect += tr("; of the rows it returned the first %1 are shown").arg(result.receipt.rows);
    m_parts->status->setText(tr("%1, not committed yet").arg(effect));
    const auto unlock = asked.connection ? asked.connection->unlocked() : std::nullopt;
    m_parts->decision->ask(asked.name, effect, unlock ? unlock->until : m_clock.now());
    if (!asked.connection) return;
    connect(asked.connection, &Connection::heldChanged, this,
            [this, holder = asked.connection](bool holding, const QString& outcome) {
                if (holding) return;
                if (holder) disconnect(holder, &Connection::heldChanged, this, nullptr);
                settleDecided(outcome);
            });
}

void SqlPane::settleDecided(const QString& outcome) {
    m_parts->decision->hide();
    m_parts->holder = nullptr;
    if (!m_parts->heldOutcome) return;
    Outcome told = *std::exchange(m_parts->heldOutcome, std::nullopt);
    told.ok = outcome == u"committed";
    told.line = u"%1, %2"_s.arg(told.line, outcome);
    told.evidence[u"decision"_s] = outcome;
    m_parts->status->setText(told.line);
    showNotice(told.line, told.ok ? u"okNotice"_s : u"notice"_s, false);
    emit ran(told);
}

}  // namespace tocsin::ui
