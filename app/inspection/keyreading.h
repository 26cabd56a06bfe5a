#pragma once
#include <QByteArray>
#include <QStringList>
#include <QVector>
#include <optional>

#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::inspection {

/// What one key is, asked in one round trip before any of its value.
struct KeyFacts {
    QByteArray key;
    QString type;           ///< "hash", "string" …; "none": there is no such key
    QString encoding;       ///< "listpack", "embstr" …
    qint64 expiresIn = -1;  ///< ms; -1: never, -2: there is no such key
    qint64 size = 0;        ///< elements, or bytes of a string
    qint64 memory = -1;     ///< bytes; -1: not asked or not told
};

/// TYPE, PTTL, OBJECT ENCODING and every size; `withMemory` adds MEMORY USAGE.
QString factsScript(const QByteArray& key, bool withMemory);
KeyFacts readFacts(const QByteArray& key, ReplyView reply);

/// Where a page of a value begins: an index, or a cursor or id of the server's.
struct ValuePosition {
    qint64 from = 0;
    QByteArray cursor = {};
};

/// A page of a value as rows. Column names by type; of a string one row of bytes.
struct ValuePage {
    QStringList columns = {};
    QVector<QVector<QByteArray>> rows = {};
    std::optional<ValuePosition> next = {};  ///< nothing at the end
};
/// What reads a page: at most 200 elements, 64 kB of a string, 50 entries of a stream with its
/// groups, and fewer where an element is large on average (facts.memory: 8 MB); a hash or set as
/// SCAN hands it out. Empty for types without a viewer.
QString valueScript(const KeyFacts& facts, const ValuePosition& at = {});
/// Its answer. Errors: the server's own words, as when the key's type changed meanwhile.
Result<ValuePage> readValue(const KeyFacts& facts, const ValuePosition& at, ReplyView reply);

/// A stream's consumer groups: name, consumers, pending, last delivered, lag; from valueScript's
/// answer.
ValuePage readGroups(ReplyView reply);
/// Who reads in those groups, of the first twenty: their consumers, and what has waited longest for
/// an acknowledgement. Empty where there is no group.
QString consumersScript(const QByteArray& key, const ValuePage& groups);
/// The groups again, each followed by its consumers with what is pending and how long they were
/// idle.
ValuePage readConsumers(const ValuePage& groups, ReplyView reply);

}  // namespace tocsin::inspection
