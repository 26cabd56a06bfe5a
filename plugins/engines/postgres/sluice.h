#pragma once
#include <QByteArray>
#include <optional>

namespace tocsin::postgres {

/// Lets through what arrives on a socket in small measured pieces. libpq makes room for a whole row
/// as soon as it sees its beginning, and then one call of PQconsumeInput reads for as long as the
/// server keeps up: a gigabyte, on a local socket. Behind a sluice such a call ends with each
/// piece, whatever kind of socket it is and whether it is encrypted or not.
///
/// While it stands, the number of libpq's socket means one end of a pair, and the socket itself has
/// another number; nothing that libpq sends then would reach the server. One thread.
class Sluice {
public:
    /// Puts itself between `socket` and its server; does nothing where there are no descriptors.
    explicit Sluice(int socket);
    /// The socket has its number back. Only what is drained may be taken away.
    ~Sluice();
    Sluice(const Sluice&) = delete;
    Sluice& operator=(const Sluice&) = delete;

    bool stands() const { return m_server >= 0; }
    /// The number is not libpq's any more: it may be anybody's, and stays as it is.
    void abandon();
    /// What to poll instead of libpq's socket.
    int descriptor() const { return m_server; }
    /// Passes the next piece on, or the end of the connection.
    void pass();
    /// Of bytes, since it was put there or forgot().
    qint64 passed() const { return m_passed; }
    void forget() { m_passed = 0; }
    /// Whether libpq has taken all that was passed.
    bool isDrained() const;

private:
    void hand();

    int m_socket;
    int m_server = -1;
    int m_near = -1;
    qint64 m_passed = 0;
    QByteArray m_waiting;
};

}  // namespace tocsin::postgres
