#include "ui/query/sqlpane.h"

#include <QMetaMethod>

#include "inspection/connection.h"
#include "sdk/async.h"
#include "ui/query/activityview.h"
#include "ui/query/blocking.h"
#include "ui/query/rehearsal.h"
#include "ui/query/sqloutcome.h"
#include "ui/query/sqlpanestate.h"
#include "ui/query/sqlsplit.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using inspection::Connection;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kElapsedEvery = 100ms;
const QString kMeasures = u"explain-measures"_s;  // the guard's rule for EXPLAIN ANALYZE

}  // namespace

SqlPane::SqlPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_parts(std::make_unique<Parts>()) {
    m_parts->build(theme, clock, this);
    connect(m_parts->line, &ServerLine::chosen, this, &SqlPane::follow);
    connect(m_parts->editor, &SqlEditor::runRequested, this, &SqlPane::runEditor);
    connect(m_parts->run, &QPushButton::clicked, this, &SqlPane::runEditor);
    connect(m_parts->explain, &QPushButton::clicked, this, [this] { explain(false); });
    connectTabs();
    connect(m_parts->activity, &QPushButton::clicked, this, &SqlPane::showActivity);
    const auto cancel = [this] {
        if (m_parts->running && m_parts->runningOn) m_parts->runningOn->cancel();
    };
    connect(m_parts->cancel, &QPushButton::clicked, this, cancel);
    connect(m_parts->editor, &SqlEditor::cancelRequested, this, cancel);
    connect(m_parts->rehearse, &QPushButton::clicked, this,
            [this] { rehearseStatement(m_parts->sent); });
    connect(m_parts->confirm, &SqlConfirm::confirmed, this, &SqlPane::runConfirmed);
    connect(m_parts->confirm, &SqlConfirm::dismissed, this, [this] {
        withdraw();
        m_parts->status->setText(tr("Nothing was changed"));
        m_parts->editor->setFocus();
    });
    connect(m_parts->holes, &SqlHoles::filled, this, [this](const QString& sql) {
        if (!m_parts->asksFor || m_parts->running) return;
        Asked asked = *std::exchange(m_parts->asksFor, nullptr);
        asked.sql = sql;
        asked.offset = Asked::kNoOffset;
        start(asked);
    });
    connect(m_parts->holes, &SqlHoles::dismissed, this, [this] {
        m_parts->holes->hide();
        m_parts->editor->setFocus();
    });
    connect(m_parts->line, &ServerLine::guardPressed, this, &SqlPane::toggleLock);
    connect(m_parts->decision, &SqlDecision::decided, this, [this](bool commit) {
        m_parts->decision->hide();
        if (m_parts->holder) m_parts->holder->decide(commit);
    });
    connect(m_parts->grid, &ResultGrid::cellPicked, this,
            [this](const QString& column, const QString& value) {
                const Connection* connection =
                    m_parts->runningOn ? m_parts->runningOn : m_parts->followed;
                emit cellPicked(
                    value,
                    u"%1 · %2"_s.arg(connection ? connection->info().name : QString(), column));
            });
    showRunning();
}

SqlPane::~SqlPane() = default;

void SqlPane::connectTabs() {
    connect(m_parts->view, &ResultView::exportAllWanted, this, &SqlPane::exportAll);
    connect(m_parts->view, &ResultView::said, m_parts->status, &QLabel::setText);
    connect(m_parts->view, &ResultView::exported, this, [this](const QString& text, bool written) {
        showNotice(text, written ? u"okNotice"_s : u"criticalNotice"_s, false);
    });
    connect(m_parts->activityView, &ActivityView::signalWanted, this, [this](const QString& sql) {
        if (m_parts->followed) rehearseSignal(sql);
    });
    connect(m_parts->activityView, &ActivityView::sqlWanted, this, [this](const QString& sql) {
        m_parts->tabs->setCurrentWidget(m_parts->view);
        edit(QString(), sql);
    });
    connect(m_parts->line, &ServerLine::testPressed, this, &SqlPane::test);
    connect(m_parts->line, &ServerLine::setUpRequested, this, &SqlPane::setUpRequested);
    connect(m_parts->plan, &PlanView::analyzeRequested, this, [this] { explain(true); });
    connect(m_parts->historyView, &HistoryView::chosen, this,
            [this](const QString& sql) { edit(QString(), sql); });
    connect(m_parts->historyView, &HistoryView::saveWanted, this, [this](const QString& name) {
        if (!m_parts->followed) return;
        const QString sql = m_parts->editor->text();
        const bool saved =
            m_parts->history->save(m_parts->followed->info().name, sql, name, m_clock.now());
        if (!saved)
            showNotice(sql.trimmed().isEmpty() || name.trimmed().isEmpty()
                           ? tr("Write a statement and a name to save it under.")
                           : tr("Not saved: it mentions a password, secret or token, which must "
                                "not be written down, or is longer than 20,000 characters."),
                       u"notice"_s, false);
    });
}

