#pragma once
#include <QJsonArray>
#include <QStringList>
#include <QVector>

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
/// Whether the answer can be one to that; else it is a refusal, or nothing that is known.
bool isRedisList(const QString& name, ReplyView reply);
/// What the answers say.
RedisList redisListOf(const QString& name, ReplyView reply);

}  // namespace tocsin::cli
