#pragma once
#include <QByteArrayList>
#include <QVector>

#include "inspection/keyreading.h"

namespace tocsin::inspection {

/// Types, sizes and lifetimes of some keys, in one round trip; MEMORY USAGE looks at five elements
/// of each.
QString sampleScript(const QByteArrayList& keys);
/// In the order of `keys`; those that are gone meanwhile are left out.
QVector<KeyFacts> readSample(const QByteArrayList& keys, ReplyView reply);

/// Keeps at most `most` of everything that was offered, each with the same chance: a fair sample
/// of a walk of unknown length, in constant memory.
class Reservoir {
public:
    explicit Reservoir(qsizetype most = 1000, quint32 seed = 1) : m_most(most), m_state(seed | 1) {}
    void offer(const QByteArray& key);
    qint64 offered() const { return m_offered; }
    const QByteArrayList& kept() const { return m_kept; }

private:
    quint64 random();

    qsizetype m_most;
    quint64 m_state;
    qint64 m_offered = 0;
    QByteArrayList m_kept;
};

/// What keys that begin alike take together, reckoned up from a sample.
struct PrefixShare {
    QByteArray prefix;
    qint64 sampled = 0;
    qint64 memory = 0;       ///< bytes of the sampled ones
    qint64 memoryInAll = 0;  ///< reckoned for all keys
    qint64 withoutExpiry = 0;
};
/// The heaviest first. A prefix is what stands before the `depth`-th separator; digits in it are
/// one and the same, so that user:1 and user:2 are not two groups.
QVector<PrefixShare> sharesOf(const QVector<KeyFacts>& sample, qint64 keysInAll,
                              const QByteArray& separator, int depth = 2);

}  // namespace tocsin::inspection