void SqlPane::chooseConnection(const QString& name) {
    m_parts->line->choose(name);
}

void SqlPane::keepHistory(const QString& folder) {
    m_parts->history->open(folder);
}

void SqlPane::setConnections(const QVector<Connection*>& connections) {
    withdraw();  // what was asked meant a server that may be another one now
    m_parts->line->setConnections(connections);
}

void SqlPane::follow(Connection* connection) {
    // What is asked is about the other one.
    if (m_parts->confirm->isVisible() &&
        (!connection || connection->info().name != m_parts->confirm->request().connection))
        withdraw();
    if (m_parts->followed)
        for (const auto& signal : {QMetaMethod::fromSignal(&Connection::rowsArrived),
                                   QMetaMethod::fromSignal(&Connection::started)})
            disconnect(m_parts->followed, signal, this, {});
    m_parts->followed = connection;
    m_parts->activityView->follow(connection);
    m_parts->listenView->follow(connection);
    m_parts->historyView->follow(connection ? connection->info().name : QString());
    // One server's names are wrong on another.
    m_parts->editor->setNames(connection ? m_parts->names.value(connection->info().name)
                                         : CatalogNames());
    showRunning();
    if (!m_parts->running) {
        m_parts->notice->hide();
        showWhose();
    }
    if (!connection) return;
    disconnect(connection, &Connection::unlockChanged, m_parts->plan, nullptr);
    connect(connection, &Connection::unlockChanged, m_parts->plan,
            [plan = m_parts->plan, connection] {
                plan->setUnlocked(connection->unlocked().has_value());
            });
    connect(connection, &Connection::started, this, [this](const QString& text) {
        m_parts->streams = m_parts->running && text == m_parts->sent;
    });
    connect(connection, &Connection::rowsArrived, this,
            [this](const std::shared_ptr<const ResultSet>& rows) {
                if (!m_parts->running || !m_parts->showsRows || !m_parts->streams) return;
                m_parts->rows = rows->rowCount();
                m_parts->view->grow(rows);
            });
}

/// What is asked for under a ticket is answered under it, whatever comes of it.
bool SqlPane::choose(const QString& connection, const QString& sql, RunTicket ticket, bool beside) {
    if (m_parts->running && !beside) {
        refuse(connection, sql,
               tr("Another statement is still running; wait for its answer or cancel it."), ticket);
        return false;
    }
    withdraw();
    if (!m_parts->running) m_parts->editor->setText(sql);
    if (m_parts->line->choose(connection)) return true;
    const Error error{ErrorCode::NotFound,
                      tr("There is no PostgreSQL connection “%1” in this workspace; add it to "
                         "tocsin.yaml.")
                          .arg(connection),
                      {}};
    showNotice(error.message, u"criticalNotice"_s, false);
    Outcome outcome = outcomeOf(connection, sql, error);
    outcome.wasSent = false;
    outcome.ticket = ticket;
    emit ran(outcome);
    return false;
}

void SqlPane::refuse(const QString& connection, const QString& sql, const QString& why,
                     RunTicket ticket) {
    emit ran(
        {false, why, u"%1 on %2"_s.arg(shortSql(sql), connection), u"query"_s, {}, ticket, false});
}

/// A question that is not answered with yes is a statement that was not run.
void SqlPane::withdraw() {
    m_parts->confirm->hide();
    m_parts->holes->hide();
    if (const RunTicket ticket = std::exchange(m_parts->rehearsedTicket, 0))
        refuse(m_parts->confirm->request().connection, m_parts->rehearsed, tr("Not run"), ticket);
}

