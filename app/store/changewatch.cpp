#include "store/changewatch.h"

namespace tocsin::store {
namespace {
constexpr std::chrono::milliseconds kLookEvery{500};
}

ChangeWatch::ChangeWatch(Database& db, Clock& clock, QObject* parent)
    : QObject(parent), m_db(db), m_clock(clock) {
}

ChangeWatch::~ChangeWatch() {
    m_db.drain();
}

void ChangeWatch::start() {
    if (m_started) return;
    m_started = true;
    look();
}

void ChangeWatch::look() {
    m_db.read<qint64>([](Transaction& tx) -> Result<qint64> {
            auto query = tx.run(QStringLiteral("PRAGMA data_version"));
            if (!query) return tl::unexpected<Error>(query.error());
            return query->next() ? query->value(0).toLongLong() : 0;
        })
        .then(this, [this](const Result<qint64>& version) { heard(version); });
}

void ChangeWatch::heard(const Result<qint64>& version) {
    m_clock.callAfter(kLookEvery, this, [this] { look(); });
    if (!version) return;  // whoever reads next hears the same failure, with a place to show it
    const bool moved = m_version >= 0 && *version != m_version;
    m_version = *version;
    if (moved) emit changedElsewhere();
}

}  // namespace tocsin::store
