#pragma once
#include <QString>
#include <memory>
#include <optional>

namespace tocsin::store {

/// The signs that the owner of the engine lives, in a file beside the store: a lock of the kernel's
/// that is free again the moment its holder ends, however it ends; and a count that a holder moves
/// while its loop turns, because one that is stopped or hangs keeps its lock. Neither decides
/// anything: who the owner is stands in the store. Linux: F_OFD_SETLK of fcntl(2), one byte a
/// token, so that a new owner's sign never waits for one that was stopped.
class LifeSign {
public:
    /// Takes the sign of `token`. Null when the file cannot be made, or the sign is held already.
    static std::unique_ptr<LifeSign> take(const QString& file, qint64 token);
    ~LifeSign();  ///< gives it up; the file stays

    LifeSign(const LifeSign&) = delete;
    LifeSign& operator=(const LifeSign&) = delete;

    void beat();

    struct Seen {
        bool held = false;
        quint64 beats = 0;
        bool operator==(const Seen&) const = default;
    };
    /// The sign of `token` as another process sees it. Never waits.
    static Seen look(const QString& file, qint64 token);

private:
    LifeSign(int descriptor, qint64 token) : m_descriptor(descriptor), m_token(token) {}

    int m_descriptor;
    qint64 m_token;
    quint64 m_beats = 0;
};

}  // namespace tocsin::store