void SqlPane::run(const QString& connection, const QString& sql, RunTicket ticket) {
    if (choose(connection, sql, ticket)) runWhole(ticket);
}

void SqlPane::edit(const QString& connection, const QString& sql) {
    withdraw();
    m_parts->line->choose(connection);
    m_parts->editor->setText(sql);
    m_parts->editor->setFocus();
}

/// A runbook's text is one thing: more than one statement is refused, not picked from.
void SqlPane::runWhole(RunTicket ticket) {
    Asked asked{m_parts->followed, {}, m_parts->editor->text(), Asked::Purpose::Statement, {}};
    asked.ticket = ticket;
    start(asked);
}

/// The selection, else the statement at the cursor.
SqlPane::Asked SqlPane::underCursor() {
    const QString text = m_parts->editor->text();
    auto [start, length] = m_parts->editor->selection();
    if (length == 0) {
        const SqlSpan span = statementAt(text, m_parts->editor->cursorOffset());
        start = static_cast<int>(span.start);
        length = static_cast<int>(span.length);
    }
    Asked asked{m_parts->followed, {}, text.mid(start, length), Asked::Purpose::Statement, {}};
    asked.offset = start;
    return asked;
}

void SqlPane::setBindings(std::function<QMap<QString, QString>()> bindings) {
    m_parts->bindings = std::move(bindings);
}

void SqlPane::runEditor() {
    if (m_parts->running) return;
    withdraw();
    startTyped(underCursor());
}

void SqlPane::tell(const Asked& asked, const Result<QueryResult>& result) {
    Outcome outcome =
        result ? outcomeOf(*result) : outcomeOf(asked.name, asked.sql, result.error());
    outcome.ticket = asked.ticket;
    emit ran(outcome);
}

void SqlPane::showActivity() {
    withdraw();
    m_parts->tabs->setCurrentWidget(m_parts->activityView);
    m_parts->activityView->setFocus();
}

void SqlPane::start(const Asked& wanted) {
    if (wanted.connection && wanted.isBeside()) return startBeside(wanted);
    if (!wanted.connection || m_parts->running) return;
    Asked asked = wanted;
    asked.name = asked.connection->info().name;
    asked.turn = ++m_parts->turn;
    m_parts->notice->hide();
    m_parts->editor->clearError();
    m_parts->running = true;
    m_parts->runningOn = asked.connection;
    m_parts->sent = asked.sql;
    if (asked.purpose == Asked::Purpose::Statement || asked.purpose == Asked::Purpose::Change)
        m_parts->history->add(asked.name, asked.sql, m_clock.now());
    m_parts->streams = false;
    m_parts->showsRows =
        asked.purpose == Asked::Purpose::Statement || asked.purpose == Asked::Purpose::Change;
    m_parts->rows = 0;
    m_parts->since = m_clock.elapsed();
    if (m_parts->showsRows) m_parts->tabs->setCurrentWidget(m_parts->view);
    showRunning();
    whenDone(sent(asked), this,
             [this, asked](const Result<QueryResult>& result) { settle(asked, result); });
}

void SqlPane::startBeside(Asked asked) {
    asked.name = asked.connection->info().name;
    if (asked.purpose == Asked::Purpose::Signal) m_parts->signalling = true;
    if (!m_parts->running && asked.purpose == Asked::Purpose::Look) {
        m_parts->notice->hide();
        m_parts->status->setText(tr("looking at the session…"));
    }
    whenDone(sent(asked), this, [this, asked](const Result<QueryResult>& result) {
        if (asked.purpose == Asked::Purpose::Look) return settleLook(asked, result);
        if (asked.purpose == Asked::Purpose::Signal) return settleSignal(asked, result);
        settleAftermath(asked, result);
    });
}

