#pragma once
#include <QJsonArray>
#include <QStringList>
#include <QVector>

#include "sdk/reply.h"

namespace tocsin::cli {

/// A list that a Redis keeps about itself, as one look prints it.
struct RedisList {
    QVector<QStringList> rows;  ///< the first is the heading
    QJsonArray json;
};

/// "slowlog", "clients", "latency", "settings".
QStringList redisListNames();
/// What is asked for it.
QString redisListScript(const QString& name);
/// What the answers say.
RedisList redisListOf(const QString& name, ReplyView reply);

}  // namespace tocsin::cli
