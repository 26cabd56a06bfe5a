#include "cli/redissizes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "cli/output.h"
#include "cli/rediskeys.h"
#include "inspection/replyjson.h"

namespace tocsin::cli {

using namespace Qt::StringLiterals;
using inspection::KeyFacts;
using inspection::PrefixShare;

namespace {

constexpr qsizetype kShownKeys = 50;
constexpr qsizetype kShownPrefixes = 50;

QString kilobytes(qint64 bytes) {
    return u"%1 kB"_s.arg(static_cast<double>(bytes) / 1024.0, 0, 'f', 1);
}

QString expiryWord(qint64 expiresIn) {
    return expiresIn < 0 ? u"never"_s : age(expiresIn / 1000);
}

template <typename T>
QVector<T> firstOf(const QVector<T>& all, qsizetype most) {
    return all.first(std::min(all.size(), most));
}

QVector<KeyFacts> heaviestFirst(QVector<KeyFacts> keys) {
    std::stable_sort(keys.begin(), keys.end(), [](const KeyFacts& one, const KeyFacts& other) {
        return one.memory > other.memory;
    });
    return firstOf(keys, kShownKeys);
}

void printTables(const QVector<PrefixShare>& shares, const QVector<KeyFacts>& keys) {
    QVector<QStringList> prefixes{
        {u"PREFIX"_s, u"MEASURED"_s, u"THEIR SIZE"_s, u"OF ALL, ABOUT"_s, u"NEVER EXPIRE"_s}};
    for (const PrefixShare& share : shares)
        prefixes << QStringList{QString::fromUtf8(share.prefix), QString::number(share.sampled),
                                kilobytes(share.memory), kilobytes(share.memoryInAll),
                                QString::number(share.withoutExpiry)};
    QVector<QStringList> heaviest{{u"KEY"_s, u"SIZE"_s, u"TYPE"_s, u"EXPIRES IN"_s}};
    for (const KeyFacts& facts : keys)
        heaviest << QStringList{QString::fromUtf8(facts.key), kilobytes(facts.memory), facts.type,
                                expiryWord(facts.expiresIn)};
    print(table(prefixes));
    print(u'\n' + table(heaviest));
}

QJsonArray sharesJson(const QVector<PrefixShare>& shares) {
    QJsonArray all;
    for (const PrefixShare& share : shares)
        all << QJsonObject{{u"prefix"_s, inspection::exactJson(share.prefix)},
                           {u"measured"_s, share.sampled},
                           {u"bytes"_s, share.memory},
                           {u"bytesInAll"_s, share.memoryInAll},
                           {u"neverExpire"_s, share.withoutExpiry}};
    return all;
}

QJsonArray keysJson(const QVector<KeyFacts>& keys) {
    QJsonArray all;
    for (const KeyFacts& facts : keys)
        all << QJsonObject{
            {u"key"_s, inspection::exactJson(facts.key)},
            {u"type"_s, facts.type},
            {u"bytes"_s, facts.memory},
            {u"expiresInMs"_s, facts.expiresIn < 0 ? QJsonValue() : QJsonValue(facts.expiresIn)}};
    return all;
}

}  // namespace

RedisSizes::RedisSizes(inspection::Connection& connection, Clock& clock, bool json, Ended ended)
    : m_walk(connection, clock),
      m_sizes(connection, clock),
      m_json(json),
      m_ended(std::move(ended)) {
    connect(&m_walk, &inspection::KeyWalk::keysArrived, this, [this](const QByteArrayList& keys) {
        for (const QByteArray& key : keys)
            m_sample.offer(key);
    });
    connect(&m_walk, &inspection::KeyWalk::ended, this,
            [this](const std::optional<Error>& problem) {
                problem ? end(problem) : m_sizes.measure(m_sample.kept());
            });
    connect(&m_sizes, &inspection::KeySizes::ended, this,
            [this](const std::optional<Error>& problem) {
                if (!problem) printSizes();
                end(problem);
            });
}

void RedisSizes::show(const QByteArray& pattern) {
    m_walk.start(pattern);
}

void RedisSizes::printSizes() const {
    const auto& measured = m_sizes.measured();
    const auto shares =
        firstOf(inspection::sharesOf(measured, m_sizes.standsFor(m_sample.offered()),
                                     QByteArrayLiteral(":")),
                kShownPrefixes);
    const auto keys = heaviestFirst(measured);
    if (m_json)
        return print(QJsonDocument(QJsonObject{{u"measured"_s, measured.size()},
                                               {u"found"_s, m_sample.offered()},
                                               {u"forbidden"_s, m_sizes.forbidden()},
                                               {u"prefixes"_s, sharesJson(shares)},
                                               {u"keys"_s, keysJson(keys)}}));
    if (!keys.isEmpty()) printTables(shares, keys);
    const QString kept = m_sizes.forbidden() == 0
                             ? QString()
                             : u", %1 of which are kept from this user"_s.arg(m_sizes.forbidden());
    complain(u"%1 measured, a fair sample of the %2 found among %3%4."_s.arg(measured.size())
                 .arg(m_sample.offered())
                 .arg(allKeys(m_walk.progress()), kept));
}

void RedisSizes::end(const std::optional<Error>& problem) {
    if (const Ended ended = std::exchange(m_ended, nullptr)) ended(problem);
}

}  // namespace tocsin::cli
