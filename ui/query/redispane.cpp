#include "ui/query/redispane.h"

#include <QShortcut>

#include "inspection/connection.h"
#include "inspection/replykeys.h"
#include "sdk/async.h"
#include "sdk/figures.h"
#include "ui/query/redisparts.h"
#include "ui/query/rediswords.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;
using inspection::Connection;

}  // namespace

RedisPane::RedisPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_parts(std::make_unique<Parts>(this, theme, clock)) {
    Parts& p = *m_parts;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(p.buildHeader());
    p.buildConfirm(layout);
    p.tabs = new QTabWidget(this);
    p.tabs->setObjectName(u"redisTabs"_s);
    p.tabs->setMinimumHeight(60);  // the window decides how high it is, not its fullest page
    p.tabs->setAccessibleName(tr("Views of the Redis server"));
    p.tabs->setDocumentMode(true);
    p.queues = new QueuesView(theme, clock, p.tabs);
    p.tabs->addTab(p.buildConsole(), tr("Console"));
    p.tabs->addTab(p.queues, tr("Queues"));
    p.keys = new KeysView(theme, clock, p.tabs);
    p.tabs->addTab(p.keys, tr("Keys"));
    p.server = new ServerView(theme, clock, p.tabs);
    p.tabs->addTab(p.server, tr("Server"));
    layout->addWidget(p.tabs, 1);
    setFocusProxy(p.command);
    p.wire();
    p.showConnection();
}

RedisPane::~RedisPane() = default;

void RedisPane::Parts::wire() {
    connect(command, &RedisCommandEdit::returnPressed, pane, [this] { send(); });
    connect(runButton, &QPushButton::clicked, pane, [this] { send(); });
    connect(command, &RedisCommandEdit::textEdited, pane, [this] { learnCommands(); });
    connect(command, &RedisCommandEdit::hinted, pane, [this](const QString& hint) {
        if (!running && !hint.isEmpty()) status->setText(hint);
    });
    connect(cancelButton, &QPushButton::clicked, pane, [this] { cancel(); });
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), pane);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, pane,
            [this] { confirm->isVisible() ? withdraw() : cancel(); });
    connect(change, &QPushButton::clicked, pane, [this] { rehearse(); });
    connect(guard, &QAbstractButton::clicked, pane, [this] { toggleLock(); });
    connect(advice, &QPushButton::clicked, pane, [this] { suggestUser(); });
    connect(nextPage, &QPushButton::clicked, pane, [this] {
        command->setText(nextCommand);
        send();
    });
    connect(history, &QueryHistory::changed, pane, [this] { showHistory(); });
    connect(queues, &QueuesView::valuePicked, pane, &RedisPane::cellPicked);
    connect(keys, &KeysView::valuePicked, pane, &RedisPane::cellPicked);
    connect(server, &ServerView::valuePicked, pane, &RedisPane::cellPicked);
    connect(server, &ServerView::changeWanted, pane, [this](const QString& wanted) {
        if (current()) pane->rehearse(current()->info().name, wanted);
    });
    connect(queues, &QueuesView::queuesFound, server, &ServerView::setHasQueues);
    connect(confirm, &SqlConfirm::dismissed, pane, [this] { withdraw(); });
    connect(confirm, &SqlConfirm::confirmed, pane,
            [this](const ConfirmRequest& request) { runConfirmed(request); });
    auto* again = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), pane);
    again->setContext(Qt::WidgetWithChildrenShortcut);
    connect(again, &QShortcut::activated, pane, [this] { send(); });
    connect(choice, &QComboBox::currentIndexChanged, pane, [this] {
        withdraw();  // what is asked is about the other one
        showConnection();
        if (!running && !ranOn.isEmpty()) showTold();
    });
    connect(result, &RedisResult::valuePicked, pane,
            [this](const QString& value) { emit pane->cellPicked(value, origin()); });
    connect(result, &RedisResult::said, pane,
            [this](const QString& text) { status->setText(text); });
    connect(&theme, &theme::Theme::changed, pane, [this] { command->setFont(theme.monoFont()); });
}

