#pragma once
#include <QtTest>
#include <memory>

#include "plugins/engines/postgres/engine.h"
#include "tests/support/postgresserver.h"

namespace tocsin::postgres {

inline Settings settingsFor(const QString& url, const QString& password = {}) {
    Settings settings;
    settings.name = QStringLiteral("primary");
    settings.kind = QStringLiteral("postgres");
    settings.values[QStringLiteral("url")] = url;
    if (!password.isEmpty()) settings.secrets[QStringLiteral("password")] = Secret(password);
    return settings;
}

inline std::unique_ptr<PostgresEngine> engineFor(const QString& url, Clock& clock,
                                                 const QString& password = {}) {
    auto target = targetFrom(settingsFor(url, password));
    return target ? std::make_unique<PostgresEngine>(std::move(*target), clock) : nullptr;
}

/// Runs the event loop until the future has its answer.
template <typename T>
T awaited(QFuture<T> future) {
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 60000))
        qFatal("no answer within a minute");
    return future.result();
}

inline Result<QueryResult> ran(QueryEngine& engine, const QString& sql,
                               std::optional<Unlock> unlock = {}) {
    Query query;
    query.text = sql;
    query.unlock = std::move(unlock);
    return awaited(engine.run(query));
}

inline QString cellText(const ResultSet& set, qsizetype row, qsizetype column) {
    const auto cell = set.cell(row, column);
    return cell ? QString::fromUtf8(*cell) : QStringLiteral("<null>");
}

}  // namespace tocsin::postgres
