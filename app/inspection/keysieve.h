#pragma once
#include <QByteArrayList>
#include <QObject>
#include <QPointer>
#include <optional>

#include "sdk/clock.h"
#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::inspection {

class Connection;

/// What a key must be beside its name and type. SCAN cannot tell: each key is asked.
struct KeyFilter {
    enum class Expiry { Any, Never, Within };

    Expiry expiry = Expiry::Any;
    std::chrono::milliseconds within{0};  ///< expires sooner than this
    qint64 leastBytes = 0;                ///< by MEMORY USAGE; 0: any

    bool asksExpiry() const { return expiry != Expiry::Any; }
    bool asksSize() const { return leastBytes > 0; }
    bool asks() const { return asksExpiry() || asksSize(); }
    bool fitsExpiry(qint64 pttl) const;
    bool fitsSize(qint64 bytes) const { return bytes >= leastBytes; }
};

/// What sifting has cost so far.
struct SieveCost {
    qint64 expiriesAsked = 0;  ///< PTTL
    qint64 sizesAsked = 0;     ///< MEMORY USAGE, which looks at five elements
    std::chrono::microseconds longestTurn{0};
};

/// Lets through which of some keys a filter wants. PTTL is asked first, and MEMORY USAGE only of
/// keys that it left, many in one turn; a turn that held the server longer than two milliseconds
/// above `idlePing` makes the next one smaller, and where the smallest is still slow each waits for
/// others. Neither question counts as a use of the key. GUI thread.
class KeySieve : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives this.
    KeySieve(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Forgets what it cost before.
    void setFilter(const KeyFilter& filter, std::chrono::microseconds idlePing);
    /// How long nothing takes, above which the time of a turn counts.
    void setIdlePing(std::chrono::microseconds idlePing) { m_idlePing = idlePing; }
    const KeyFilter& filter() const { return m_filter; }
    const SieveCost& cost() const { return m_cost; }

    /// passed() any number of times, then sifted(). What was under way is forgotten.
    void sift(const QByteArrayList& keys);
    void cancel();

signals:
    void passed(const QByteArrayList& keys);
    /// Nothing when every key was asked; else what went wrong.
    void sifted(const std::optional<tocsin::Error>& problem);

private:
    enum class Question { Expiry, Size };

    void turn();
    void ask(Question question, QByteArrayList& from);
    void take(Question question, const QByteArrayList& asked, ReplyView answers);
    void adapt(std::chrono::microseconds took);

    QPointer<Connection> m_connection;
    Clock& m_clock;
    KeyFilter m_filter;
    SieveCost m_cost;
    std::chrono::microseconds m_idlePing{0};
    QByteArrayList m_unasked;  ///< neither question yet
    QByteArrayList m_fitting;  ///< whose size is still to be asked
    qsizetype m_atOnce = 0;
    std::chrono::milliseconds m_pause{0};
    quint64 m_round = 0;
};

}  // namespace tocsin::inspection