void RedisPane::setConnections(const QVector<Connection*>& connections) {
    Parts& p = *m_parts;
    p.withdraw();  // what was asked meant a server that may be another one now
    for (const auto& old : std::as_const(p.connections))
        if (old) old->disconnect(this);
    p.connections.clear();
    const QSignalBlocker quiet(p.choice);
    const QString shown = p.choice->currentText();
    p.choice->clear();
    for (Connection* connection : connections) {
        if (connection->info().kind != u"redis") continue;
        p.connections << connection;
        p.choice->addItem(connection->info().name);
        connect(connection, &Connection::identityChanged, this,
                [this] { m_parts->showConnection(); });
        connect(connection, &Connection::unlockChanged, this, [this] { m_parts->showGuard(); });
        connect(connection, &Connection::rowsArrived, this,
                [this, connection](const std::shared_ptr<const ResultSet>& rows) {
                    if (m_parts->current() == connection && rows) m_parts->result->follow(*rows);
                });
        connect(connection, &QObject::destroyed, this, [this] {
            Parts& parts = *m_parts;
            for (qsizetype i = parts.connections.size() - 1; i >= 0; --i) {
                if (parts.connections[i]) continue;
                parts.connections.removeAt(i);
                parts.choice->removeItem(static_cast<int>(i));
            }
            parts.showConnection();
        });
    }
    p.choice->setCurrentIndex(std::max(0, p.choice->findText(shown)));
    p.showConnection();
}

Connection* RedisPane::Parts::find(const QString& name) const {
    for (const auto& connection : connections)
        if (connection && connection->info().name == name) return connection;
    return nullptr;
}

void RedisPane::keepHistory(const QString& folder) {
    m_parts->history->open(folder);
}

void RedisPane::Parts::showHistory() {
    QStringList commands;
    if (const Connection* connection = current())
        for (const auto& entry : history->found(connection->info().name, {}))
            commands.prepend(entry.sql);
    command->setHistory(commands);
}

/// What is asked of one server is never asked of another.
bool RedisPane::Parts::choose(const QString& name, const QString& text, RunTicket ticket) {
    if (name.isEmpty()) return true;
    if (find(name)) {
        choice->setCurrentIndex(choice->findText(name));
        return true;
    }
    const QString why =
        tr("There is no Redis connection “%1” in this workspace; add it to tocsin.yaml.").arg(name);
    say(why, true);
    refuse(why, text, ticket);
    return false;
}

/// One command at a time; the one that would come second says so.
bool RedisPane::Parts::isBusy(const QString& text, RunTicket ticket) {
    if (!running) return false;
    refuse(tr("Another command is still running; wait for its answer or cancel it."), text, ticket);
    return true;
}

void RedisPane::Parts::refuse(const QString& why, const QString& text, RunTicket ticket) {
    emit pane->ran({false, why, text.simplified(), u"redis"_s, {}, ticket, false});
}

/// A question that is not answered with yes is a command that was not run.
void RedisPane::Parts::withdraw() {
    confirm->hide();
    if (const RunTicket ticket = std::exchange(rehearsed, 0))
        refuse(tr("Not run"), confirm->request().statement, ticket);
}

void RedisPane::Parts::cancel() {
    if (running && runningOn) runningOn->cancel();
}

