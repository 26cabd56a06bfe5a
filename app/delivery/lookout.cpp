#include "delivery/lookout.h"

#include "sdk/async.h"

namespace tocsin::delivery {
namespace {

constexpr std::chrono::seconds kEvery{15};
constexpr std::chrono::hours kYoung{24};

}  // namespace

Lookout::Lookout(store::Database& db, Clock& clock, Dispatcher& dispatcher, QObject* parent)
    : QObject(parent), m_db(db), m_clock(clock), m_dispatcher(dispatcher) {
}

Lookout::~Lookout() {
    m_db.drain();
}

void Lookout::start(const store::Fence& fence) {
    m_fence = fence;
    ++m_run;
    wait();
}

void Lookout::stop() {
    ++m_run;
}

void Lookout::wait() {
    m_clock.callAfter(kEvery, this, [this, run = m_run] {
        if (run != m_run) return;
        for (const QString& channel : m_dispatcher.channels())
            lookAtNext(channel);
        wait();
    });
}

Result<std::optional<Lookout::Subject>> Lookout::choose(store::Transaction& tx,
                                                        const QString& channel,
                                                        const QDateTime& now) {
    const QDateTime since =
        now.addMSecs(-std::chrono::duration_cast<std::chrono::milliseconds>(kYoung).count());
    auto entry = Ledger::longestNotLookedAt(tx, channel, since);
    if (!entry) return tl::unexpected<Error>(entry.error());
    if (!*entry) return std::optional<Subject>();
    Subject subject{**entry, {(*entry)->remoteId, {}}};
    if (!subject.entry.message.thread.isEmpty()) {
        auto starter = Ledger::confirmedAs(tx, channel, subject.entry.message.thread);
        if (!starter) return tl::unexpected<Error>(starter.error());
        if (*starter) subject.target.starter = (*starter)->remoteId;
    }
    return std::optional<Subject>(subject);
}

void Lookout::lookAtNext(const QString& channel) {
    if (!m_dispatcher.notifier(channel) || m_dispatcher.problem(channel)) return;
    whenDone(
        m_db.read<std::optional<Subject>>([channel, now = m_clock.now()](store::Transaction& tx) {
            return choose(tx, channel, now);
        }),
        this, [this](const Result<std::optional<Subject>>& subject) {
            if (subject && *subject) look(**subject);
        });
}

void Lookout::look(const Subject& subject) {
    Notifier* notifier = m_dispatcher.notifier(subject.entry.channel);
    if (!notifier) return;
    whenDone(notifier->look(subject.entry.message, subject.target), this,
             [this, entry = subject.entry](const Result<Sighting>& sighting) {
                 // What cannot be asked now is unknown, and its turn comes again.
                 if (!sighting || *sighting == Sighting::AsSent) return noteAsSent(entry);
                 emit noticed(entry, *sighting);
             });
}

void Lookout::noteAsSent(const Entry& entry) {
    (void)m_db.write<Entry>(m_fence, [id = entry.id, now = m_clock.now()](store::Transaction& tx) {
        return Ledger::looked(tx, id, Sighting::AsSent, now);
    });
}

}  // namespace tocsin::delivery