/// Only what a person confirmed goes with the unlock.
QFuture<Result<QueryResult>> SqlPane::sent(const Asked& asked) {
    Connection& connection = *asked.connection;
    switch (asked.purpose) {
        case Asked::Purpose::Signal:
            return asked.unlock ? connection.runWith(asked.sql, *asked.unlock)
                                : connection.run(asked.sql);
        case Asked::Purpose::Change:
            return connection.change(asked.sql);
        case Asked::Purpose::Export:
            return connection.look(asked.sql, [file = m_parts->exporting](const auto& rows) {
                return file->add(rows);
            });
        case Asked::Purpose::Look:
        case Asked::Purpose::Aftermath:
            return connection.watch(asked.sql);
        default:
            return asked.measured ? connection.change(asked.sql) : connection.look(asked.sql);
    }
}

/// A query that is measured waits for the unlock like a change, but changes nothing, so that there
/// is nothing to confirm: it is proved and runs read-only.
bool SqlPane::measures(const Asked& asked, const Result<QueryResult>& result) {
    if (result || asked.measured || result.error().detail != kMeasures) return false;
    if (!asked.connection || !asked.connection->unlocked()) return false;
    Asked again = asked;
    again.measured = true;
    start(again);
    return true;
}

void SqlPane::settle(const Asked& asked, const Result<QueryResult>& result) {
    m_parts->running = false;
    showRunning();
    if (measures(asked, result)) return;
    if (asked.measured && result && result->held) return settleHeld(asked, *result);
    switch (asked.purpose) {
        case Asked::Purpose::Estimate:
            return askToConfirm(asked, {}, planOf(result));
        case Asked::Purpose::Export:
            return settleExport(asked, result);
        case Asked::Purpose::Plan:
            return settlePlan(asked, result);
        case Asked::Purpose::Change:
            if (result && result->held) return settleHeld(asked, *result);
            break;
        default:
            break;
    }
    const bool askAgain = !result && asked.purpose == Asked::Purpose::Statement &&
                          canRehearse(result.error()) && asked.connection &&
                          asked.connection->unlocked();
    // Unlocked: the refusal is only the question whether this one is meant.
    if (askAgain && asked.connection == m_parts->followed)
        return rehearseStatement(asked.sql, asked.ticket);
    if (result)
        showResult(asked, *result);
    else
        showError(asked, result.error());
    if (result) learnNames();
    tell(asked, result);
}

void SqlPane::showResult(const Asked& asked, const QueryResult& result) {
    m_parts->view->show(result.rows);
    m_parts->view->finish();
    m_parts->view->setCut(result.truncated && asked.purpose == Asked::Purpose::Statement);
    m_parts->shownFrom = asked.connection;
    m_parts->shownName = asked.name;
    m_parts->shownSql = asked.sql;
    m_parts->summary = summaryOf(result);
    m_parts->receipt->show(result.receipt);
    const Receipt& receipt = result.receipt;
    QStringList footer;
    if (const Blocking blocking = blockingIn(*result.rows); !blocking.sentence.isEmpty()) {
        footer << blocking.sentence;
        m_parts->grid->emphasize(blocking.rows);
    }
    footer += receipt.server.warnings.isEmpty()
                  ? QStringList(tr("role %1: no powers over the server").arg(receipt.server.user))
                  : receipt.server.warnings.mid(0, 1);
    footer << u"sha256 "_s + QString::fromLatin1(receipt.sha256.left(12));
    m_parts->footing = footer.join(u" · "_s);
    showWhose();
    m_parts->footer->setToolTip(
        (QStringList(receipt.guards) + receipt.server.warnings).join(u'\n') + u"\nsha256 "_s +
        QString::fromLatin1(receipt.sha256));
    if (!result.notices.isEmpty()) showNotice(result.notices.join(u'\n'), u"notice"_s, false);
    if (asked.purpose == Asked::Purpose::Statement) m_parts->editor->clearError();
}