void RedisPane::Parts::showConnection() {
    Connection* connection = current();
    badge->setVisible(connection);
    choice->setVisible(!connections.isEmpty());
    setUp->setConnection(connection ? connection->info().name : QString());
    guard->setVisible(connection);
    runButton->setEnabled(connection && !running);
    const QStringList warnings =
        connection && connection->identity() ? connection->identity()->warnings : QStringList();
    // Those about rights name the page that says more.
    advice->setVisible(!warnings.filter(u"docs/redis-guard.md"_s).isEmpty());
    showHistory();
    queues->setConnection(connection);
    keys->setConnection(connection);
    server->setConnection(connection);
    if (!connection) {
        place->setText(tr("No Redis connection in this workspace"));
        return;
    }
    showGuard();
    badge->setEnvironment(connection->info().environment);
    QString text = connection->info().place;
    if (const auto& identity = connection->identity()) {
        text = u"%1 · %2 %3"_s.arg(
            identity->user.isEmpty() ? connection->info().place
                                     : identity->user + u'@' + identity->address.section(u'@', -1),
            identity->product, identity->version);
        if (identity->replica) text += tr(" · replica");
    }
    place->setText(text);
    tellFailover(warnings);
    place->setToolTip(connection->identity() ? connection->identity()->warnings.join(u'\n')
                                             : QString());
}

/// Once, in the console, as what one asks next is answered by another server than before.
void RedisPane::Parts::tellFailover(const QStringList& warnings) {
    const QString now = warnings.filter(u"A failover, seen at"_s).value(0);
    if (now.isEmpty() || now == switched || running) return;
    switched = now;
    say(now, false);
}

void RedisPane::edit(const QString& connection, const QString& command) {
    m_parts->tabs->setCurrentIndex(0);
    m_parts->withdraw();
    chooseConnection(connection);
    m_parts->command->setText(command.simplified().isEmpty() ? QString() : command.trimmed());
    m_parts->command->setFocus();
}

void RedisPane::chooseConnection(const QString& name) {
    if (m_parts->find(name)) m_parts->choice->setCurrentIndex(m_parts->choice->findText(name));
}

void RedisPane::rehearse(const QString& connection, const QString& command, RunTicket ticket) {
    if (m_parts->isBusy(command, ticket)) return;
    edit(connection, command);
    if (m_parts->choose(connection, command, ticket)) m_parts->rehearse(ticket);
}

void RedisPane::run(const QString& connection, const QString& command, RunTicket ticket) {
    if (command.trimmed().isEmpty())
        return m_parts->refuse(tr("There is no command to run."), {}, ticket);
    if (m_parts->isBusy(command, ticket)) return;
    m_parts->tabs->setCurrentIndex(0);
    m_parts->withdraw();
    if (!m_parts->choose(connection, command, ticket)) return;
    m_parts->command->setText(command.trimmed());
    m_parts->send(ticket);
}

void RedisPane::Parts::send(RunTicket ticket) {
    if (running) return;
    const QString text = command->text().trimmed();
    Connection* connection = current();
    if (text.isEmpty()) return command->setFocus();
    if (!connection) {
        const Error none{
            ErrorCode::Config,
            tr("There is no Redis connection; add one under connections: in tocsin.yaml."),
            {}};
        return finish(tr("no connection"), text, ticket, tl::unexpected<Error>(none));
    }
    history->add(connection->info().name, text, clock.now());
    // Never with the unlock in force: a change has a confirmation of its own.
    follow(connection, text, ticket, connection->look(text));
}

void RedisPane::Parts::follow(Connection* connection, const QString& text, RunTicket ticket,
                              const QFuture<Result<QueryResult>>& answer) {
    begin(connection);
    whenDone(
        answer, pane,
        [this, name = connection->info().name, text, ticket](const Result<QueryResult>& outcome) {
            running = false;
            finish(name, text, ticket, outcome);
            if (outcome) learnLives(find(name), text, *outcome);
        });
}

/// Names of keys get what they are and when they end beside them, with one question for all.
void RedisPane::Parts::learnLives(Connection* connection, const QString& text,
                                  const QueryResult& answer) {
    const QByteArrayList named = inspection::keysNamedBy(text, *answer.reply);
    if (named.isEmpty() || !connection) return;
    whenDone(connection->look(inspection::lifeScript(named)), pane,
             [this, named, reply = answer.reply](const Result<QueryResult>& lives) {
                 if (lives && result->isShowing(reply))
                     result->showLives(inspection::readLives(named, *lives->reply));
             });
}

