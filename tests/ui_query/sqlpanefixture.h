// The Postgres pane on a real server, with a role that may look and signal.
#pragma once
#include <QtTest>
#include <memory>

#include "inspection/connection.h"
#include "plugins/engines/postgres/engine.h"
#include "tests/support/othersession.h"
#include "ui/query/sqlpane.h"

namespace tocsin::ui {

using support::OtherSession;

/// What a test of the pane is built on: derive, and call the three from the slots of their names.
class SqlPaneFixture : public QObject {
protected:
    void startServer() {
        qRegisterMetaType<Outcome>();
        m_theme.applyTo(*qApp);
        QCOMPARE(m_server.start(), QString());
        QCOMPARE(m_server.sql(QStringLiteral(
                     "CREATE EXTENSION pg_stat_statements; "
                     "CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret'; GRANT pg_monitor, "
                     "pg_signal_backend TO oncall; CREATE ROLE worker SUPERUSER; "
                     "CREATE TABLE content(id int PRIMARY KEY, status text); INSERT INTO content "
                     "SELECT g, 'READY' FROM generate_series(1, 100) g; GRANT SELECT, UPDATE ON "
                     "content TO oncall;")),
                 QString());
    }
    void openPane() {
        m_connection = connectionNamed(QStringLiteral("primary"));
        m_pane = std::make_unique<SqlPane>(m_theme, m_clock);
        m_pane->setConnections({m_connection.get()});
        m_pane->resize(650, 620);
        m_pane->show();
    }
    void closePane() {
        m_pane.reset();
        m_connection.reset();
    }
    std::unique_ptr<inspection::Connection> connectionNamed(const QString& name,
                                                            const QVariantMap& more = {}) {
        Settings settings;
        settings.values = more;
        settings.name = name;
        settings.kind = QStringLiteral("postgres");
        if (!more.contains(QStringLiteral("url")))
            settings.values[QStringLiteral("url")] = m_server.url(QStringLiteral("oncall"));
        settings.secrets[QStringLiteral("password")] = Secret(QStringLiteral("oncall-secret"));
        const auto made = [this, target = *postgres::targetFrom(settings)] {
            return std::make_unique<postgres::PostgresEngine>(target, m_clock);
        };
        auto connection = std::make_unique<inspection::Connection>(
            inspection::connectionInfo(settings), made(), Error{}, m_clock);
        connection->setSide(made);
        return connection;
    }
    template <typename T>
    T* part(const char* name) {
        return m_pane->findChild<T*>(QString::fromLatin1(name));
    }
    Outcome outcome(QSignalSpy& spy) { return spy.takeFirst()[0].value<Outcome>(); }

    SystemClock m_clock;
    theme::Theme m_theme{theme::Mode::Dark};
    support::PostgresServer m_server{
        {.settings = {QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"),
                      QStringLiteral("max_prepared_transactions = 2"),
                      QStringLiteral("track_activity_query_size = 4096")}}};
    std::unique_ptr<inspection::Connection> m_connection;
    std::unique_ptr<SqlPane> m_pane;
};

}  // namespace tocsin::ui
