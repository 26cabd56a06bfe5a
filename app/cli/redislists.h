#pragma once
#include <QJsonArray>
#include <QStringList>
#include <QVector>

#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::cli {

/// A list that a Redis keeps about itself, as one look prints it.
struct RedisList {
    QVector<QStringList> rows;  ///< the first is the heading; none where words say it all
    QJsonArray json;
    QString words = {};
};

/// "slowlog", "clients", "latency", "settings", "channels", "doctors".
QStringList redisListNames();
/// What is asked for it.
QString redisListScript(const QString& name);
/// What the answers say. Errors: Refused, also by an answer that is none to that: nobody may take
/// it for an empty list.
Result<RedisList> redisListOf(const QString& name, ReplyView reply);

}  // namespace tocsin::cli