/// Once for each connection, when somebody types and it is open anyway.
void RedisPane::Parts::learnCommands() {
    Connection* connection = current();
    if (!connection || documented == connection || !connection->identity()) return;
    documented = connection;
    command->setDocs({});
    const auto asks = connection->identity()->version.section(u'.', 0, 0).toInt() < 7
                          ? u"COMMAND\nPING"_s
                          : u"COMMAND DOCS\nPING"_s;
    whenDone(connection->look(asks), pane, [this, connection](const Result<QueryResult>& answer) {
        if (!answer || answer->reply->children().empty() || documented != connection) return;
        runOnPool(
            pane,
            [reply = answer->reply] {
                return inspection::readCommandDocs(reply->children().front());
            },
            [this](const QMap<QString, inspection::CommandDoc>& docs) { command->setDocs(docs); });
    });
}

void RedisPane::Parts::begin(Connection* connection) {
    withdraw();
    running = true;
    runningOn = connection;
    startedAt = clock.elapsed();
    runButton->setEnabled(false);
    cancelButton->setEnabled(true);
    notice->hide();
    tick();
}

/// A run always shows how long it has lasted.
void RedisPane::Parts::tick() {
    if (!running) return;
    const auto lasted = clock.elapsed() - startedAt;
    status->setText(
        tr("Running for %1 s").arg(static_cast<double>(lasted.count()) / 1000.0, 0, 'f', 1));
    clock.callAfter(std::chrono::milliseconds(100), pane, [this] { tick(); });
}

void RedisPane::Parts::finish(const QString& name, const QString& text, RunTicket ticket,
                              const Result<QueryResult>& answer) {
    runButton->setEnabled(current() && !running);
    cancelButton->setEnabled(running);
    ranOn = name;
    ranText = text;
    answer ? showResult(*answer) : showError(answer.error());
    showTold();
    showConnection();
    Outcome outcome = redisOutcome(name, text, answer);
    outcome.ticket = ticket;
    emit pane->ran(outcome);
}

void RedisPane::Parts::showResult(const QueryResult& answer) {
    const Receipt& receipt = answer.receipt;
    told =
        u"%1 · %2 · %3"_s.arg(shortReply(answer), timeText(receipt.total), sizeText(receipt.bytes));
    status->setToolTip(tr("Guards: %1\nRound trips, with what the guard asked: %2\nsha256 %3")
                           .arg(receipt.guards.join(u", "_s))
                           .arg(receipt.roundTrips)
                           .arg(QString::fromLatin1(receipt.sha256)));
    result->show(answer);
    answer.notices.isEmpty() ? notice->hide() : say(answer.notices.join(u'\n'), false);
    nextCommand = answer.nextPage;
    nextPage->setVisible(!nextCommand.isEmpty());
    nextPage->setToolTip(nextCommand);
}

void RedisPane::Parts::showError(const Error& error) {
    result->clear();
    told = failureWord(error);
    status->setToolTip({});
    const bool addsWords = !error.detail.isEmpty() && error.detail.contains(u' ') &&
                           !error.message.contains(error.detail);
    say(addsWords ? error.message + u'\n' + error.detail : error.message, true);
    change->setVisible(isUnlockable(error) && current());
    needsName = wantsTypedName(error);
    if (error.position) command->setCursorPosition(*error.position);
}

QString RedisPane::Parts::origin() const {
    return ranOn + u" · "_s + ranText;
}

/// A reply stands under the connection and the command it is of, or says whose it is.
void RedisPane::Parts::showTold() {
    const Connection* connection = current();
    const bool isIts = connection && connection->info().name == ranOn &&
                       command->text().trimmed() == ranText.trimmed();
    status->setText(isIts ? told : u"%1 · %2"_s.arg(origin().simplified(), told));
}

void RedisPane::Parts::say(const QString& text, bool isError) {
    theme::setRole(notice, isError ? u"criticalNotice"_s : u"notice"_s);
    noticeText->setText(text);
    noticeText->setAccessibleName(text);
    change->hide();
    nextPage->hide();
    notice->show();
}

}  // namespace tocsin::ui
