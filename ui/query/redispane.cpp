#include "ui/query/redispane.h"

#include <QShortcut>

#include "inspection/connection.h"
#include "sdk/async.h"
#include "ui/query/redisparts.h"
#include "ui/query/rediswords.h"
#include "ui/query/sizetext.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;
using inspection::Connection;

// Long enough to connect and run one command.
constexpr auto kUnlockSpan = std::chrono::minutes(1);

}  // namespace

RedisPane::RedisPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_parts(std::make_unique<Parts>(this, theme, clock)) {
    Parts& p = *m_parts;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(p.buildHeader());
    layout->addLayout(p.buildCommand());
    p.status = new theme::ElidedLabel(tr("Nothing run yet"), this);
    p.status->setObjectName(u"redisStatus"_s);
    p.status->setContentsMargins(14, 0, 12, 8);
    theme::setRole(p.status, u"muted"_s);
    layout->addWidget(p.status);
    p.buildNotice(layout);
    p.buildConfirm(layout);
    p.result = new RedisResult(theme, this);
    layout->addWidget(p.result, 1);
    setFocusProxy(p.command);
    p.wire();
    p.showConnection();
}

RedisPane::~RedisPane() = default;

void RedisPane::Parts::wire() {
    connect(command, &QLineEdit::returnPressed, pane, [this] { send(); });
    connect(runButton, &QPushButton::clicked, pane, [this] { send(); });
    connect(cancelButton, &QPushButton::clicked, pane, [this] {
        if (Connection* connection = current()) connection->cancel();
    });
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), pane);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, pane,
            [this] { confirm->isVisible() ? confirm->hide() : cancelButton->click(); });
    connect(change, &QPushButton::clicked, pane, [this] { rehearse(); });
    connect(confirm, &SqlConfirm::dismissed, confirm, &QWidget::hide);
    connect(confirm, &SqlConfirm::confirmed, pane,
            [this](const ConfirmRequest& request) { runConfirmed(request); });
    auto* again = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), pane);
    again->setContext(Qt::WidgetWithChildrenShortcut);
    connect(again, &QShortcut::activated, pane, [this] { send(); });
    connect(choice, &QComboBox::currentIndexChanged, pane, [this] { showConnection(); });
    connect(result, &RedisResult::valuePicked, pane,
            [this](const QString& value) { emit pane->cellPicked(value, ranLast); });
    connect(&theme, &theme::Theme::changed, pane, [this] { command->setFont(theme.monoFont()); });
}