void SqlPane::showError(const Asked& asked, const Error& error) {
    m_parts->status->setText(error.code == ErrorCode::Cancelled ? tr("Cancelled")
                             : error.code == ErrorCode::Refused ? tr("Not run")
                                                                : tr("Failed"));
    const bool statement = asked.purpose == Asked::Purpose::Statement;
    const bool typed = statement || asked.purpose == Asked::Purpose::Plan;
    QString text = error.message;
    if (typed && error.position && *error.position + asked.offset >= 0) {
        const int position = *error.position + asked.offset;
        m_parts->editor->markError(position);
        const QString before = m_parts->editor->text().left(position);
        text += tr(" (line %1, character %2)")
                    .arg(before.count(u'\n') + 1)
                    .arg(before.size() - before.lastIndexOf(u'\n'));
    }
    if (const QString rule = ruleOf(error); !rule.isEmpty()) text += tr(" (rule %1)").arg(rule);
    showNotice(text, error.code == ErrorCode::Cancelled ? u"notice"_s : u"criticalNotice"_s,
               statement && canRehearse(error));
    if (typed || asked.purpose == Asked::Purpose::Change) showLeftovers(asked, error);
}

/// Rows that stay in view must not be taken for the answer of the run that failed.
void SqlPane::showLeftovers(const Asked& asked, const Error& error) {
    m_parts->receipt->showNone(
        tr("The last run left no receipt, because it has no result: %1").arg(error.message));
    m_parts->footer->setToolTip({});
    if (m_parts->showsRows && m_parts->rows > 0) {
        m_parts->view->show(m_parts->grid->set());
        m_parts->view->finish();
        m_parts->shownFrom = asked.connection;
        m_parts->shownName = asked.name;
        m_parts->shownSql = asked.sql;
        m_parts->view->setCut(asked.purpose == Asked::Purpose::Statement);
        m_parts->footing = tr("Not the whole result: the %1 rows that came before it ended")
                               .arg(m_parts->grid->set()->rowCount());
        m_parts->footer->setText(m_parts->footing);
    } else if (m_parts->grid->set()) {
        m_parts->footing = tr("Rows of an earlier run: %1").arg(shortSql(m_parts->shownSql));
        m_parts->footer->setText(m_parts->footing);
    }
    m_parts->summary = m_parts->status->text();
}

/// Rows stay when another connection is chosen, and then say whose they are.
void SqlPane::showWhose() {
    const Parts& p = *m_parts;
    if (!p.grid->set() || p.shownName.isEmpty()) return;
    const bool isOther = p.followed && p.followed->info().name != p.shownName;
    p.status->setText(isOther ? tr("of %1: %2").arg(p.shownName, p.summary) : p.summary);
    p.footer->setText(isOther ? tr("These rows are of %1 · %2").arg(p.shownName, p.footing)
                              : p.footing);
}

bool SqlPane::canRehearse(const Error& error) {
    static const QStringList never{
        u"single-statement"_s,    u"session-state"_s, u"session-setting"_s,
        u"transaction-control"_s, u"empty"_s,         u"copy"_s,
        u"held-change"_s,         kMeasures};
    return error.code == ErrorCode::Refused && !never.contains(error.detail);
}

void SqlPane::showNotice(const QString& text, const QString& role, bool canRehearse) {
    m_parts->noticeText->setText(text);
    theme::setRole(m_parts->notice, role);
    m_parts->rehearse->setVisible(canRehearse);
    m_parts->notice->show();
}

void SqlPane::showRunning() {
    const bool usable = m_parts->followed != nullptr;
    // A button that goes grey would hand the keyboard to the next one.
    if (m_parts->running && (m_parts->run->hasFocus() || m_parts->explain->hasFocus()))
        m_parts->editor->setFocus();
    m_parts->run->setEnabled(usable && !m_parts->running);
    m_parts->explain->setEnabled(usable && !m_parts->running);
    m_parts->activity->setEnabled(usable);
    if (!m_parts->running && m_parts->cancel->hasFocus()) m_parts->editor->setFocus();
    m_parts->cancel->setEnabled(m_parts->running);
    if (!m_parts->running) return;
    const std::chrono::milliseconds took = m_clock.elapsed() - m_parts->since;
    if (m_parts->exporting) m_parts->rows = m_parts->exporting->rows();
    QString text = tr("running %1 s").arg(static_cast<double>(took.count()) / 1000, 0, 'f', 1);
    if (m_parts->rows > 0) text += tr(" · %1 rows so far").arg(m_parts->rows);
    m_parts->status->setText(text);
    m_clock.callAfter(kElapsedEvery, this, [this, turn = m_parts->turn] {
        if (m_parts->running && turn == m_parts->turn) showRunning();
    });
}

}  // namespace tocsin::ui
