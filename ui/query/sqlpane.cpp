#include "ui/query/sqlpane.h"

#include <QPointer>

#include "inspection/connection.h"
#include "sdk/async.h"
#include "ui/query/activity.h"
#include "ui/query/rehearsal.h"
#include "ui/query/sqloutcome.h"
#include "ui/query/sqlparts.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using inspection::Connection;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kUnlockSpan = 1min;
constexpr auto kElapsedEvery = 100ms;

}  // namespace

struct SqlPane::Parts : SqlParts {
    QPointer<Connection> followed;
    quint64 turn = 0;  ///< of the newest run; an older answer is not shown
    bool running = false;
    bool showsRows = false;  ///< a rehearsal's look is not what was asked to be shown
    std::chrono::milliseconds since{0};
    qsizetype rows = 0;
};

struct SqlPane::Asked {
    enum class Purpose { Statement, Activity, Look, Change };
    QPointer<Connection> connection;
    QString name;
    QString sql;
    Purpose purpose = Purpose::Statement;
    QString original;  ///< of a rehearsal: what the runbook said
    quint64 turn = 0;
};

SqlPane::SqlPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_parts(std::make_unique<Parts>()) {
    m_parts->build(theme, this);
    connect(m_parts->line, &ServerLine::chosen, this, &SqlPane::follow);
    connect(m_parts->editor, &SqlEditor::runRequested, this, &SqlPane::runEditor);
    connect(m_parts->run, &QPushButton::clicked, this, &SqlPane::runEditor);
    connect(m_parts->explain, &QPushButton::clicked, this, &SqlPane::explain);
    connect(m_parts->activity, &QPushButton::clicked, this, &SqlPane::showActivity);
    const auto cancel = [this] {
        if (m_parts->running && m_parts->followed) m_parts->followed->cancel();
    };
    connect(m_parts->cancel, &QPushButton::clicked, this, cancel);
    connect(m_parts->editor, &SqlEditor::cancelRequested, this, cancel);
    connect(m_parts->rehearse, &QPushButton::clicked, this,
            [this] { rehearse(QString(), m_parts->editor->text()); });
    connect(m_parts->confirm, &SqlConfirm::confirmed, this, &SqlPane::runConfirmed);
    connect(m_parts->confirm, &SqlConfirm::dismissed, this, [this] {
        m_parts->confirm->hide();
        m_parts->status->setText(tr("Nothing was changed"));
        m_parts->editor->setFocus();
    });
    connect(m_parts->grid, &ResultGrid::cellPicked, this,
            [this](const QString& column, const QString& value) {
                const Connection* connection = m_parts->followed;
                emit cellPicked(
                    value,
                    u"%1 · %2"_s.arg(connection ? connection->info().name : QString(), column));
            });
    showRunning();
}

SqlPane::~SqlPane() = default;

void SqlPane::setConnections(const QVector<Connection*>& connections) {
    m_parts->line->setConnections(connections);
}

void SqlPane::follow(Connection* connection) {
    if (m_parts->followed) m_parts->followed->disconnect(this);
    m_parts->followed = connection;
    showRunning();
    if (!connection) return;
    connect(connection, &Connection::rowsArrived, this,
            [this](const std::shared_ptr<const ResultSet>& rows) {
                if (!m_parts->running || !m_parts->showsRows) return;
                m_parts->rows = rows->rowCount();
                m_parts->grid->show(rows);
            });
}

bool SqlPane::choose(const QString& connection, const QString& sql) {
    m_parts->confirm->hide();
    m_parts->editor->setText(sql);
    if (m_parts->line->choose(connection)) return true;
    const Error error{ErrorCode::NotFound,
                      tr("There is no PostgreSQL connection “%1” in this workspace; add it to "
                         "tocsin.yaml.")
                          .arg(connection),
                      {}};
    showNotice(error.message, u"criticalNotice"_s, false);
    emit ran(outcomeOf(connection, sql, error));
    return false;
}

void SqlPane::run(const QString& connection, const QString& sql) {
    if (choose(connection, sql)) runEditor();
}

void SqlPane::edit(const QString& connection, const QString& sql) {
    m_parts->confirm->hide();
    m_parts->line->choose(connection);
    m_parts->editor->setText(sql);
    m_parts->editor->setFocus();
}

void SqlPane::runEditor() {
    m_parts->confirm->hide();
    start({m_parts->followed, {}, m_parts->editor->text(), Asked::Purpose::Statement, {}});
}

void SqlPane::explain() {
    const QString sql = m_parts->editor->text();
    const bool already = sql.trimmed().startsWith(u"explain"_s, Qt::CaseInsensitive);
    start(
        {m_parts->followed, {}, already ? sql : u"EXPLAIN "_s + sql, Asked::Purpose::Activity, {}});
}

void SqlPane::showActivity() {
    start({m_parts->followed, {}, activityQuery(), Asked::Purpose::Activity, {}});
}

void SqlPane::start(const Asked& wanted) {
    if (!wanted.connection || m_parts->running) return;
    Asked asked = wanted;
    asked.name = asked.connection->info().name;
    asked.turn = ++m_parts->turn;
    m_parts->notice->hide();
    m_parts->editor->clearError();
    m_parts->running = true;
    m_parts->showsRows = asked.purpose != Asked::Purpose::Look;
    m_parts->rows = 0;
    m_parts->since = m_clock.elapsed();
    showRunning();
    whenDone(asked.connection->run(asked.sql), this,
             [this, asked](const Result<QueryResult>& result) { settle(asked, result); });
    // The unlock went with the statement that was started; nothing else may use it.
    if (asked.purpose == Asked::Purpose::Change) asked.connection->lock();
}