void RedisPane::setConnections(const QVector<Connection*>& connections) {
    Parts& p = *m_parts;
    for (const auto& old : std::as_const(p.connections))
        if (old) old->disconnect(this);
    p.connections.clear();
    const QSignalBlocker quiet(p.choice);
    p.choice->clear();
    for (Connection* connection : connections) {
        if (connection->info().kind != u"redis") continue;
        p.connections << connection;
        p.choice->addItem(connection->info().name);
        connect(connection, &Connection::identityChanged, this,
                [this] { m_parts->showConnection(); });
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
    p.showConnection();
}

void RedisPane::Parts::choose(const QString& name) {
    const int at = choice->findText(name);
    if (at >= 0) choice->setCurrentIndex(at);
}

void RedisPane::Parts::showConnection() {
    Connection* connection = current();
    badge->setVisible(connection);
    choice->setVisible(!connections.isEmpty());
    guard->setVisible(connection);
    runButton->setEnabled(connection && running == 0);
    if (!connection) {
        place->setText(
            tr("No Redis connection in this workspace: add one under connections: in tocsin.yaml"));
        return;
    }
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
    place->setToolTip(connection->identity() ? connection->identity()->warnings.join(u'\n')
                                             : QString());
}

void RedisPane::edit(const QString& connection, const QString& command) {
    m_parts->choose(connection);
    m_parts->command->setText(command.simplified().isEmpty() ? QString() : command.trimmed());
    m_parts->command->setFocus();
}

void RedisPane::rehearse(const QString& connection, const QString& command) {
    edit(connection, command);
    m_parts->rehearse();
}

void RedisPane::run(const QString& connection, const QString& command) {
    if (command.trimmed().isEmpty()) {
        emit ran({false, tr("There is no command to run."), {}, u"redis"_s, {}});
        return;
    }
    m_parts->choose(connection);
    m_parts->command->setText(command.trimmed());
    m_parts->send();
}

void RedisPane::Parts::send() {
    const QString text = command->text().trimmed();
    Connection* connection = current();
    if (text.isEmpty()) return command->setFocus();
    if (!connection) {
        const Error none{
            ErrorCode::Config,
            tr("There is no Redis connection; add one under connections: in tocsin.yaml."),
            {}};
        return finish(tr("no connection"), text, tl::unexpected<Error>(none));
    }
    command->remember(text);
    start(connection, text);
}

void RedisPane::Parts::start(Connection* connection, const QString& text) {
    begin();
    const QString name = connection->info().name;
    whenDone(connection->run(text), pane, [this, name, text](const Result<QueryResult>& answer) {
        --running;
        finish(name, text, answer);
    });
}

/// Shows what would run where; nothing runs before the connection's name was typed.
void RedisPane::Parts::rehearse() {
    const Connection* connection = current();
    const QString text = command->text().trimmed();
    if (!connection || text.isEmpty()) return;
    notice->hide();
    status->setText(tr("Nothing was changed yet"));
    const auto& info = connection->info();
    confirm->ask({info.name,
                  info.place,
                  info.isProduction(),
                  tr("Run a command that is not read-only"),
                  {},
                  text});
    confirm->show();
}

void RedisPane::Parts::runConfirmed(const ConfirmRequest& request) {
    confirm->hide();
    Connection* connection = current();
    if (!connection || connection->info().name != request.connection || running > 0) return;
    const auto unlock = connection->unlock(
        tr("confirmed in the console by typing “%1”").arg(request.connection), kUnlockSpan);
    if (!unlock)
        return finish(request.connection, request.statement, tl::unexpected<Error>(unlock.error()));
    start(connection, request.statement);
    connection->lock();  // the unlock went with this command; nothing else may use it
}

void RedisPane::Parts::begin() {
    confirm->hide();
    if (running++ > 0) return;
    startedAt = clock.elapsed();
    runButton->setEnabled(false);
    cancelButton->setEnabled(true);
    notice->hide();
    tick();
}

/// A run always shows how long it has lasted.
void RedisPane::Parts::tick() {
    if (running == 0) return;
    const auto lasted = clock.elapsed() - startedAt;
    status->setText(
        tr("Running for %1 s").arg(static_cast<double>(lasted.count()) / 1000.0, 0, 'f', 1));
    clock.callAfter(std::chrono::milliseconds(100), pane, [this] { tick(); });
}

void RedisPane::Parts::finish(const QString& name, const QString& text,
                              const Result<QueryResult>& answer) {
    runButton->setEnabled(current() && running == 0);
    cancelButton->setEnabled(running > 0);
    ranLast = name + u" · "_s + text;
    answer ? showResult(*answer) : showError(answer.error());
    showConnection();
    emit pane->ran(redisOutcome(name, text, answer));
}

void RedisPane::Parts::showResult(const QueryResult& answer) {
    const Receipt& receipt = answer.receipt;
    status->setText(u"%1 · %2 · %3"_s.arg(shortReply(answer), timeText(receipt.total),
                                          sizeText(receipt.bytes)));
    status->setToolTip(tr("Guards: %1\nsha256 %2")
                           .arg(receipt.guards.join(u", "_s), QString::fromLatin1(receipt.sha256)));
    result->show(answer);
    answer.notices.isEmpty() ? notice->hide() : say(answer.notices.join(u'\n'), false);
}

void RedisPane::Parts::showError(const Error& error) {
    result->clear();
    status->setText(failureWord(error));
    status->setToolTip({});
    const bool addsWords = !error.detail.isEmpty() && error.detail.contains(u' ') &&
                           !error.message.contains(error.detail);
    say(addsWords ? error.message + u'\n' + error.detail : error.message, true);
    change->setVisible(isUnlockable(error) && current());
    if (error.position) command->setCursorPosition(*error.position);
}

void RedisPane::Parts::say(const QString& text, bool isError) {
    theme::setRole(notice, isError ? u"criticalNotice"_s : u"notice"_s);
    noticeText->setText(text);
    noticeText->setAccessibleName(text);
    change->hide();
    notice->show();
}

}  // namespace tocsin::ui
