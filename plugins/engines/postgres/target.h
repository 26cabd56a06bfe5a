#pragma once
#include <QByteArray>
#include <QMap>
#include <chrono>

#include "sdk/error.h"
#include "sdk/settings.h"

namespace tocsin::postgres {

/// Where to connect and under which limits, in libpq's own words.
struct Target {
    QString connection;                       ///< the workspace's name of it, for sentences
    QMap<QByteArray, QByteArray> parameters;  ///< libpq keywords; the password is among them
    QString host, port, database, user;
    bool hasPassword = false;
    QString ssh;        ///< "user@bastion", an alias of ssh's configuration; empty: no tunnel
    QString sshConfig;  ///< another configuration file than ssh's own
    std::chrono::milliseconds connectTimeout{5000};
    std::chrono::milliseconds statementTimeout{5000};
    std::chrono::milliseconds lockTimeout{1000};
    std::chrono::milliseconds idleTimeout{10000};
    bool keepsSpare = false;  ///< open a second connection and keep it

    QString address() const;  ///< "db:5432/app"
    /// The `options` start-up parameter that asks for read-only and the limits. What the URL brings
    /// stands before, so that ours wins.
    QByteArray startOptions() const;
};

/// Reads `url` or `keywords` with libpq's own parser, and the parts beside them (host, port,
/// database, user, sslmode and the certificates); what all leave out comes from libpq: the service
/// file, PG* variables, .pgpass. Errors: Config, also where an address and a part contradict.
Result<Target> targetFrom(const Settings& settings);

}  // namespace tocsin::postgres
