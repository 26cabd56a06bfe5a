#include "ui/query/serverline.h"

#include <QBoxLayout>

#include "ui/query/sqloutcome.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

ServerLine::ServerLine(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_clock(clock),
      m_badge(new theme::EnvironmentBadge(this)),
      m_choice(new QComboBox(this)),
      m_place(new theme::ElidedLabel(QString(), this)),
      m_test(new QPushButton(tr("Test"), this)),
      m_guard(new theme::Chip(theme, this)),
      m_setUp(new SetUpButton(u"sql"_s, this)) {
    m_test->setObjectName(u"sqlTest"_s);
    m_test->setAccessibleName(tr("Test the connection"));
    theme::setRole(m_test, u"ghost"_s);
    connect(m_test, &QPushButton::clicked, this, &ServerLine::testPressed);
    m_choice->setObjectName(u"sqlConnection"_s);
    m_choice->setAccessibleName(tr("PostgreSQL connection"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_guard->setObjectName(u"sqlGuard"_s);
    m_guard->setAccessibleName(tr("Guard: press to unlock for changes, or to lock again"));
    connect(m_guard, &QAbstractButton::clicked, this, &ServerLine::guardPressed);
    m_place->setTextFormat(Qt::PlainText);
    theme::setRole(m_place, u"muted"_s);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 12, 6);
    line->setSpacing(8);
    line->addWidget(m_badge);
    line->addWidget(m_choice);
    line->addWidget(m_place, 1);
    line->addWidget(m_guard);
    connect(m_setUp, &SetUpButton::requested, this, &ServerLine::setUpRequested);
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        showCurrent();
        emit chosen(current());
    });
    showCurrent();
}

void ServerLine::setConnections(const QVector<inspection::Connection*>& connections) {
    for (const auto& old : std::as_const(m_connections))
        if (old) old->disconnect(this);
    m_connections.clear();
    const QSignalBlocker quiet(m_choice);
    const QString shown = m_choice->currentText();
    m_choice->clear();
    for (inspection::Connection* connection : connections) {
        if (!connection || connection->info().kind != u"postgres") continue;
        m_connections << connection;
        m_choice->addItem(connection->info().name);
        connect(connection, &inspection::Connection::identityChanged, this,
                &ServerLine::showCurrent);
        connect(connection, &inspection::Connection::unlockChanged, this, &ServerLine::showCurrent);
    }
    m_choice->setCurrentIndex(std::max(0, m_choice->findText(shown)));
    showCurrent();
    emit chosen(current());
}

inspection::Connection* ServerLine::current() const {
    return m_connections.value(m_choice->currentIndex());
}

inspection::Connection* ServerLine::find(const QString& name) const {
    for (const auto& connection : m_connections)
        if (connection && connection->info().name == name) return connection;
    return nullptr;
}

bool ServerLine::choose(const QString& name) {
    if (name.isEmpty()) return current() != nullptr;
    const int at = m_choice->findText(name);
    if (at < 0) return false;
    m_choice->setCurrentIndex(at);
    return current() != nullptr;
}

void ServerLine::showCurrent() {
    const inspection::Connection* connection = current();
    m_badge->setVisible(connection);
    m_guard->setVisible(connection);
    m_test->setVisible(connection);
    m_choice->setVisible(m_choice->count() > 0);
    m_setUp->setConnection(connection ? connection->info().name : QString());
    if (!connection) {
        m_place->setText(tr("No PostgreSQL connection in this workspace"));
        return;
    }
    m_badge->setEnvironment(connection->info().environment);
    QString text = connection->info().place;
    if (const auto& identity = connection->identity()) {
        text = u"%1@%2 · %3 %4"_s.arg(identity->user, identity->address, identity->product,
                                      identity->version);
        if (identity->replica) text += tr(" · replica");
    } else if (!connection->engine()) {
        text += tr(" · not usable");
    }
    m_place->setText(text);
    showGuard(*connection);
}

void ServerLine::showGuard(const inspection::Connection& connection) {
    if (connection.unlocked()) {
        countDown(*connection.unlocked());
        return;
    }
    m_guard->setParts(theme::Mark::Check, QString(),
                      connection.identity() ? tr("read-only, proved") : tr("read-only"),
                      theme::Tone::Ok);
    m_guard->setToolTip(
        tr("Each statement runs in a read-only transaction, after PostgreSQL's "
           "grammar, the server's plan and its list of functions have shown that "
           "it changes nothing.\nPress to unlock for changes."));
}

void ServerLine::countDown(const Unlock& unlock) {
    m_guard->setParts(theme::Mark::Triangle, tr("UNLOCKED"),
                      countdownText(m_clock.now().secsTo(unlock.until)), theme::Tone::Critical);
    m_guard->setToolTip(tr("Changes are let through, each after its own confirmation, until %1 "
                           "UTC: %2\nPress to lock again.")
                            .arg(unlock.until.toString(u"HH:mm:ss"_s), unlock.reason));
    m_clock.callAfter(1s, this, [this, until = unlock.until] {
        const inspection::Connection* connection = current();
        const auto still = connection ? connection->unlocked() : std::nullopt;
        if (still && still->until == until) countDown(*still);
    });
}

}  // namespace tocsin::ui
