#pragma once
#include <QObject>
#include <QPointer>

#include "inspection/keysample.h"
#include "sdk/clock.h"

namespace tocsin::inspection {

class Connection;

/// Asks for the sizes of some keys, a few at a time with a breath between, so that a server under
/// load does not feel it. GUI thread.
class KeySizes : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives this. A connection that dies ends it.
    KeySizes(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Forgets what was measured before.
    void measure(const QByteArrayList& keys);
    void cancel();
    bool isMeasuring() const { return m_measuring; }
    qsizetype asked() const { return m_at; }
    const QVector<KeyFacts>& measured() const { return m_measured; }
    /// Keys that this user may not look at; they are not among the measured.
    qint64 forbidden() const { return m_forbidden; }
    /// What the measured ones are a sample of, of `keys` that were found.
    qint64 standsFor(qint64 keys) const;
    /// What the server spent on it, waiting for its line included.
    std::chrono::microseconds took() const { return m_took; }

signals:
    void progressed();
    void ended(const std::optional<tocsin::Error>& problem);

private:
    void step();
    void end(const std::optional<Error>& problem);

    QPointer<Connection> m_connection;
    Clock& m_clock;
    QByteArrayList m_keys;
    QVector<KeyFacts> m_measured;
    qsizetype m_at = 0;
    qint64 m_forbidden = 0;
    std::chrono::microseconds m_took{0};
    quint64 m_round = 0;
    bool m_measuring = false;
};

}  // namespace tocsin::inspection
