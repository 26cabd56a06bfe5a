#include "cli/rediskeys.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "cli/output.h"
#include "inspection/harmless.h"
#include "inspection/replyjson.h"

namespace tocsin::cli {

using namespace Qt::StringLiterals;

QString allKeys(const inspection::WalkProgress& progress) {
    return progress.keysInAll < 0 ? u"an unknown number of keys"_s
                                  : u"%1 keys"_s.arg(progress.keysInAll);
}

RedisKeys::RedisKeys(inspection::Connection& connection, Clock& clock, bool json, Ended ended)
    : m_walk(connection, clock), m_json(json), m_ended(std::move(ended)) {
    connect(&m_walk, &inspection::KeyWalk::keysArrived, this, &RedisKeys::take);
    connect(&m_walk, &inspection::KeyWalk::ended, this,
            [this](const std::optional<Error>& problem) {
                if (!problem) finish();
                if (const Ended done = std::exchange(m_ended, nullptr)) done(problem);
            });
}

void RedisKeys::show(const QByteArray& pattern, const QByteArray& type,
                     const inspection::KeyFilter& filter) {
    m_walk.start(pattern, type, filter);
}

void RedisKeys::take(const QByteArrayList& keys) {
    if (m_json) return void(m_keys += keys);
    for (const QByteArray& key : keys)
        print(inspection::harmless(QString::fromUtf8(key)));
}

void RedisKeys::finish() {
    const auto& progress = m_walk.progress();
    if (!m_json)
        return complain(u"%1 found among %2."_s.arg(progress.keysFound).arg(allKeys(progress)));
    QJsonArray keys;
    for (const QByteArray& key : std::as_const(m_keys))
        keys << inspection::exactJson(key);
    print(QJsonDocument(QJsonObject{
        {u"keys"_s, keys},
        {u"keysInAll"_s, progress.keysInAll < 0 ? QJsonValue() : QJsonValue(progress.keysInAll)}}));
}

}  // namespace tocsin::cli
