#pragma once
#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <optional>

#include "sdk/error.h"

namespace tocsin::inspection {

class Connection;

/// Counts the bits of a bitmap with BITCOUNT, two megabytes at a time: about a millisecond of the
/// server's each, with a turn for others between. GUI thread.
class BitCount : public QObject {
    Q_OBJECT
public:
    explicit BitCount(QObject* parent = nullptr) : QObject(parent) {}

    /// `bytes` is the length of the string. What was under way is forgotten.
    void count(Connection* connection, const QByteArray& key, qint64 bytes);
    void cancel();
    bool isCounting() const { return m_isCounting; }
    qint64 set() const { return m_set; }     ///< bits that are 1, in what was counted
    qint64 counted() const { return m_at; }  ///< bytes
    qint64 lengthInBits() const { return m_bytes * 8; }

signals:
    void progressed();
    void ended(const std::optional<tocsin::Error>& problem);

private:
    void step();
    void end(const std::optional<Error>& problem);

    QPointer<Connection> m_connection;
    QByteArray m_key;
    qint64 m_bytes = 0;
    qint64 m_at = 0;
    qint64 m_set = 0;
    quint64 m_round = 0;
    bool m_isCounting = false;
};

}  // namespace tocsin::inspection
