#pragma once
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace tocsin::postgres {

/// How another thread reaches the session's thread while it waits on the wire: a number up to
/// which runs are cancelled, and a descriptor to poll. Judgements have numbers of their own, above
/// all runs': a person's cancel does not mean them, but they make way for what comes after them.
/// All functions are thread-safe.
class Interrupt {
public:
    static constexpr std::uint64_t kJudgements = std::uint64_t{1} << 63;

    Interrupt() : m_wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    ~Interrupt() { ::close(m_wake); }
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Cancels every run up to and including `run`.
    void cancelUpTo(std::uint64_t run) {
        m_cancelled.store(run);
        ring();
    }
    /// Drops every judgement up to and including `judgement`: its answer is no longer worth waiting
    /// for.
    void dropUpTo(std::uint64_t judgement) {
        m_dropped.store(judgement);
        ring();
    }
    /// Everything ends now: the engine goes away.
    void finish() {
        m_finished.store(true);
        ring();
    }
    bool isFinished() const { return m_finished.load(); }
    bool isCancelled(std::uint64_t run) const {
        return m_finished || (run > kJudgements ? m_dropped : m_cancelled).load() >= run;
    }

    int descriptor() const { return m_wake; }
    /// Session thread: makes the descriptor quiet again.
    void drain() {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto size = ::read(m_wake, &count, sizeof count);
    }

private:
    void ring() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto size = ::write(m_wake, &one, sizeof one);
    }

    int m_wake;
    std::atomic<std::uint64_t> m_cancelled{0};
    std::atomic<std::uint64_t> m_dropped{0};
    std::atomic<bool> m_finished{false};
};

}  // namespace tocsin::postgres