void SqlPane::settle(const Asked& asked, const Result<QueryResult>& result) {
    m_parts->running = false;
    showRunning();
    if (asked.purpose == Asked::Purpose::Look) {
        const auto facts = result ? sessionFacts(*result->rows) : std::nullopt;
        if (facts) return askToConfirm(asked.original, facts);
        const Error gone{
            ErrorCode::NotFound,
            tr("There is no such session on %1 any more. Nothing was done.").arg(asked.name),
            {}};
        const Error& error = result ? gone : result.error();
        showError(asked, error);
        emit ran(outcomeOf(asked.name, asked.original, error));
        return;
    }
    if (result)
        showResult(asked, *result);
    else
        showError(asked, result.error());
    Outcome outcome =
        result ? outcomeOf(*result) : outcomeOf(asked.name, asked.sql, result.error());
    if (result && asked.purpose == Asked::Purpose::Change && signalTarget(asked.original) &&
        result->rows->rowCount() == 0) {
        outcome.ok = false;
        outcome.line = tr("The session was not the same any more: nothing was done.");
        showNotice(outcome.line, u"notice"_s, false);
    }
    emit ran(outcome);
}

void SqlPane::showResult(const Asked& asked, const QueryResult& result) {
    m_parts->grid->show(result.rows);
    m_parts->status->setText(summaryOf(result));
    const Receipt& receipt = result.receipt;
    QStringList footer;
    if (const Blocking blocking = blockingIn(*result.rows); !blocking.sentence.isEmpty()) {
        footer << blocking.sentence;
        m_parts->grid->emphasize(blocking.rows);
    }
    footer += receipt.server.warnings.isEmpty()
                  ? QStringList(tr("role %1: may only look").arg(receipt.server.user))
                  : receipt.server.warnings.mid(0, 1);
    footer << u"sha256 "_s + QString::fromLatin1(receipt.sha256.left(12));
    m_parts->footer->setText(footer.join(u" · "_s));
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
    QString text = error.message;
    if (statement && error.position) {
        m_parts->editor->markError(*error.position);
        const QString before = asked.sql.left(*error.position);
        text += tr(" (line %1, character %2)")
                    .arg(before.count(u'\n') + 1)
                    .arg(before.size() - before.lastIndexOf(u'\n'));
    }
    static const QStringList never{
        u"single-statement"_s,    u"session-state"_s, u"session-setting"_s,
        u"transaction-control"_s, u"empty"_s,         u"copy"_s};
    const bool canRehearse =
        statement && error.code == ErrorCode::Refused && !never.contains(error.detail);
    showNotice(text, error.code == ErrorCode::Cancelled ? u"notice"_s : u"criticalNotice"_s,
               canRehearse);
}

void SqlPane::showNotice(const QString& text, const QString& role, bool canRehearse) {
    m_parts->noticeText->setText(text);
    theme::setRole(m_parts->notice, role);
    m_parts->rehearse->setVisible(canRehearse);
    m_parts->notice->show();
}

void SqlPane::showRunning() {
    const bool usable = m_parts->followed != nullptr;
    m_parts->run->setEnabled(usable && !m_parts->running);
    m_parts->explain->setEnabled(usable && !m_parts->running);
    m_parts->activity->setEnabled(usable && !m_parts->running);
    m_parts->cancel->setEnabled(m_parts->running);
    if (!m_parts->running) return;
    const std::chrono::milliseconds took = m_clock.elapsed() - m_parts->since;
    QString text = tr("running %1 s").arg(static_cast<double>(took.count()) / 1000, 0, 'f', 1);
    if (m_parts->rows > 0) text += tr(" · %1 rows so far").arg(m_parts->rows);
    m_parts->status->setText(text);
    m_clock.callAfter(kElapsedEvery, this, [this, turn = m_parts->turn] {
        if (m_parts->running && turn == m_parts->turn) showRunning();
    });
}

void SqlPane::rehearse(const QString& connection, const QString& sql) {
    if (!choose(connection, sql)) return;
    m_parts->notice->hide();
    const auto target = signalTarget(sql);
    if (!target) return askToConfirm(sql, std::nullopt);
    start({m_parts->followed, {}, rehearsalQuery(*target), Asked::Purpose::Look, sql});
}

void SqlPane::askToConfirm(const QString& sql, const std::optional<SessionFacts>& facts) {
    const Connection* connection = m_parts->followed;
    if (!connection) return;
    m_parts->status->setText(tr("Rehearsed: nothing was changed yet"));
    m_parts->confirm->ask(confirmRequest(connection->info(), sql, facts));
}

void SqlPane::runConfirmed(const ConfirmRequest& request) {
    m_parts->confirm->hide();
    Connection* connection = m_parts->followed;
    if (!connection || connection->info().name != request.connection || m_parts->running) return;
    const auto unlock = connection->unlock(
        tr("confirmed in the console by typing “%1”").arg(request.connection), kUnlockSpan);
    const Asked asked{connection,
                      request.connection,
                      request.statement,
                      Asked::Purpose::Change,
                      m_parts->editor->text(),
                      0};
    if (!unlock) return showError(asked, unlock.error());
    start(asked);
}

}  // namespace tocsin::ui
