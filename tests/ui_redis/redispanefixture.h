// The Redis pane over a real server that holds a queue.
#pragma once
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>
#include <memory>

#include "inspection/connection.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"
#include "ui/query/redispane.h"

namespace tocsin::ui {

using inspection::Connection;

/// What a test of the pane is built on: derive, and call the three from the slots of their names.
class RedisPaneFixture : public QObject {
protected:
    void startServer() {
        m_theme.applyTo(*qApp);
        QCOMPARE(m_server.start(), QString());
        redis::test::Plain plain(m_server.port());
        plain.command({"RPUSH", "bull:mail:wait", "101", "102", "103"});
        plain.command({"HSET", "bull:mail:101", "name", "welcome", "timestamp", "1790000000000",
                       "failedReason", "SMTP 421: too many connections", "atm", "3"});
        plain.command({"ZADD", "bull:mail:failed", "1", "99"});
        plain.command({"CONFIG", "SET", "slowlog-log-slower-than", "0"});
        plain.command({"ZCARD", "bull:mail:failed"});
    }
    void openPane() {
        m_cache = made(QStringLiteral("cache"), m_server.port());
        m_other = made(QStringLiteral("staging"), 1, QStringLiteral("staging"));
        m_pane = std::make_unique<RedisPane>(m_theme, m_clock);
        m_pane->setConnections({m_cache.get(), m_other.get()});
        m_pane->resize(650, 760);
        m_pane->show();
    }
    void closePane() {
        m_pane.reset();
        m_cache.reset();
        m_other.reset();
    }
    std::unique_ptr<Connection> made(const QString& name, quint16 port,
                                     const QString& environment = QStringLiteral("production")) {
        redis::Address address = redis::test::addressOfPort(port);
        address.name = name;
        inspection::ConnectionInfo info;
        info.name = name;
        info.kind = QStringLiteral("redis");
        info.place = address.place();
        info.environment = environment;
        return std::make_unique<Connection>(info, std::make_unique<redis::Engine>(address, m_clock),
                                            Error{}, m_clock);
    }
    template <typename T>
    T* child(const char* name) {
        auto* found = m_pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s", name);
        return found;
    }
    Outcome outcome(const QString& command, const QString& connection = QStringLiteral("cache")) {
        QSignalSpy ran(m_pane.get(), &RedisPane::ran);
        m_pane->run(connection, command);
        if (ran.isEmpty() && !ran.wait(20'000)) qFatal("ran() never came");
        return ran.first().first().value<Outcome>();
    }
    /// Walks for `pattern` and waits for the end.
    void openKeys(const QString& pattern = QStringLiteral("*")) {
        child<QTabWidget>("redisTabs")->setCurrentIndex(2);
        child<QLineEdit>("redisKeyPattern")->setText(pattern);
        auto* walk = child<QPushButton>("redisKeyWalk");
        child<QLabel>("redisKeysStatus")->clear();  // of the walk before
        walk->click();
        QTRY_VERIFY(
            child<QLabel>("redisKeysStatus")->text().contains(QStringLiteral("found among")));
        QTRY_VERIFY(child<QTreeView>("redisKeys")->model()->rowCount() > 0);
    }
    /// Opens the only group and chooses the only key in it.
    void chooseKey() {
        auto* tree = child<QTreeView>("redisKeys");
        const QModelIndex group = tree->model()->index(0, 0);
        tree->expand(group);
        tree->setCurrentIndex(tree->model()->index(0, 0, group));
    }

    support::RedisServer m_server;
    SystemClock m_clock;
    theme::Theme m_theme{theme::Mode::Dark};
    std::unique_ptr<Connection> m_cache, m_other;
    std::unique_ptr<RedisPane> m_pane;
};

}  // namespace tocsin::ui
