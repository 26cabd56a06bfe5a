#include "inspection/keysample.h"

#include <QHash>
#include <algorithm>

#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr int kSampleQuestions = 3;

QByteArray prefixOf(const QByteArray& key, const QByteArray& separator, int depth) {
    qsizetype end = -1;
    for (int level = 0; level < depth && !separator.isEmpty(); ++level) {
        const qsizetype next = key.indexOf(separator, end < 0 ? 0 : end + separator.size());
        if (next < 0) break;
        end = next;
    }
    QByteArray out;
    bool wasDigit = false;
    for (const char c : end < 0 ? key : key.left(end)) {
        const bool isDigit = c >= '0' && c <= '9';
        if (!isDigit)
            out += c;
        else if (!wasDigit)
            out += '#';
        wasDigit = isDigit;
    }
    return end < 0 ? out : out + separator + '*';
}

}  // namespace

QString sampleScript(const QByteArrayList& keys) {
    QString script;
    for (const QByteArray& key : keys) {
        const QString word = redisWord(key);
        script += u"TYPE "_s + word + u"\nPTTL "_s + word + u"\nMEMORY USAGE "_s + word + u'\n';
    }
    return script;
}

QVector<KeyFacts> readSample(const QByteArrayList& keys, ReplyView reply) {
    QVector<KeyFacts> out;
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const auto at = static_cast<std::size_t>(i) * kSampleQuestions;
        if (at + 2 >= reply.children().size()) break;
        const ReplyView memory = reply.children()[at + 2];
        if (memory.kind() != Reply::Kind::Integer || memory.text().toLongLong() < 0) continue;
        KeyFacts facts;
        facts.key = keys[i];
        facts.type = QString::fromUtf8(reply.children()[at].text());
        facts.expiresIn = reply.children()[at + 1].text().toLongLong();
        facts.memory = memory.text().toLongLong();
        out << facts;
    }
    return out;
}

/// xorshift64*; a sample needs no better.
quint64 Reservoir::random() {
    m_state ^= m_state >> 12;
    m_state ^= m_state << 25;
    m_state ^= m_state >> 27;
    return m_state * 0x2545F4914F6CDD1DULL;
}

void Reservoir::offer(const QByteArray& key) {
    ++m_offered;
    if (m_kept.size() < m_most) {
        m_kept << key;
        return;
    }
    const auto at = static_cast<qsizetype>((random() >> 11) % static_cast<quint64>(m_offered));
    if (at < m_most) m_kept[at] = key;
}

QVector<PrefixShare> sharesOf(const QVector<KeyFacts>& sample, qint64 keysInAll,
                              const QByteArray& separator, int depth) {
    QHash<QByteArray, PrefixShare> byPrefix;
    for (const KeyFacts& facts : sample) {
        const QByteArray prefix = prefixOf(facts.key, separator, depth);
        PrefixShare& share = byPrefix[prefix];
        share.prefix = prefix;
        ++share.sampled;
        share.memory += facts.memory;
        share.withoutExpiry += facts.expiresIn == -1 ? 1 : 0;
    }
    QVector<PrefixShare> out(byPrefix.cbegin(), byPrefix.cend());
    const double scale =
        sample.isEmpty() ? 0 : static_cast<double>(keysInAll) / static_cast<double>(sample.size());
    for (PrefixShare& share : out)
        share.memoryInAll = static_cast<qint64>(static_cast<double>(share.memory) * scale);
    std::sort(out.begin(), out.end(), [](const PrefixShare& a, const PrefixShare& b) {
        return a.memory == b.memory ? a.prefix < b.prefix : a.memory > b.memory;
    });
    return out;
}

}  // namespace tocsin::inspection
